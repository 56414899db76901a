// A paragraph that an answer rests on: the quote marked where it stands, the other language beside it, how to cite it.

import { CROSS, button, el, icon } from "./dom.js";
import { citedText, placeLink, put } from "./take.js";
import { cut, nameOf, shown } from "./text.js";
import { frame } from "./words.js";

// `source` is a citation or a passage of an answer; what the paragraph has besides is loaded when the card opens.
export function drawCard(chat, source, close) {
  const { api, words } = chat;
  const name = shown(nameOf(words, source));
  const body = el("div.texts");
  const foot = el("div.foot");
  const aside = el("div.yourself");
  const card = el(
    "section.card",
    { "aria-label": name },
    el(
      "div.head",
      null,
      el("p.trail", frame(source), shown(source.heading?.join(" › ") ?? "")),
      button(".shut", { "aria-label": words.close }, close, icon(CROSS)),
    ),
    body,
    foot,
    aside,
  );
  const draw = (facts) => {
    const renderings = [facts, ...(facts.parallel ?? [])];
    const copying = (chosen) => (pressed) => {
      const texts = chosen.map((rendering) => citedText(api, rendering, said(rendering)));
      put(chat, pressed, { text: texts.join("\n\n") }, aside);
    };
    body.replaceChildren(
      ...renderings.map((rendering, i) =>
        column(chat, rendering, [
          facts.ref === "front" ? "\n" : " ",
          ...(i ? marked(rendering, "mark.same") : quoted(chat, facts)),
        ], copying([rendering])),
      ),
    );
    foot.replaceChildren(
      link(placeLink(api, facts), words.read),
      ...(facts.original ? [link(api.url(facts.original), words.original)] : []),
      ...(renderings.length > 1 ? [button(".quiet", null, copying(renderings), words.both)] : []),
    );
  };
  draw(source);
  // Once it is in the list: a quote far down a long paragraph is brought into sight.
  const reveal = () => card.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  api.paragraph(source.report, source.ref, source.language).then(
    (paragraph) => {
      const known = Object.entries(source).filter(([, value]) => value != null);
      draw({ ...paragraph, ...Object.fromEntries(known), text: paragraph.text, present: paragraph.text_sha256 });
      reveal();
    },
    () => {
      if (source.text === undefined) body.firstChild.append(el("p.notice", { lang: chat.language }, words.missing));
      reveal();
    },
  );
  return card;
}

// What a citation of one column quotes: the words marked in it, or else all of it.
function said({ text, quotes, quote }) {
  return quotes?.map((each, i) => (each.start - quotes[i - 1]?.end > 1 ? "… " : "") + each.quote).join(" ") ?? quote ?? text;
}

// Nothing is claimed of a text that is neither official nor known to be made from another.
export const isUnofficial = ({ official, translated_from: source }) => !official && Boolean(source);

function column({ words, language: own }, rendering, text, copying) {
  const { language, official, lead_in: leadIn, label, corrections } = rendering;
  const claimed = official ? words.official : isUnofficial(rendering) && words.rendering;
  const status = claimed ? ` (${claimed})` : "";
  return el(
    "div.text",
    frame({ language }),
    el("p.caption", { lang: own }, el("bdi", null, words.language[language] + status)),
    leadIn && el("p.prose.lead", null, shown(leadIn)),
    el("p.prose", null, el("bdi.number", frame({ language }), label), ...text),
    corrections?.length > 0 && mended(words, own, language, corrections),
    button(".quiet", { lang: own }, copying, words.copy, el("span.unseen", null, ` – ${words.language[language]}`)),
  );
}

// What the report's page says of corrected words: as printed, as read, how certain that is, and why.
function mended(words, own, language, corrections) {
  const line = ({ printed, read, certainty, why, why_ar: arabic }) =>
    el(
      "li",
      null,
      el("s", { lang: language, dir: "auto" }, shown(printed)),
      " → ",
      el("bdi", { lang: language }, shown(read)),
      ` (${words.certainties[certainty]}) `,
      el("bdi", null, shown(own === "ar" ? arabic : why)),
    );
  return el("div.mends", frame({ language: own }), el("p.caption", null, words.mended), el("ul", null, ...corrections.map(line)));
}

// A stretch of the paragraph that begins at `at`, its corrected words underlined.
function underlined(text, at, corrections = []) {
  const parts = [];
  let rest = text;
  for (const { start, end, read, printed } of corrections) {
    const [before, within, after] = cut(rest, Math.max(0, start - at), end - at);
    if (start < at || within !== read) continue;
    parts.push(shown(before), el("span.mended", { title: shown(printed) }, shown(within)));
    [rest, at] = [after, end];
  }
  return [...parts, shown(rest)];
}

// The paragraph with what is quoted of it marked; the quotes alone where the rest is not there, or no longer what it was.
function quoted({ words, language }, facts) {
  const { text, quotes, present, text_sha256: then } = facts;
  const isThere = ({ quote, start, end }) => cut(text, start, end)[1] === quote;
  if (!quotes || text === undefined) return marked(facts);
  if (quotes.every(isThere) && (then == null || present === then)) return marked(facts);
  return [...marked({ ...facts, text: undefined }), el("span.notice", { lang: language }, words.changed)];
}

function marked({ text, quotes, corrections }, tag = "mark") {
  if (!quotes) return underlined(text, 0, corrections);
  const parts = [];
  let at = 0;
  for (const { quote, start, end, spans } of quotes) {
    if (start < at) continue; // two sentences may be one in the other language
    parts.push(...(text ? underlined(cut(text, at, start)[1], at, corrections) : [" "]));
    parts.push(el(tag, null, ...emphasised(quote, start, spans, corrections)));
    at = end;
  }
  return text ? [...parts, ...underlined(cut(text, at)[1], at, corrections)] : parts;
}

// The words that a who, when or which question asks for, stronger than the quote around them.
export function emphasised(quote, start, spans = [], corrections = []) {
  const parts = [];
  let [rest, at] = [quote, start];
  for (const span of spans) {
    const [before, exact, after] = cut(rest, span.start - at, span.end - at);
    parts.push(...underlined(before, at, corrections), el("strong", null, shown(exact)));
    [rest, at] = [after, span.end];
  }
  return [...parts, ...underlined(rest, at, corrections)];
}

function link(href, words) {
  return el("a", { href, target: "_blank", rel: "noopener" }, words);
}
