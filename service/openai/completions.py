"""A chat → a question; an answer → a completion whose markers are annotated with the paragraphs they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from corpus.errors import UnknownReport
from corpus.records import Report
from corpus.refs import parse_ref
from service.openai.schemas import (
    Annotation,
    AssistantMessage,
    ChatMessage,
    ChatRequest,
    UrlCitation,
    Usage,
    last_question,
)
from service.paragraphs.citing import cite, marker
from service.paragraphs.lookup import listed
from service.paragraphs.markdown import literal
from service.schemas.answers import AskResponse
from service.schemas.passages import PassageOut
from service.schemas.questions import MAX_HISTORY, MAX_TURN, AskRequest, Turn

NAME = "fiqra"
NEAREST = 3
_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")


def model_names(reports: Mapping[str, Report]) -> tuple[str, ...]:
    """`fiqra` for every report, `fiqra:<report>` for one."""
    return (NAME, *(f"{NAME}:{report}" for report in reports))


def report_of(model: str, reports: Mapping[str, Report]) -> str | None:
    """The report that a model's name means, or None for all. Raises UnknownReport.

    >>> report_of("fiqra:kyoto-2021-workshop-4", reports)
    'kyoto-2021-workshop-4'
    """
    names = model_names(reports)
    if model not in names:
        raise UnknownReport(f"there is no model {model[:60]!r}; there is {listed(names)}")
    return model.partition(":")[2] or None


def read_chat(chat: ChatRequest, reports: Mapping[str, Report]) -> AskRequest:
    """The question of a chat, with what was said before it; of a long conversation, its last turns.

    Raises UnknownReport where there is no such model.
    """
    messages = list(chat.messages)
    question = last_question(messages) or ChatMessage(role="user")
    before = messages[: len(messages) - 1 - messages[::-1].index(question)]
    history = [
        Turn(role=m.role, content=m.text[:MAX_TURN]) for m in before if m.role in {"user", "assistant"} and m.text
    ]
    return AskRequest(
        question=question.text, report=report_of(chat.model, reports), history=tuple(history[-MAX_HISTORY:])
    )


@dataclass(slots=True)
class Writer:
    """Writes an answer as it grows: each call adds what is new since the last one.

    Chats show content as Markdown, so statements are written as such; markers stay as they are. `origin` stands before
    the paths of links.
    """

    reports: Mapping[str, Report]
    origin: str
    content: str = ""
    annotations: list[Annotation] = field(default_factory=list)
    _said: int = 0  # statements
    _read: int = 0  # characters of the answer

    def grow(self, answer: AskResponse) -> Iterator[tuple[str, tuple[Annotation, ...]]]:
        """The statements that are new, each with its markers and their annotations; a warning before the first."""
        if answer.warning and not self.content:
            yield self._add(f"{answer.warning}\n\n", ())
        statements = answer.statements[self._said :]
        for statement, following in zip_longest(statements, statements[1:]):
            end = following.start if following else len(answer.answer)
            before = answer.answer[self._read : statement.start] + literal(statement.text)
            markers = _as_markdown(answer, statement.citations, answer.answer[statement.end : end])
            found = tuple(self._annotate(answer, statement.citations, markers, len(self.content) + len(before)))
            self._said, self._read = self._said + 1, end
            yield self._add(before + markers, found)

    def finish(self, answer: AskResponse) -> Iterator[tuple[str, tuple[Annotation, ...]]]:
        """What a chat has no other place for: fiqra's own words, the nearest paragraphs, the note."""
        if not answer.answered:
            near = "\n".join(f"- [{_label(p)}]({self.origin}{p.url})" for p in answer.passages[:NEAREST])
            yield self._add(f"{answer.answer}\n\n{near}" if near else answer.answer, ())
        if answer.note:
            yield self._add(f"\n\n{answer.note}", ())

    def message(self, answer: AskResponse) -> AssistantMessage:
        """The whole answer at once."""
        for _ in (*self.grow(answer), *self.finish(answer)):
            pass
        return AssistantMessage(content=self.content, annotations=tuple(self.annotations))

    def _add(self, text: str, annotations: tuple[Annotation, ...]) -> tuple[str, tuple[Annotation, ...]]:
        self.content += text
        self.annotations += annotations
        return text, annotations

    def _annotate(self, answer: AskResponse, cited: tuple[int, ...], markers: str, base: int) -> Iterator[Annotation]:
        """One for each of a statement's markers, ` [21(k)] [9]`, which stand at `base` in the content."""
        at = 0
        for position in cited:
            citation = answer.citations[position]
            report = self.reports[citation.report]
            written = marker(citation.ref, citation.language, citation.report_title, literal)
            start = markers.index(written, at)
            at = start + len(written)
            title = cite(report, report.rendering(citation.language), parse_ref(citation.ref))
            url = f"{self.origin}{citation.url}&start={citation.start}&end={citation.end}"
            yield Annotation(
                url_citation=UrlCitation(start_index=base + start, end_index=base + at, url=url, title=title)
            )


def _as_markdown(answer: AskResponse, cited: tuple[int, ...], markers: str) -> str:
    """A statement's markers with the names of their reports so that nothing in them is markup."""
    for position in dict.fromkeys(cited):
        c = answer.citations[position]
        if c.report_title:
            plain = marker(c.ref, c.language, c.report_title)
            markers = markers.replace(plain, marker(c.ref, c.language, c.report_title, literal))
    return markers


def _label(p: PassageOut) -> str:
    """The paragraph's number, with its report before it where several are loaded."""
    return f"{literal(p.report_title)}, {p.label}" if p.report_title else p.label


def usage(chat: ChatRequest, content: str) -> Usage:
    """Words and marks in and out.

    >>> count("Members agreed. [9]")
    6
    """
    read, written = sum(count(message.text) for message in chat.messages), count(content)
    return Usage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


def count(text: str) -> int:
    """How many words and punctuation marks a text has."""
    return len(_WORD_OR_MARK.findall(text))
