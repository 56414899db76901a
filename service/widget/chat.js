// <fiqra-chat>: its attributes, methods and events, and what its panel is made of.

import { Api, FEW } from "./api.js";
import { Completer } from "./complete.js";
import { Conversation } from "./conversation.js";
import { CROSS, PILCROW, PLUS, button, el, icon, press } from "./dom.js";
import { ExchangeView } from "./exchange.js";
import { Memory } from "./memory.js";
import { fill, shown, tells, withReport } from "./text.js";
import styles from "./widget.css" with { type: "css" };
import { voice } from "./voice.js";
import { WORDS, other } from "./words.js";

const MAX_QUESTION = 2000;
const SUGGESTIONS = 4;
const RELATED = 3;
const MARGIN = 12;
const NARROW = "(max-width: 30rem)";

export class FiqraChat extends HTMLElement {
  static observedAttributes = ["api", "report", "lang", "mode", "open", "placeholder", "greeting"];

  #root = this.attachShadow({ mode: "open" });
  #status = el("p.unseen", { role: "status" });
  #api = null;
  #conversation = null;
  #language = "en";
  #cleared = null; // the exchanges that the visitor wiped last
  #chosen = null; // {over, language}: what the visitor turned to, and from which language of the page
  #ownDirection = false;
  #views = new Map();
  #parts = null; // null while the element is in no document

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [styles];
    this.#root.addEventListener("click", press);
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    this.#root.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#conversation.asking) this.#conversation.stop();
      else this.submitUserMessage(this.#parts.input.value);
    });
    this.#root.addEventListener("input", () => this.#measure());
  }

  connectedCallback() {
    this.#connect();
  }

  disconnectedCallback() {
    this.#conversation.stop();
    this.#parts = null;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#parts || before === now) return;
    if (name === "open") this.#show(now !== null);
    else if (name === "api" || name === "report") this.#connect();
    else if (name === "lang") this.#speak(this.#resolve());
    else this.#draw();
  }

  // Ask as if the visitor had typed it; done when the answer is there or failed. What fails is an event, not an error.
  // `after` is a question before it, which it may lean on.
  async submitUserMessage(text, after) {
    const question = String(text).trim();
    if (!question || !this.#parts || this.#conversation.asking) return;
    this.#parts.input.value = question;
    if (this.#measure()) return;
    this.#parts.input.value = "";
    this.#parts.completer.shut();
    await this.#conversation.ask(question, tells(question) ? null : this.#language, after);
  }

  // The same, but for a question that is the last one and answered: as an address does that is opened again.
  async show(question, after) {
    const last = this.#conversation?.exchanges.at(-1);
    if (last?.question !== question.trim() || !last.answer) await this.submitUserMessage(question, after);
  }

  clearMessages() {
    this.#conversation?.clear();
    if (this.#parts) this.#draw();
    this.#save();
  }

  // The cursor in the field, after the beginning of a question, if one is given.
  focusInput(draft) {
    if (draft && this.#parts) this.#parts.input.value = draft;
    this.#parts?.input.focus();
  }

  open() {
    if (!this.#inline) this.setAttribute("open", "");
    this.focusInput();
  }

  close() {
    this.removeAttribute("open");
  }

  get #inline() {
    return this.getAttribute("mode") === "inline";
  }

  get #words() {
    return WORDS[this.#language];
  }

  #emit(name, detail = {}, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`fiqra:${name}`, { detail, cancelable, bubbles: true, composed: true }));
  }

  #announce(text) {
    this.#status.textContent = shown(text);
  }

  // ---------------------------------------------------------------- language and memory

  #connect() {
    this.#conversation?.stop();
    const report = this.getAttribute("report") || null;
    this.#api = new Api(this.getAttribute("api") || new URL(".", import.meta.url).href, report);
    const place = [...this.getRootNode().querySelectorAll("fiqra-chat")].indexOf(this);
    const memory = new Memory(this.#api.base, report, place);
    this.#conversation = new Conversation(this.#api, memory, (...news) => this.#hear(...news));
    const { chosen, open } = this.#conversation.kept ?? {};
    this.#ownDirection = this.hasAttribute("dir");
    const asked = this.#resolve();
    // The visitor's choice holds as long as the page says what it said when they chose.
    this.#chosen = chosen?.over === asked ? chosen : null;
    if (open && !this.#inline && !matchMedia(NARROW).matches) this.setAttribute("open", "");
    this.#speak(this.#chosen?.language ?? asked);
  }

  // `ar` or `en`: what the attribute says, or else the page, or else the browser.
  #resolve() {
    const asked = this.getAttribute("lang") || "auto";
    const around = asked === "auto" ? [this.parentElement?.closest("[lang]")?.lang, ...navigator.languages] : [asked];
    return around.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => tag in WORDS) ?? "en";
  }

  #speak(language) {
    this.#language = language;
    if (!this.#ownDirection) this.dir = this.#words.direction;
    this.#draw();
  }

  #turn() {
    const language = other(this.#language);
    this.#chosen = { over: this.#chosen?.over ?? this.#language, language };
    this.#ownDirection = false; // the page's `dir` was for the page's language
    this.#speak(language);
    this.#parts.turn.focus();
    this.#save();
  }

  #save() {
    this.#conversation?.save({ chosen: this.#chosen, open: this.hasAttribute("open") });
  }

  // ---------------------------------------------------------------- conversation

  #hear(what, exchange, fault) {
    if (!this.#parts) return;
    if (what === "dropped") {
      this.#views.get(exchange)?.remove();
      this.#views.delete(exchange);
      return;
    }
    this.#update(exchange);
    if (what === "grown") return;
    this.#settle();
    const { question, language, answer } = exchange;
    if (what === "asked") {
      this.#cleared = null;
      this.#settle();
      this.#toQuestion(exchange);
      this.#announce(this.#words.looking);
      const after = this.#conversation.before(exchange) ?? null;
      this.#emit("ask", { question, language, report: this.#api.report ?? this.#api.chosen, after });
      return;
    }
    this.#save();
    if (what === "answered") {
      this.#announce(answer.answered ? spoken(exchange, this.#words) : answer.answer);
      this.#emit("answer", { answer });
    } else {
      this.#announce(what === "failed" ? this.#words.faults[fault.kind] : this.#words.stopped);
      const { kind, status, problem } = fault;
      if (what === "failed") this.#emit("error", { kind, status, problem, question });
    }
  }

  #update(exchange) {
    const view = this.#views.get(exchange);
    if (view) {
      view.update();
      return;
    }
    const made = new ExchangeView(this.#parts.chat, exchange);
    this.#views.set(exchange, made);
    this.#parts.messages.append(made.question, made.answer);
  }

  // What the buttons and the greeting show between two questions.
  #settle() {
    const { submit, clear, messages, greeting, examples, panel, undo } = this.#parts;
    const { asking, exchanges } = this.#conversation;
    const begun = exchanges.length > 0;
    submit.textContent = asking ? this.#words.stop : this.#words.ask;
    clear.hidden = !begun;
    greeting.hidden = examples.hidden = begun;
    undo.hidden = !this.#cleared;
    panel.classList.toggle("begun", begun);
    messages.setAttribute("aria-busy", String(asking));
  }

  // The question to the top, so that the answer is read from its start and nothing moves as it grows.
  #toQuestion(exchange) {
    const { question, answer } = this.#views.get(exchange);
    const { log } = this.#parts;
    if (log.scrollHeight > log.clientHeight) log.scrollTop = question.offsetTop - log.offsetTop - MARGIN;
    else if (this.#inline) answer.scrollIntoView({ block: "nearest" });
  }

  // ---------------------------------------------------------------- drawing

  #draw() {
    const words = this.#words;
    const language = this.#language;
    const inline = this.#inline;
    const own = { lang: language, dir: this.dir };
    const draft = this.#parts?.input.value ?? "";
    const parts = (this.#parts = {
      chat: this.#context(),
      title: el("p.title", null, words.launch),
      clear: button(".quiet.new", { "aria-label": words.clear }, () => this.#clear(), icon(PLUS), words.fresh),
      turn: button(".quiet", { lang: other(language) }, () => this.#turn(), words.other, el("span.unseen", null, words.otherHere)),
      undo: el("p.undo", { hidden: true }, `${words.cleared} `, button(".quiet", null, () => this.#undo(), words.undo)),
      over: el("p.notice.over", { role: "alert" }),
      heard: el("p.caption.heard"),
      greeting: el("p.greeting", { dir: "auto" }, this.getAttribute("greeting") ?? words.greeting),
      examples: el("div.examples"),
      menu: el("select.menu", { "aria-label": words.which, hidden: true }),
      messages: el("ol", { role: "list", "aria-label": words.messages }),
      input: el("textarea", {
        ...{ part: "input", id: "question", rows: 1, dir: "auto", autocomplete: "off" },
        ...{ "aria-autocomplete": "list", "aria-controls": "options" },
        ...{ enterkeyhint: "send", placeholder: this.getAttribute("placeholder") ?? words.placeholder },
      }),
      submit: el("button.ask", { type: "submit" }),
    });
    parts.completer = new Completer(parts.chat, parts.input, (text) => this.submitUserMessage(text));
    parts.menu.addEventListener("change", () => (this.#api.chosen = parts.menu.value || null));
    parts.input.value = draft;
    parts.log = el("div.log", null, parts.undo, parts.greeting, !inline && parts.examples, parts.messages);
    parts.launcher = button(".launcher", { part: "launcher", "aria-haspopup": "dialog", ...own }, () => this.open());
    parts.launcher.append(icon(PILCROW), words.launch);
    const shut = button(".shut", { "aria-label": words.close }, () => this.close(), icon(CROSS));
    parts.panel = el(
      inline ? "section.panel" : "dialog.panel",
      { part: "panel", "aria-label": words.launch, ...own },
      el("div.bar", null, !inline && parts.title, parts.clear, parts.turn, !inline && shut),
      parts.log,
      el("form", null, parts.menu, el("label.unseen", { for: "question" }, words.placeholder), parts.over, parts.heard, parts.input, voice(parts.chat, parts.input, parts.heard), parts.completer.list, parts.submit),
      inline && parts.examples,
      this.#status,
    );
    this.#views.clear();
    for (const exchange of this.#conversation.exchanges) this.#update(exchange);
    this.#settle();
    this.#root.replaceChildren(...(inline ? [parts.panel] : [parts.launcher, parts.panel]));
    if (inline) this.#introduce();
    else if (this.hasAttribute("open")) this.#show(true, false);
    // By the browser, as with "back" on a phone. The event comes late: by then it may be open again.
    parts.panel.addEventListener("close", () => parts.panel.open || this.close());
  }

  // What the messages see of the widget.
  #context() {
    return {
      api: this.#api,
      words: this.#words,
      language: this.#language,
      announce: (text) => this.#announce(text),
      emit: (...event) => this.#emit(...event),
      retry: (exchange) => this.#conversation.answer(exchange),
      edit: (exchange, text) => this.#conversation.edit(exchange, text, tells(text) ? null : this.#language),
      again: (exchange, language) => this.#conversation.ask(exchange.question, language, exchange.after),
      relate: (place) => this.#relate(place),
    };
  }

  // By the visitor, who may have pressed it by mistake.
  #clear() {
    const { exchanges } = this.#conversation;
    this.clearMessages();
    this.#cleared = exchanges;
    this.#settle();
    this.#announce(this.#words.cleared);
    this.#emit("clear");
    this.focusInput();
  }

  #undo() {
    this.#conversation.exchanges = this.#cleared.map((exchange) => ({ ...exchange, ...stopped(exchange) }));
    this.#cleared = null;
    this.#draw();
    this.#save();
    this.focusInput();
  }

  // Whether what is written is longer than the service reads, which is said.
  #measure() {
    const { input, over } = this.#parts;
    const length = Array.from(input.value.trim()).length;
    const isLong = length > MAX_QUESTION;
    const said = isLong ? this.#words.over.replace("{}", length) : "";
    if (over.textContent !== said) over.textContent = said;
    return isLong;
  }

  #show(open, news = true) {
    const { panel, launcher } = this.#parts;
    if (this.#inline || launcher.hidden === open) return;
    const modal = matchMedia(NARROW).matches;
    const inside = this.#root.activeElement !== null || panel.matches(":modal");
    launcher.hidden = open;
    if (open) {
      if (modal) panel.showModal();
      else panel.open = true; // `show()` would take the focus
      this.#introduce();
      const last = this.#conversation.exchanges.at(-1);
      if (last) this.#toQuestion(last);
    } else {
      panel.close();
      if (inside) launcher.focus();
    }
    if (!news) return;
    this.#emit(open ? "open" : "close");
    this.#save();
  }

  // The report's title and a few questions that it answers, loaded when they are first needed.
  async #introduce() {
    const { title, examples, menu } = this.#parts;
    const reports = await this.#api.reports().catch(() => []);
    examples.classList.add("ready");
    const own = this.#renderings(reports);
    if (own.length > 1 && own.length <= FEW && !menu.firstChild) this.#offer(reports);
    if (own.length === 1 && own[0].title) title.textContent = shown(own[0].title);
    if (!examples.firstChild) this.#suggestIn(examples, this.#words.suggestions, own, SUGGESTIONS);
  }

  #renderings(reports) {
    return reports.map(({ renderings }) => renderings.find(({ language }) => language === this.#language) ?? renderings[0]);
  }

  // What was not asked yet, below an answer.
  async #relate(place) {
    const reports = await this.#api.reports().catch(() => []);
    this.#suggestIn(place, this.#words.related, this.#renderings(reports), RELATED);
  }

  // A few questions that the reports suggest: the first of each, then the second of each.
  #suggestIn(place, caption, own, most) {
    const asked = new Set(this.#conversation.exchanges.map(({ question }) => question));
    const questions = own.flatMap(({ language, questions: all = [] }) => all.map((text, i) => ({ language, text, i })));
    const left = questions.filter(({ text }) => !asked.has(text)).sort((one, two) => one.i - two.i).slice(0, most);
    const suggested = ({ language, text }) =>
      el("li", null, button(".suggested", { lang: language, dir: "auto" }, () => this.#suggest(text), shown(text)));
    if (left.length) place.append(el("p.caption", null, caption), el("ul", { role: "list" }, ...left.map(suggested)));
  }

  // The reports to choose from, and all of them.
  #offer(reports) {
    const { menu } = this.#parts;
    const option = (value, name) => el("option", { value, selected: value === (this.#api.chosen ?? "") }, shown(name));
    const named = ({ id, short_titles: titles }) => option(id, titles[this.#language] ?? Object.values(titles)[0]);
    menu.append(option("", this.#words.all), ...reports.map(named));
    menu.hidden = false;
  }

  #suggest(text) {
    this.focusInput();
    this.submitUserMessage(text);
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.target === this.#parts.input && this.#parts.completer.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && event.target === this.#parts.input) {
      event.preventDefault();
      this.submitUserMessage(this.#parts.input.value);
    }
    if (event.key !== "Escape") return;
    const card = event.target.closest(".card") ?? [...this.#root.querySelectorAll(".card")].at(-1);
    const shut = card?.querySelector(".shut");
    if (!shut && !this.hasAttribute("open")) return;
    event.preventDefault();
    event.stopPropagation();
    if (shut) shut.click();
    else this.close();
  }
}

const stopped = ({ status }) => (status === "asking" ? { status: "stopped" } : {});

// The answer as it is read out: in brief, then each statement and the paragraphs it rests on.
function spoken({ statements, citations, answer }, words) {
  const said = statements.map(({ text, citations: cited }) => {
    const labels = [...new Set(cited.map((position) => withReport(citations[position], citations[position].label)))];
    return `${text} (${fill(words.paragraph, labels.join(words.and))})`;
  });
  return [...(answer.brief ? [`${answer.brief.text}:`] : []), ...said].join(" ");
}
