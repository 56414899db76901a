// Text as the widget shows it: the service counts code points where JavaScript counts UTF-16 units.

// What is never shown: controls, and marks that turn the direction of what follows.
const UNSHOWN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const shown = (text) => text.replace(UNSHOWN, "");

// cut("a𝔟c", 1, 2) → ["a", "𝔟", "c"]: before, within and after [start:end] in code points.
export function cut(text, start, end) {
  const points = Array.from(text);
  return [points.slice(0, start), points.slice(start, end), points.slice(end)].map((part) => part.join(""));
}

// A citation → the same in the other language: what its parallel text says there; null where it has none.
export function turned(citation) {
  const [beside] = citation.parallel ?? [];
  if (!beside || beside.start == null) return null;
  const quote = cut(beside.text, beside.start, beside.end)[1];
  return { ...citation, ...beside, quote, spans: [], text_sha256: null, heading: null, parallel: null };
}

// Citations of one paragraph as one: it reaches from the first to the last, and `quotes` has each.
export function gathered(citations) {
  const quotes = [...citations].sort((one, two) => one.start - two.start);
  const beside = (text, i) => {
    if (text.start == null) return text;
    const there = quotes.map(({ parallel }) => parallel[i]).sort((one, two) => one.start - two.start);
    const said = there.map(({ start, end }) => ({ start, end, quote: cut(text.text, start, end)[1] }));
    return { ...text, start: there[0].start, end: there.at(-1).end, quotes: said };
  };
  const [first] = quotes;
  if (first.quote == null) return first;
  return { ...first, end: quotes.at(-1).end, quotes, parallel: first.parallel?.map(beside) };
}

// What a place is called on its own: "Paragraph 21 (k)", or what its label says of the title page; with its report.
export function nameOf(words, place) {
  const { ref, label } = place;
  return withReport(place, ref === "front" ? label : fill(words.paragraph, label));
}

// With the report before it where the service names one, which it does where it has several.
export const withReport = ({ report_title: title }, name) => (title ? `${title}: ${name}` : name);

export const fill = (template, value) => template.replace("{}", value);

const count = (text, letters) => text.match(letters)?.length ?? 0;

// The language that most of a text's letters are of.
export function languageOf(text) {
  return count(text, /\p{Script=Arabic}/gu) > count(text, /\p{Script=Latin}/gu) ? "ar" : "en";
}

// Whether a question's own letters tell its language: those of "21 (k)" or "٢١" do not.
export const tells = (question) => count(question, /\p{L}/gu) > 1;
