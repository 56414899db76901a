// A paragraph that an answer rests on: the quote marked where it stands, the other language beside it, how to cite it.

import { CROSS, button, el, icon } from "./dom.js";
import { cut, local, nameOf, shown } from "./text.js";
import { WORDS, frame } from "./words.js";

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
    const copying = (chosen) => () => copy(chat, facts, chosen, aside);
    body.replaceChildren(
      ...renderings.map((rendering, i) =>
        column(chat, rendering, [
          facts.ref === "front" ? "\n" : " ",
          ...(i ? underlined(rendering.text, 0, rendering.corrections) : quoted(chat, facts)),
        ], copying([rendering])),
      ),
    );
    foot.replaceChildren(
      link(chat, facts),
      ...(renderings.length > 1 ? [button(".quiet", null, copying(renderings), words.both)] : []),
    );
  };
  draw(source);
  // Once it is in the list: a quote far down a long paragraph is brought into sight.
  const reveal = () => card.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  api.paragraph(source.report, source.ref, source.language).then(
    (paragraph) => {
      draw({ ...paragraph, ...source, text: paragraph.text, present: paragraph.text_sha256 });
      reveal();
    },
    () => {
      if (source.text === undefined) body.firstChild.append(el("p.notice", { lang: chat.language }, words.missing));
      reveal();
    },
  );
  return card;
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
    el("p.prose", null, el("bdi.number", null, local(label, language)), ...text),
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

// The paragraph with its quote marked; the quote alone where the rest is not there, or no longer what it was.
function quoted({ words, language }, facts) {
  const { text, quote, start, end, spans = [], corrections, present, text_sha256: then } = facts;
  if (quote === undefined) return underlined(text, 0, corrections);
  const mark = el("mark", null, ...emphasised(quote, start, spans, corrections));
  if (text === undefined) return [mark];
  const [before, within, after] = cut(text, start, end);
  if (within === quote && present === then) {
    return [...underlined(before, 0, corrections), mark, ...underlined(after, end, corrections)];
  }
  return [mark, el("span.notice", { lang: language }, words.changed)];
}

// The words that a who, when or which question asks for, stronger than the quote around them.
function emphasised(quote, start, spans, corrections) {
  const parts = [];
  let [rest, at] = [quote, start];
  for (const span of spans) {
    const [before, exact, after] = cut(rest, span.start - at, span.end - at);
    parts.push(...underlined(before, at, corrections), el("strong", null, shown(exact)));
    [rest, at] = [after, span.end];
  }
  return [...parts, ...underlined(rest, at, corrections)];
}

function link({ api, words }, { url, quote, start, end }) {
  const place = quote === undefined ? "" : `&start=${start}&end=${end}`;
  return el("a", { href: api.url(url) + place, target: "_blank", rel: "noopener" }, words.read);
}

async function copy({ api, words, announce }, facts, renderings, aside) {
  const report = await api.reportOf(facts.report).catch(() => null);
  const text = renderings.map((rendering) => cited(api, report, facts, rendering)).join("\n\n");
  try {
    await navigator.clipboard.writeText(text);
    announce(words.copied);
  } catch {
    // no permission, or no secure context: ready for the visitor to copy
    const field = el("textarea", { readonly: true, rows: 4, dir: "auto", "aria-label": words.copyYourself });
    field.value = text;
    aside.replaceChildren(el("p.notice", null, words.copyYourself), field);
    field.select();
  }
}

// Report of Committee II: workshop 4, para. 21 (k) (unofficial English rendering)
// https://…/p/kyoto-2021-workshop-4/21(k)?lang=en&v=1f3a9c02
function cited(api, report, { report: id, ref }, rendering) {
  const { language, label, url } = rendering;
  const words = WORDS[language];
  const title = report?.renderings.find((rendering) => rendering.language === language)?.title || id;
  const line = (ref === "front" ? words.citedFront : words.cited).replace("{label}", label).replace("{title}", title);
  return `${line}${isUnofficial(rendering) ? words.citedUnofficial : ""}\n${api.url(url)}`;
}
