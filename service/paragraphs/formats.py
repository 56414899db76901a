"""A paragraph in the forms that people paste and programs read: text, Markdown, BibTeX, RIS, CSL-JSON, Akoma Ntoso."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from corpus.exchange import akn
from corpus.records import Rendering, Report
from corpus.refs import Ref
from service.paragraphs.citing import cite, cited_place, title_of
from service.paragraphs.lookup import permalink, words_of
from service.paragraphs.markdown import literal


def as_text(report: Report, rendering: Rendering, ref: Ref, before: str = "") -> str:
    """The words, how to cite them, and the link; `before` stands before its path.

    >>> print(as_text(report, report.rendering("en"), Ref(6), "https://fiqra.example"), end="")
    Statements were made by the representatives of Italy, the Philippines and Brazil.
    <BLANKLINE>
    Report of Committee II: workshop 4, para. 6 (unofficial English rendering)
    https://fiqra.example/p/kyoto-2021-workshop-4/6?lang=en&v=74c6632e
    """
    return f"{words_of(rendering, ref)}\n\n{cite(report, rendering, ref)}\n{_link(report, rendering, ref, before)}\n"


def as_markdown(report: Report, rendering: Rendering, ref: Ref, before: str = "") -> str:
    """The words as a block quote, with the citation as a link below; none of them is markup."""
    cited = f"[{literal(cite(report, rendering, ref))}](<{_link(report, rendering, ref, before)}>)"
    words = words_of(rendering, ref)
    lines = words.split("\n") if ref.is_front else [words]  # the title page has lines
    quoted = "\n>\n> ".join(map(literal, lines))
    return f"> {quoted}\n>\n> — {cited}\n"


def _link(report: Report, rendering: Rendering, ref: Ref, before: str) -> str:
    return before + permalink(report, rendering.by_ref[ref], rendering.language)


Format = Literal["json", "text", "md", "bibtex", "ris", "csl-json", "akn"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: Mapping[Format, str] = {
    "json": "application/json",
    "text": "text/plain",
    "md": "text/markdown",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl-json": "application/vnd.citationstyles.csl+json",
    "akn": "application/akn+xml",
}
_TEX = re.compile(r"[&%$#_{}~^\\]")
# BibTeX counts braces, those after a backslash too; names leave them in pairs.
_TEX_NAMES = {
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Paragraphs of a rendering, to be written; `before` stands before the paths of links.

    `following` is the address of those that come after, where these are not all that were asked for.
    """

    report: Report
    rendering: Rendering
    refs: Sequence[Ref]
    before: str = ""
    following: str | None = None

    def link(self, ref: Ref) -> str:
        """Its permanent link."""
        return _link(self.report, self.rendering, ref, self.before)


def write(cut: Excerpt, wanted: Format) -> str:
    """The paragraphs in that format; JSON is the contract's own and is not written here.

    >>> write(Excerpt(report, report.rendering("en"), [Ref(9)]), "bibtex").splitlines()[0]
    '@misc{kyoto-2021-workshop-4-9-en,'
    """
    return _WRITERS[wanted](cut)


def _text(cut: Excerpt) -> str:
    more = [f"→ {cut.following}\n"] if cut.following else []
    return "\n".join([*(as_text(cut.report, cut.rendering, ref, cut.before) for ref in cut.refs), *more])


def _markdown(cut: Excerpt) -> str:
    more = [f"[→](<{cut.following}>)\n"] if cut.following else []
    return "\n".join([*(as_markdown(cut.report, cut.rendering, ref, cut.before) for ref in cut.refs), *more])


def _key(cut: Excerpt, ref: Ref) -> str:
    """`kyoto-2021-workshop-4-21k-en`; of annex 1, `…-annex1-4biii-en`."""
    place = re.sub(r"[()]", "", str(ref)).replace(":", "-")
    return re.sub(r"[^0-9A-Za-z._-]", "", f"{cut.report.id}-{place}-{cut.rendering.language}")


def _bibtex(cut: Excerpt) -> str:
    language = cut.rendering.language
    entries = []
    for ref in cut.refs:
        fields = {
            "title": _tex(title_of(cut.report, language)),
            "howpublished": _tex(cut.rendering.title("congress")),
            "note": _tex(cited_place(cut.rendering, ref)),
            "langid": {"ar": "arabic", "en": "english"}[language],
            "url": cut.link(ref),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        entries.append(f"@misc{{{_key(cut, ref)},\n{body}\n}}\n")
    return "\n".join(entries)


def _tex(text: str) -> str:
    return _TEX.sub(lambda m: _TEX_NAMES.get(m[0], f"\\{m[0]}"), text)


def _ris(cut: Excerpt) -> str:
    """A record a paragraph: a tag, two spaces, a hyphen and a space before each value; CR LF after it."""
    language = cut.rendering.language
    records = []
    for ref in cut.refs:
        fields = [
            ("TY", "RPRT"),
            ("ID", _key(cut, ref)),
            ("TI", title_of(cut.report, language)),
            ("T2", cut.rendering.title("congress")),
            ("CY", cut.rendering.title("place_and_dates")),
            ("PY", str(cut.report.year or "")),
            ("SN", cut.report.symbol or ""),
            ("SE", cut.rendering.label(ref)),
            ("N1", cited_place(cut.rendering, ref)),
            ("LA", language),
            ("UR", cut.link(ref)),
        ]
        records.append("".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n")
    return "\r\n".join(records)


def _csl(cut: Excerpt) -> str:
    language = cut.rendering.language
    items = [
        {
            "id": _key(cut, ref),
            "type": "report",
            "title": title_of(cut.report, language),
            "event-title": cut.rendering.title("congress"),
            "section": cut.rendering.label(ref),
            "note": cited_place(cut.rendering, ref),
            "language": language,
            "URL": cut.link(ref),
        }
        for ref in cut.refs
    ]
    return json.dumps([{name: value for name, value in item.items() if value} for item in items], ensure_ascii=False)


def _akn(cut: Excerpt) -> str:
    """The report after Akoma Ntoso 3.0 with these paragraphs alone, and those that they go on from."""
    wanted = {above for ref in cut.refs for above in _lineage(ref) if not above.is_front}  # which is always there
    kept = tuple(cut.rendering.by_ref[ref] for ref in sorted(wanted, key=cut.report.places.__getitem__))
    report = replace(cut.report, renderings=(replace(cut.rendering, paragraphs=kept),))
    return akn.write(report, cut.rendering.language).decode()


def _lineage(ref: Ref) -> Iterator[Ref]:
    """21(k) → 21(k), 21."""
    yield ref
    if ref.parent:
        yield from _lineage(ref.parent)


_WRITERS: Mapping[Format, Callable[[Excerpt], str]] = {
    "text": _text,
    "md": _markdown,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl,
    "akn": _akn,
}
