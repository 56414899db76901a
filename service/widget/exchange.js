// A question and its answer in the list of messages: drawn as it comes in, each piece once, always at the end.

import { drawCard, isUnofficial } from "./card.js";
import { button, el } from "./dom.js";
import { fill, languageOf, local, nameOf, shown, withReport } from "./text.js";
import { frame, other } from "./words.js";

const LIKELY = [0.65, 0.85];

export class ExchangeView {
  #chat;
  #exchange;
  #statements = [];
  #end = null;
  #open = null;

  constructor(chat, exchange) {
    this.#chat = chat;
    this.#exchange = exchange;
    const { words } = chat;
    const { question } = exchange;
    this.question = el(
      "li.question",
      { part: "message question" },
      el("span.unseen", null, words.asked),
      el("p", { lang: languageOf(question), dir: "auto" }, shown(question)),
    );
    this.answer = el("li.answer", { part: "message answer", dir: "auto" }, el("span.unseen", null, words.answered));
    this.update();
  }

  remove() {
    this.question.remove();
    this.answer.remove();
  }

  update() {
    const { statements, citations } = this.#exchange;
    this.#end?.remove(); // and made anew below what has come in, so that nothing on the screen moves
    if (this.#statements.some(({ text }, i) => text !== statements[i]?.text)) {
      for (const { block } of this.#statements.splice(0)) block.remove();
    }
    for (const { text, citations: cited } of statements.slice(this.#statements.length)) {
      const language = languageOf(text);
      const chips = el("div.chips");
      const said = el("p.prose", { lang: language, dir: "auto" }, shown(text));
      const block = el("div.statement", frame({ language }), said, chips);
      this.answer.append(block);
      this.#statements.push({ text, cited, chips, block });
    }
    for (const { cited, chips, block } of this.#statements) {
      for (const position of cited.slice(chips.childElementCount)) {
        if (citations[position]) chips.append(this.#chip(citations[position], block));
      }
    }
    this.#end = el("div.end", null, ...this.#ending());
    this.answer.append(this.#end);
  }

  #chip(citation, block) {
    const label = shown(withReport(citation, local(citation.label, citation.language)));
    const named = { "aria-label": shown(nameOf(this.#chat.words, citation)) };
    const cite = (chip) => this.#cite(chip, citation, block);
    return button(".chip", { part: "citation", "aria-expanded": "false", ...named }, cite, el("bdi", null, label));
  }

  #ending() {
    const { words } = this.#chat;
    const { status, fault, answer } = this.#exchange;
    if (status === "asking") return [el("p.looking", null, words.looking)];
    if (status !== "done") {
      const what = status === "failed" ? words.faults[fault] : words.stopped;
      return [el("p.fault", null, what), button(".retry", null, () => this.#chat.retry(this.#exchange), words.retry)];
    }
    return [...(answer.answered ? [] : this.#refusal(answer)), this.#remarks(answer)];
  }

  #refusal({ answer, passages }) {
    const { words } = this.#chat;
    const language = languageOf(answer);
    const near = passages.slice(0, 3).map((passage) => {
      const item = el("li");
      const label = el("bdi.number", frame(passage), shown(withReport(passage, local(passage.label, passage.language))));
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

  #remarks({ answered, confidence, language, note }) {
    const { words, again } = this.#chat;
    const level = LIKELY.filter((least) => confidence >= least).length;
    const unofficial = this.#exchange.citations.find(isUnofficial);
    return el(
      "div.remarks",
      null,
      note && el("p", { lang: languageOf(note), dir: "auto" }, shown(note)),
      answered && el("p", null, el("span", null, words.confidence[level]), el("span", null, unofficial && fill(words.unofficial, words.language[unofficial.language]))),
      button(".quiet", null, () => again(this.#exchange, other(language)), words.again[other(language)]),
    );
  }

  // A second press on what opened a card shuts it; Escape in the card does too.
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
