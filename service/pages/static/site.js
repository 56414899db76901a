// Copies, jumps, keeps the place and asks what the address asks. Every page reads whole without this.
"use strict";

const status = document.getElementById("status");
const QUOTES = { en: ["“", "”"], ar: ["«", "»"] };
const SHOWN_MS = 2500;

// ---------------------------------------------------------------- copying

// The words that a citation is of: what is quoted of them, or else all of them; in its language.
function wordsOf(citation) {
  const language = citation.querySelector("p").lang;
  const around = citation.closest(".paragraph, .focus");
  const proses = [...(around?.querySelectorAll(".prose") ?? [])];
  const prose = proses.find((each) => each.closest("[lang]").lang === language);
  if (!prose) return "";
  const quoted = around.matches(".focus") ? [...prose.querySelectorAll("mark")] : [];
  const text = (quoted.length ? quoted : [prose]).map((each) => each.textContent.trim()).join(" ");
  return `${QUOTES[language].join(text)}\n`;
}

function text(citation) {
  return `${wordsOf(citation)}${citation.querySelector("p").textContent.trim()}\n${citation.querySelector("a").href}`;
}

async function copy(button) {
  const block = button.closest(button.classList.contains("all") ? ".citations" : ".citation, .snippet");
  const cited = block.matches(".citation") ? [block] : [...block.querySelectorAll(".citation")];
  try {
    await navigator.clipboard.writeText(block.querySelector("pre")?.textContent ?? cited.map(text).join("\n\n"));
  } catch {
    getSelection().selectAllChildren(block); // no permission, or no secure context: ready for the reader to copy
    return;
  }
  status.textContent = status.dataset.copied;
  if (button.classList.contains("done")) return;
  const before = [...button.childNodes];
  button.classList.add("done");
  button.replaceChildren(status.dataset.copied);
  setTimeout(() => {
    status.textContent = "";
    button.classList.remove("done");
    button.replaceChildren(...before);
  }, SHOWN_MS);
}

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

// ---------------------------------------------------------------- places

// On the first page of a long report, `#para_450` is a link to the page that has the paragraph.
function follow() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place?.closest(".elsewhere")) location.replace(place.href);
  else if (place?.matches("mark")) show(place, "auto");
}

function show(place, behavior) {
  for (let around = place.closest("details:not([open])"); around; around = around.closest("details:not([open])")) {
    around.open = true;
  }
  for (const mark of document.querySelectorAll("mark.at")) mark.classList.remove("at");
  place.classList.add("at");
  place.scrollIntoView({ block: "center", behavior });
}

addEventListener("hashchange", follow);
if (location.hash) follow();
else {
  // A link that quotes leads to its words, which may stand below the first screen.
  const quote = document.getElementById("quote");
  if (quote) show(quote, "auto");
}

// Next and previous: of the marks, or of the paragraphs that are marked.
const places = [...document.querySelectorAll("mark[id], .paragraph.marked")];
let at = places.findIndex((place) => `#${place.id}` === location.hash);
for (const button of document.querySelectorAll("button.jump")) {
  button.hidden = places.length < 2;
  button.addEventListener("click", () => {
    at = (at + Number(button.dataset.step) + places.length) % places.length;
    history.replaceState(null, "", `#${places[at].id}`);
    show(places[at], matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  });
}

// The other language begins where the reader stopped last: the switch stands at the top, so that they have left it.
let reading = document.getElementById(location.hash.slice(1))?.closest(".report .paragraph");
let stopped = 0;
addEventListener("scroll", () => {
  clearTimeout(stopped);
  stopped = setTimeout(() => {
    const shown = [...document.querySelectorAll(".report .paragraph")];
    if (scrollY > 200) reading = shown.find((each) => each.getBoundingClientRect().bottom > 80);
  }, 400);
});
for (const link of document.querySelectorAll(".switch a")) {
  link.addEventListener("click", () => {
    const target = new URL(link.href);
    if (target.hash || !reading) return;
    target.hash = reading.id;
    link.href = target;
  });
}

// ---------------------------------------------------------------- looking up

// What the look-up box offers while somebody writes: headings, names and numbers of the report that it looks in. They are
// loaded once, and matched by the browser: what is not looked up leaves it not.
const find = document.querySelector("input[list]");
let offered = null;

async function offer() {
  const report = find.form.elements.report?.value || find.dataset.report;
  if (!report || report === offered) return;
  offered = report;
  const path = `v1/reports/${encodeURIComponent(report)}/completions?lang=${document.documentElement.lang}`;
  const { completions = [] } = await fetch(new URL(path, find.form.action)).then((answer) => answer.json(), () => ({}));
  const options = completions.filter(({ kind }) => kind !== "question");
  find.list.replaceChildren(...options.map(({ text, about }) => new Option(about ?? "", text)));
}

find?.addEventListener("focus", offer);
find?.addEventListener("input", ({ inputType }) => {
  // Chosen from the list, not written.
  const isOffered = [...find.list.options].some(({ value }) => value === find.value);
  if ((!inputType || inputType === "insertReplacementText") && isOffered) find.form.requestSubmit();
});

// ---------------------------------------------------------------- a selection

// A link to ask about the words that are selected, below their end; after their paragraph for whoever tabs on.
const about = document.getElementById("ask-selected");
const LONGEST = 200;
let selecting = 0;

const elementOf = (node) => (node instanceof Element ? node : node?.parentElement);

function offerToAsk() {
  if (document.activeElement === about) return;
  const selection = getSelection();
  const words = selection.toString().replace(/\s+/g, " ").trim();
  const [first, last] = [selection.anchorNode, selection.focusNode].map((node) => elementOf(node)?.closest(".prose"));
  const isNone = selection.isCollapsed || words.length < 3 || !first || !last;
  about.hidden = isNone;
  if (isNone) return;
  const address = new URL(about.href);
  address.searchParams.set("lang", last.closest("[lang]").lang);
  address.searchParams.set("words", words.length > LONGEST ? words.slice(0, LONGEST).replace(/\s\S*$/, "") : words);
  about.href = address;
  const range = selection.getRangeAt(0);
  elementOf(range.endContainer).closest(".paragraph, .context, .focus")?.after(about);
  const { bottom, left, right } = [...range.getClientRects()].at(-1);
  const middle = (left + right - about.offsetWidth) / 2;
  about.style.top = `${bottom + scrollY + 8}px`;
  about.style.left = `${Math.max(8, Math.min(middle, document.documentElement.clientWidth - about.offsetWidth - 8))}px`;
}

if (about) {
  document.addEventListener("selectionchange", () => {
    clearTimeout(selecting);
    selecting = setTimeout(offerToAsk, 250);
  });
}

// ---------------------------------------------------------------- asking

// `/?q=…` is answered by the server where no script runs; here the widget asks it, and keeps the address up to date.
const chat = document.querySelector("fiqra-chat[mode=inline]");
const begun = chat?.querySelector("#q")?.value;

function keep({ question, report, after }) {
  for (const [address, put] of [
    [new URL(location.href), (url) => history.replaceState(null, "", url)],
    ...[...document.querySelectorAll(".switch a")].map((link) => [new URL(link.href), (url) => (link.href = url)]),
  ]) {
    for (const name of ["about", "words"]) address.searchParams.delete(name);
    for (const [name, value] of Object.entries({ q: question, after, report })) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    put(address);
  }
}

if (chat) {
  const { searchParams } = new URL(location.href);
  const asked = searchParams.get("q");
  // The question before it is in the address as long as nobody knows whether it is needed.
  let last = {};
  chat.addEventListener("fiqra:ask", ({ detail }) => keep((last = detail)));
  chat.addEventListener("fiqra:answer", ({ detail: { answer } }) => keep({ ...last, after: answer.leans_on }));
  chat.addEventListener("fiqra:clear", () => keep({}));
  customElements.whenDefined("fiqra-chat").then(() => {
    if (asked) chat.show(asked, searchParams.get("after"));
    else if (begun) chat.focusInput(begun);
  });
}
