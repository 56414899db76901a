// A question and its answer in the list of messages: drawn as it comes in, each piece once, always at the end.

import { drawCard, isUnofficial } from "./card.js";
import { button, el, refocus } from "./dom.js";
import { docxLink, footnoted, markedLink, put, shareLink } from "./take.js";
import { fill, languageOf, nameOf, shown, turned, withReport } from "./text.js";
import { frame, other } from "./words.js";

const LEVELS = ["doubtful", "likely", "sure"];

export class ExchangeView {
  #chat;
  #exchange;
  #statements = [];
  #end = null;
  #open = null;
  #turned = false; // the same citations, in the other language

  constructor(chat, exchange) {
    this.#chat = chat;
    this.#exchange = exchange;
    const { words } = chat;
    const { question } = exchange;
    this.question = el(
      "li.question",
      { part: "message question" },
      el("span.unseen", null, words.asked),
      el("h2", { lang: languageOf(question), dir: "auto" }, shown(question)),
    );
    this.doubt = el("p.notice.doubt", { ...frame(chat), hidden: true }, words.doubtful);
    this.answer = el(
      "li.answer",
      { part: "message answer", dir: "auto", tabindex: "-1" },
      el("span.unseen", null, words.answered),
      this.doubt,
    );
    this.related = el("div.related"); // what may be asked next; seen below the last answer alone
    chat.relate(this.related);
    this.update();
  }

  remove() {
    this.question.remove();
    this.answer.remove();
  }

  update() {
    const { answer, citations } = this.#exchange;
    const statements = this.#said();
    refocus(this.answer, () => {
      this.#end?.remove(); // and made anew below what has come in, so that nothing on the screen moves
      if (this.#statements.some(({ text }, i) => text !== statements[i]?.text)) {
        this.#shut();
        for (const { block } of this.#statements.splice(0)) block.remove();
      }
      for (const { text, language, cited } of statements.slice(this.#statements.length)) {
        const chips = el("div.chips");
        const said = el("p.prose", { lang: language, dir: "auto" }, shown(text));
        const block = el("div.statement", frame({ language }), said, chips);
        this.answer.append(block);
        this.#statements.push({ text, cited, chips, block });
      }
      for (const { cited, chips, block } of this.#statements) {
        for (const position of cited.slice(chips.childElementCount)) {
          if (citations[position]) chips.append(this.#chip(this.#cited(position), block));
        }
      }
      this.doubt.hidden = !(answer?.certainty === LEVELS[0]);
      this.#end = el("div.end", null, ...this.#ending());
      this.answer.append(this.#end);
    });
  }

  // The statements as they are shown: turned, each is what the other language says where it is cited.
  #said() {
    const { statements } = this.#exchange;
    return statements.map(({ text, citations: cited }) => {
      const quotes = this.#turned ? [...new Set(cited.map((position) => this.#cited(position).quote))] : [];
      const said = this.#turned ? quotes.join(" ") : text;
      return { text: said, language: this.#turned ? this.#cited(cited[0]).language : languageOf(text), cited };
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
      item.append(button(".near", attributes, (pressed) => this.#cite(pressed, passage, pressed), label, start));
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
