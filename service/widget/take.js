// What is taken away: an answer with footnotes, a link to it, a Word file; and the copying itself.

import { el } from "./dom.js";

const QUOTES = { en: "“{}”", ar: "«{}»" };
const SHOWN_MS = 2500;

const quotedIn = (language, words) => QUOTES[language].replace("{}", words);

// The link to a citation's words: …&start=0&end=118#quote
export function placeLink(api, { url, start, end }) {
  return api.url(url) + (start == null ? "" : `&start=${start}&end=${end}#quote`);
}

// “…”
// Report of Committee II: workshop 4, …, para. 21 (k) (unofficial English rendering)
// https://…/p/kyoto-2021-workshop-4/21(k)?lang=en&v=1f3a9c02&start=0&end=338#quote
export function citedText(api, source, words) {
  return [quotedIn(source.language, words), source.cited, placeLink(api, source)].filter(Boolean).join("\n");
}

// An answer as plain text and as HTML, its citations as footnotes, each once.
export function footnoted(api, { question }, statements, citations) {
  const notes = citations.map(({ cited }, i) => [cited, placeLink(api, citations[i])]);
  const marks = (cited) => [...new Set(cited)].map((position) => position + 1);
  const text = [
    question,
    ...statements.map(({ text: said, cited }) => said + marks(cited).map((number) => ` [${number}]`).join("")),
    notes.map(([cited, link], i) => `[${i + 1}] ${cited}\n${link}`).join("\n"),
  ].join("\n\n");
  const inLanguage = (language) => ({ lang: language, dir: language === "ar" ? "rtl" : "ltr" });
  const html = el(
    "div",
    null,
    el("p", { dir: "auto" }, el("b", null, question)),
    ...statements.map(({ text: said, language, cited }) => el("p", inLanguage(language), said, el("sup", null, marks(cited).join(", ")))),
    el("hr"),
    ...notes.map(([cited, link], i) => el("p", inLanguage(citations[i].language), el("sup", null, `${i + 1}`), ` ${cited} `, el("a", { href: link }, link))),
  );
  return { text, html: new XMLSerializer().serializeToString(html) };
}

// The front page of the service with this question, and the one before it, which it may lean on.
export function shareLink({ api, language }, exchange) {
  const query = new URLSearchParams({ lang: language, q: exchange.question });
  const earlier = exchange.answer.leans_on;
  if (earlier) query.set("after", earlier);
  const report = api.report ?? exchange.report;
  if (report) query.set("report", report);
  return api.url(`/?${query}`);
}

const stretch = ({ ref, start, end }) => `${ref}:${start}-${end}`;

export function docxLink(api, { question }, citations) {
  const query = new URLSearchParams({ q: question, lang: citations[0].language });
  for (const citation of citations) query.append("cite", `${citation.report}/${stretch(citation)}`);
  return api.url(`/answer.docx?${query}`);
}

// The whole report with these sentences marked; of several reports the first.
export function markedLink(api, citations) {
  const [{ report, language }] = citations;
  const query = new URLSearchParams({ lang: language });
  for (const citation of citations) if (citation.report === report) query.append("quote", stretch(citation));
  return api.url(`/reports/${encodeURIComponent(report)}?${query}#mark_1`);
}

// Put on the clipboard, and say so on what was pressed. Where that is not allowed, ready for the visitor to copy.
export async function put({ words, announce }, pressed, { text, html }, aside) {
  try {
    await write(text, html);
  } catch {
    aside.querySelector(".yourself")?.remove();
    const field = el("textarea", { readonly: true, rows: 4, dir: "auto", "aria-label": words.copyYourself });
    field.value = text;
    aside.append(el("div.yourself", null, el("p.notice", null, words.copyYourself), field));
    field.select();
    return;
  }
  announce(words.copied);
  if (pressed.classList.contains("done")) return;
  const before = [...pressed.childNodes];
  pressed.classList.add("done");
  pressed.replaceChildren(words.copied);
  setTimeout(() => {
    pressed.classList.remove("done");
    pressed.replaceChildren(...before);
  }, SHOWN_MS);
}

async function write(text, html) {
  if (!html || typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(text);
  const kinds = Object.entries({ "text/plain": text, "text/html": html });
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(kinds.map(([type, part]) => [type, new Blob([part], { type })])))]);
}
