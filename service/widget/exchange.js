// A question and its answer in the list of messages: drawn as it comes in, each piece once, always at the end.

import { drawCard, emphasised, isUnofficial } from "./card.js";
import { PENCIL, button, el, icon, refocus } from "./dom.js";
import { docxLink, footnoted, markedLink, put, shareLink } from "./take.js";
import { fill, gathered, languageOf, nameOf, shown, turned, withReport } from "./text.js";
import { frame, other } from "./words.js";

const placeOf = ({ report, ref }) => `${report} ${ref}`;
const LEVELS = ["doubtful", "likely", "sure"];
const MOST_OPEN = 6; // of the parts of an overview, one with more statements is folded

export class ExchangeView {
  #chat;
  #exchange;
  #drawn = []; // {key, block}: what stands between the top and the end
  #end = null;
  #open = null;
  #named = null; // the question as it stands above the answer
  #turned = false; // the same citations, in the other language

  constructor(chat, exchange) {
    this.#chat = chat;
    this.#exchange = exchange;
    const { words } = chat;
    this.question = el("li.question", { part: "message question", tabindex: "-1" });
    this.doubt = el("p.notice.doubt", { ...frame(chat), hidden: true }, words.doubtful);
    this.brief = el("p.brief", { hidden: true });
    this.answer = el(
      "li.answer",
      { part: "message answer", dir: "auto", tabindex: "-1" },
      el("span.unseen", null, words.answered),
      this.doubt,
      this.brief,
    );
    this.related = el("div.related"); // what may be asked next; seen below the last answer alone
    chat.relate(this.related);
    this.update();
  }

  remove() {
    this.question.remove();
    this.answer.remove();
  }

  #name() {
    const { words } = this.#chat;
    const { question } = this.#exchange;
    this.#named = question;
    const edit = button(".shut.edit", { "aria-label": words.edit }, () => this.#edit(), icon(PENCIL));
    const name = el("h2", { lang: languageOf(question), dir: "auto" }, shown(question));
    refocus(this.question, () => this.question.replaceChildren(el("span.unseen", null, words.asked), name, edit));
  }

  // The question in a field, in its place: Enter asks it, Escape leaves it as it was.
  #edit() {
    const { words } = this.#chat;
    const field = el("textarea", { rows: 1, dir: "auto", "aria-label": words.edit });
    field.value = this.#named;
    const back = () => this.#name();
    const ask = () => {
      const question = field.value.trim();
      if (!question) return;
      this.#named = null;
      this.#turned = false;
      this.#chat.edit(this.#exchange, question);
    };
    field.addEventListener("keydown", (event) => {
      const does = { Enter: !event.shiftKey && !event.isComposing && ask, Escape: back }[event.key];
      if (!does) return;
      event.preventDefault();
      event.stopPropagation();
      does();
    });
    this.question.replaceChildren(field, button(".quiet", null, ask, words.ask), button(".quiet", null, back, words.cancel));
    field.focus();
  }

  update() {
    const { answer, question } = this.#exchange;
    if (this.#named !== question) this.#name();
    const blocks = this.#blocks();
    refocus(this.answer, () => {
      this.#end?.remove(); // and made anew below what has come in, so that nothing on the screen moves
      const kept = this.#drawn.findIndex(({ key }, i) => key !== blocks[i]?.key);
      if (kept >= 0) {
        this.#shut();
        for (const { block } of this.#drawn.splice(kept)) block.remove();
      }
      for (const { key, draw } of blocks.slice(this.#drawn.length)) {
        const block = draw();
        this.answer.append(block);
        this.#drawn.push({ key, block });
      }
      this.doubt.hidden = !(answer?.certainty === LEVELS[0]);
      this.#lead(answer?.brief);
      this.#end = el("div.end", null, ...this.#ending());
      this.answer.append(this.#end);
    });
  }

  // The words that answer by themselves, first.
  #lead(brief) {
    this.brief.hidden = !brief || this.#turned;
    if (this.brief.hidden) return;
    this.brief.lang = this.#exchange.citations[brief.citation].language;
    this.brief.dir = "auto";
    this.brief.textContent = shown(brief.text);
  }

  // What is drawn, piece by piece, each with a key that changes with it: the parts of an overview, or the statements.
  #blocks() {
    const said = this.#said();
    const { answer } = this.#exchange;
    const parts = (answer?.sections ?? []).map(({ title, statements }) => [title, statements.map((at) => said[at])]);
    if (parts.length < 2) {
      const [title] = parts[0] ?? [];
      const heading = { key: title, draw: () => el("h3", { dir: "auto" }, shown(title)) };
      return [...(title ? [heading] : []), ...this.#together(said)];
    }
    return parts.map(([title, own]) => {
      const blocks = this.#together(own);
      const summary = el("summary", { dir: "auto" }, el("h3", null, shown(title)), ` (${own.length})`);
      const draw = () =>
        el("details", { open: own.length <= MOST_OPEN }, summary, ...blocks.map((block) => block.draw()));
      return { key: JSON.stringify([title, ...blocks.map(({ key }) => key)]), draw };
    });
  }

  // Statements that follow each other out of the same paragraphs stand together.
  #together(said) {
    const groups = [];
    for (const statement of said) {
      const last = groups.at(-1);
      if (last && last[0].places === statement.places) last.push(statement);
      else groups.push([statement]);
    }
    return groups.map((group) => ({
      key: JSON.stringify(group.map(({ text, cited, first }) => [text, cited, first?.spans])),
      draw: () => this.#statement(group),
    }));
  }

  #statement(group) {
    const [{ language, cited: places }] = group;
    const cited = [...new Set(group.flatMap(({ cited: own }) => own))].map((position) => this.#cited(position));
    const chips = el("div.chips");
    const prose = group.map(({ text, first }) => {
      const quote = first?.quote === text && first;
      return el("p.prose", { lang: language, dir: "auto" }, ...(quote ? emphasised(text, quote.start, quote.spans) : [shown(text)]));
    });
    const block = el("div.statement", frame({ language }), el("div.said", null, ...prose), chips);
    for (const place of new Set(places.map((position) => placeOf(this.#cited(position))))) {
      chips.append(this.#chip(gathered(cited.filter((citation) => placeOf(citation) === place)), block));
    }
    return block;
  }

  // The statements as they are shown: turned, each is what the other language says where it is cited.
  #said() {
    const { statements, citations } = this.#exchange;
    return statements.map(({ text, citations: all }) => {
      const cited = all.filter((position) => citations[position]); // those that have come in
      const first = cited.length ? this.#cited(cited[0]) : null;
      const quotes = this.#turned ? [...new Set(cited.map((position) => this.#cited(position).quote))] : [];
      const said = this.#turned ? quotes.join(" ") : text;
      const language = this.#turned ? first.language : languageOf(text);
      const places = cited.map((position) => placeOf(citations[position])).join();
      return { text: said, language, cited, first, places };
    });
  }

  #cited(position) {
    const citation = this.#exchange.citations[position];
    return this.#turned ? turned(citation) : citation;
  }

  #chip(citation, block) {
    const label = shown(withReport(citation, citation.label));
    const named = { "aria-label": shown(nameOf(this.#chat.words, citation)) };
    const cite = (chip) => this.#cite(chip, citation, block);
    return button(".chip", { part: "citation", "aria-expanded": "false", ...named }, cite, el("bdi", null, label));
  }

  #ending() {
    const { words } = this.#chat;
    const { status, fault, answer } = this.#exchange;
    if (status === "asking") return [el("p.looking", { tabindex: "-1" }, words.looking)];
    if (status !== "done") {
      const what = status === "failed" ? words.faults[fault] : words.stopped;
      return [el("p.fault", null, what), button(".retry", null, () => this.#chat.retry(this.#exchange), words.retry)];
    }
    return [
      ...(answer.answered ? [] : this.#refusal(answer)),
      this.#remarks(answer),
      this.#tools(answer),
      ...(answer.answered && answer.feedback ? [this.#verdict()] : []),
      this.related,
    ];
  }

  #refusal({ answer, passages }) {
    const { words } = this.#chat;
    const language = languageOf(answer);
    const near = passages.slice(0, 3).map((passage) => {
      const item = el("li");
      const label = el("bdi.number", frame(passage), shown(withReport(passage, passage.label)));
      const start = el("span.excerpt", frame(passage), shown(passage.quote ?? passage.text));
      const attributes = { part: "citation", "aria-expanded": "false" };
      item.append(button(".near", attributes, (pressed) => this.#cite(pressed, gathered([passage]), pressed), label, start));
      return item;
    });
    return [
      el("p.prose.refusal", { lang: language, dir: "auto" }, shown(answer)),
      ...(near.length ? [el("p.caption", null, words.nearest), el("ul", { role: "list" }, ...near)] : []),
    ];
  }

  #remarks({ answered, certainty, note }) {
    const { words } = this.#chat;
    const level = LEVELS.indexOf(certainty);
    const unofficial = this.#exchange.citations.map((_, i) => this.#cited(i)).find(isUnofficial);
    return el(
      "div.remarks",
      null,
      note && el("p", { lang: languageOf(note), dir: "auto" }, shown(note)),
      answered && el("p", null, level > 0 && el("span", null, words.confidence[level - 1]), unofficial && el("span", null, fill(words.unofficial, words.language[unofficial.language]))),
    );
  }

  // What can be done with an answer.
  #tools({ answered, language }) {
    const { api, words, again } = this.#chat;
    const exchange = this.#exchange;
    const cited = exchange.citations.map((_, i) => this.#cited(i));
    const can = answered && exchange.citations.every(turned);
    const next = other(this.#turned ? other(language) : language);
    const open = { target: "_blank", rel: "noopener" };
    return el(
      "div.tools",
      null,
      can && button(".quiet.turn", null, () => this.#turn(), words.show[next]),
      answered && button(".quiet", null, (pressed) => this.#take(pressed, footnoted(api, exchange, this.#said(), cited)), words.copyAnswer),
      button(".quiet", null, (pressed) => this.#take(pressed, { text: shareLink(this.#chat, exchange) }), words.share),
      answered && el("a.quiet", { href: docxLink(api, exchange, cited), download: true, ...open }, words.docx),
      answered && el("a.quiet", { href: markedLink(api, cited), ...open }, words.marked),
      button(".quiet", null, () => again(exchange, other(language)), words.again[other(language)]),
    );
  }

  #turn() {
    this.#turned = !this.#turned;
    this.update();
    this.#chat.announce(this.#said().map(({ text }) => text).join(" "));
  }

  async #take(pressed, what) {
    await put(this.#chat, pressed, what, this.#end);
  }

  // One tap, kept by the service where its operator asked for it.
  #verdict() {
    const { api, words } = this.#chat;
    const exchange = this.#exchange;
    if (exchange.verdict) return el("p.verdict", null, words.thanks);
    const tap = (verdict) => () => {
      exchange.verdict = verdict;
      api.feedback(exchange.answer, verdict).catch(() => {});
      this.#chat.announce(words.thanks);
      this.update();
    };
    const taps = Object.entries(words.verdicts).map(([verdict, said]) => button(".quiet", null, tap(verdict), said));
    return el("div.verdict", { role: "group", "aria-label": words.wasIt }, el("span", null, words.wasIt), ...taps);
  }

  // A second press on what opened a card shuts it; Escape does too.
  #cite(pressed, source, place) {
    const wasOpen = this.#open?.pressed === pressed;
    this.#shut();
    if (wasOpen) return;
    if (!this.#chat.emit("citation", { citation: source, url: this.#chat.api.url(source.url) }, true)) return;
    const card = drawCard(this.#chat, source, () => {
      this.#shut();
      pressed.focus();
    });
    place.after(card);
    pressed.setAttribute("aria-expanded", "true");
    this.#open = { pressed, card };
  }

  #shut() {
    this.#open?.card.remove();
    this.#open?.pressed.setAttribute("aria-expanded", "false");
    this.#open = null;
  }
}
