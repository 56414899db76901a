r"""What a reading process is told, and what it answers: a line of JSON before the document, and lines of JSON back.

    Task("report.pdf", Description("en"), strict=False, …).line() → b'{"name": "report.pdf", …}\n', then the bytes
    {"document": {…}}, {"paragraphs": […]}, {"origins": […]}, {"boxes": "…"}, {"text": "…"}, {"done": true}   one read
    {"refused": {"error": "DocumentRefused", "message": "…"}}                  one that was not

Nothing is pickled: both ends make records of what they get.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any

from corpus.documents import DocumentDescription, ReadDocument
from corpus.origins import Origin
from corpus.readers.safety import MIB
from corpus.records import Paragraph

_PARAGRAPHS, _CHARACTERS = 50, 256 * 1024  # in one line, so that no line takes long to make or to read


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take: bytes of memory, seconds of processor time and of waiting, bytes of answer.

    A PDF of a thousand pages takes 0.9 GiB and under a minute; nothing that people write takes more.
    """

    memory: int = 1024 * MIB
    cpu_s: int = 60
    wall_s: int = 300
    answer: int = 128 * MIB


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be read: `given` is what its person says of it, or None where it is a draft, read for its text.

    `parent` is the process that waits for the answer. With `origins` the answer says where the lines come from; with
    `page` it is the picture of that page, from 1, and nothing is read; `notes` are on it that people laid over it.
    """

    name: str
    given: DocumentDescription | None
    strict: bool
    limits: Limits
    parent: int
    origins: bool = False
    page: int | None = None
    notes: bool = False

    def line(self) -> bytes:
        """As it is sent. Raises UnicodeEncodeError where a name or title is no text."""
        return json.dumps(asdict(self), ensure_ascii=False).encode() + b"\n"

    @classmethod
    def of(cls, line: bytes) -> Task:
        """As it was sent."""
        told = json.loads(line)
        given = None if told["given"] is None else DocumentDescription(**told["given"])
        return cls(**{**told, "given": given, "limits": Limits(**told["limits"])})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document is not read: the class of the error, of those in `corpus.errors`, and its message."""

    error: str
    message: str
    detail_ar: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of an answer, which has one of these; `document` comes without its paragraphs, origins, boxes and text."""

    document: ReadDocument | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    origins: tuple[Origin, ...] = ()
    boxes: str = ""
    text: str = ""
    refused: Refusal | None = None
    done: bool = False


def pieces_of(document: ReadDocument) -> Iterator[dict[str, Any]]:
    """A document as lines that are small."""
    rendering = document.rendering
    yield {"document": replace(document, text="", origins=(), boxes="", rendering=replace(rendering, paragraphs=()))}
    for at in range(0, len(rendering.paragraphs), _PARAGRAPHS):
        yield {"paragraphs": rendering.paragraphs[at : at + _PARAGRAPHS]}
    for at in range(0, len(document.origins), _PARAGRAPHS):
        yield {"origins": document.origins[at : at + _PARAGRAPHS]}
    for at in range(0, len(document.boxes), _CHARACTERS):
        yield {"boxes": document.boxes[at : at + _CHARACTERS]}
    yield from pieces_of_text(document.text)


def pieces_of_text(text: str) -> Iterator[dict[str, Any]]:
    """A text as lines that are small."""
    for at in range(0, len(text), _CHARACTERS):
        yield {"text": text[at : at + _CHARACTERS]}


def written(piece: dict[str, Any]) -> bytes:
    """A line of an answer, as JSON."""
    return json.dumps(piece, ensure_ascii=False, default=_fields).encode() + b"\n"


def _fields(record: object) -> dict[str, Any]:
    if not is_dataclass(record):
        raise TypeError(f"{type(record).__name__} is no record")
    return {field.name: getattr(record, field.name) for field in fields(record)}
