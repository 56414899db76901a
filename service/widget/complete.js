// What the visitor may mean while they write: questions, headings, names and numbers of the report that is asked. It is
// matched here: what is not asked leaves no browser.

import { button, el } from "./dom.js";
import { fill, shown } from "./text.js";

const MOST = 5;
const ARTICLE = /^و?ال(?=..)/;

// "٢١ك" → ["21", "ك"]; letters without their marks, digits of one kind
function wordsOf(text) {
  const plain = text.normalize("NFKD").replace(/[\p{M}ـ]/gu, "").replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) % 16);
  return (plain.toLowerCase().match(/\d+|\p{L}+/gu) ?? []).map((word) => word.replace(ARTICLE, ""));
}

export class Completer {
  #chat;
  #input;
  #at = -1;

  // `pick(text)` is what choosing one does.
  constructor(chat, input, pick) {
    this.#chat = chat;
    this.#input = input;
    this.pick = pick;
    this.list = el("ul.options", { id: "options", role: "listbox", "aria-label": chat.words.suggestions, hidden: true });
    input.addEventListener("input", () => this.#offer());
    input.addEventListener("blur", () => this.shut());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  }

  async #offer() {
    const { api, language, words } = this.#chat;
    const known = (await api.completions(language).catch(() => null)) ?? [];
    const written = this.#input.value;
    const wanted = wordsOf(written);
    const fits = ({ text }) => {
      const own = wordsOf(text);
      return text !== written && wanted.every((begun) => own.some((word) => word.startsWith(begun)));
    };
    const isEnough = /\d|../.test(wanted.join(""));
    const found = isEnough ? known.filter(fits).slice(0, MOST) : [];
    this.list.replaceChildren(...found.map(({ text, about }, i) => this.#option(text, about, i)));
    this.#move(-1);
    this.list.hidden = !found.length;
    if (found.length) this.#chat.announce(fill(words.offered, found.length));
  }

  #option(text, about, i) {
    const attributes = { role: "option", id: `option-${i}`, tabindex: "-1", dir: "auto" };
    return button(".option", attributes, () => this.pick(text), shown(text), about && el("small", null, shown(about)));
  }

  #move(at) {
    this.#at = at;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", i === at));
    if (at < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `option-${at}`);
  }

  shut() {
    this.list.hidden = true;
    this.#move(-1);
  }

  // Whether the key was one for the list.
  key({ key }) {
    const count = this.list.childElementCount;
    if (this.list.hidden) return false;
    if (key === "Escape") this.shut();
    else if (key === "ArrowDown") this.#move((this.#at + 1) % count);
    else if (key === "ArrowUp") this.#move((Math.max(this.#at, 0) + count - 1) % count);
    else if (key === "Enter" && this.#at >= 0) this.list.children[this.#at].click();
    else return false;
    return true;
  }
}
