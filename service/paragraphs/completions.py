"""What a box may offer while somebody writes in it: questions, headings, names and numbers of one report.

completions(report, "en") → "Who moderated the meetings of the workshop?", "Proceedings", "Phelan Wyrick", "21 (k)" …

A list of a bounded size, to be matched where it is written: what nobody asks leaves no browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from corpus.names import load_names
from corpus.records import Language, Rendering, Report
from index.search.wording.answer_types import find_things
from service.schemas.completions import Completion, CompletionKind

MOST_NAMES = 100
MOST = 400
PARAGRAPHS_READ = 200
"""In a report without a table of names, the paragraphs that names are looked for in."""
ABOUT = 60
FOR = "لل"
"""Arabic writes "for the" onto a word: such a spelling is one of a sentence, not what somebody looks up."""


def completions(report: Report, language: Language | None) -> tuple[Completion, ...]:
    """The first so many of a report in that language, or in its first, each once; numbers come last, as they are many.

    >>> [each.text for each in completions(report, "ar") if each.kind == "heading"]
    ['الوقائع', 'ملخص الرئيس']
    """
    own = report.rendering(language)
    found: dict[str, Completion] = {}
    for each in _every(report, own):
        found.setdefault(each.text, each)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _every(report: Report, own: Rendering) -> Iterator[Completion]:
    yield from _of_kind("question", own.questions)
    yield from _of_kind("heading", own.headings[:MOST_NAMES])
    yield from _of_kind("name", islice(dict.fromkeys(_names(report, own)), MOST_NAMES))
    for ref in report.refs:
        text = own.by_ref[ref].text
        about = text if len(text) <= ABOUT else text[:ABOUT].rpartition(" ")[0] + " …"
        yield Completion(text=own.label(ref), kind="paragraph", about=about)


def _of_kind(kind: CompletionKind, texts: Iterable[str]) -> Iterator[Completion]:
    return (Completion(text=text, kind=kind) for text in texts)


def _names(report: Report, own: Rendering) -> Iterator[str]:
    """Persons and organisations, as that language's text writes them; without a table of them, the persons it lists."""
    if table := load_names(report.id):
        spelled = chain.from_iterable(name.forms for name in table if name.kind != "country")
        texts = "\n".join(paragraph.text for paragraph in own.paragraphs)
        return (name for name in spelled if name in texts and not name.startswith(FOR))
    read = islice(own.paragraphs, PARAGRAPHS_READ)
    return (p.text[span.start : span.end] for p in read for span in find_things("person", p.text))
