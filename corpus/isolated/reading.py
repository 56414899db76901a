"""Documents read apart: each in a process of its own that has limits, so that no file can stall or end the service.

    await read_apart(data, "report.pdf", Description("en"))   → (ReadDocument(…),)
    await draft_apart(data, "draft.docx")                     → the draft's text
    await picture_apart(data, "report.pdf", 3)                → its third page as a PNG

The process is started afresh by this interpreter, not forked from one that has threads and loaded models; it gets the
document on its standard input and an environment without any setting. Whatever becomes of it, the answer is a record
or DocumentRefused, with the limit that was met. A caller that is cancelled takes the process along.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import anyio
from anyio import to_thread
from anyio.abc import ByteReceiveStream, ByteSendStream, Process
from pydantic import ConfigDict, TypeAdapter, ValidationError

from corpus import errors
from corpus.documents import DocumentDescription, ReadDocument
from corpus.errors import CorpusError, DocumentRefused, Overloaded
from corpus.isolated.wire import Limits, Piece, Refusal, Task
from corpus.layout.told import refused
from corpus.readers.safety import MIB

log = logging.getLogger("fiqra")

LIMITS = Limits()
_ROOT = Path(__file__).resolve().parent.parent.parent
_COMMAND = (sys.executable, "-P", "-s", "-m", "corpus.isolated.child")
_CHUNK = 256 * 1024
_SLACK = MIB  # of the answer, for the line that says why there is none
_ERRORS = 4096  # of what a process that fails writes, for the log


async def read_apart(  # noqa: PLR0913 - each is a thing of its own
    data: bytes,
    name: str,
    given: DocumentDescription,
    *,
    strict: bool = False,
    origins: bool = False,
    limits: Limits = LIMITS,
) -> tuple[ReadDocument, ...]:
    """Read a document, or each language of an export. Raises CorpusError as reading does, or Overloaded."""
    pieces = await _pieces(data, Task(name, given, strict, limits, os.getpid(), origins))
    return await to_thread.run_sync(_documents, pieces)


async def draft_apart(data: bytes, name: str, *, limits: Limits = LIMITS) -> str:
    """The text of a Word file. Raises DocumentRefused or Overloaded."""
    pieces = await _pieces(data, Task(name, None, strict=False, limits=limits, parent=os.getpid()))
    return "".join(piece.text for piece in pieces)


async def picture_apart(
    data: bytes | Path, name: str, page: int, *, notes: bool = False, limits: Limits = LIMITS
) -> bytes:
    """A page of a PDF, or of one in a file, from 1, as a PNG. Raises DocumentRefused or Overloaded.

    Without `notes` it shows nothing that was laid over the page: comments, stamps, the fields of a form.
    """
    task = Task(name, None, strict=False, limits=limits, parent=os.getpid(), page=page, notes=notes)
    pieces = await _pieces(data, task)
    return b64decode("".join(piece.text for piece in pieces))


def _documents(pieces: Sequence[Piece]) -> tuple[ReadDocument, ...]:
    """The documents that the pieces are of."""
    found: list[tuple[ReadDocument, list[Piece]]] = []
    for piece in pieces:
        if piece.document is not None:
            found.append((piece.document, []))
        elif found:
            found[-1][1].append(piece)
    return tuple(
        replace(
            document,
            text="".join(piece.text for piece in own),
            origins=tuple(origin for piece in own for origin in piece.origins),
            boxes="".join(piece.boxes for piece in own),
            rendering=replace(document.rendering, paragraphs=tuple(p for piece in own for p in piece.paragraphs)),
        )
        for document, own in found
    )


async def _pieces(data: bytes | Path, task: Task) -> list[Piece]:
    """The answer of a process that reads the document. Raises the error in it, or DocumentRefused for a limit met."""
    try:
        told = task.line()
    except UnicodeEncodeError as error:
        raise refused("no_name") from error
    answer = await _answered(told, data, task)
    *pieces, last = await to_thread.run_sync(_decoded, answer.lines)
    if last.refused is not None:
        raise _error(last.refused)
    if not last.done:
        raise _death(answer, task)
    return pieces


@dataclass(frozen=True, slots=True)
class _Answer:
    lines: bytes
    status: int
    errors: bytes


async def _answered(told: bytes, data: bytes | Path, task: Task) -> _Answer:
    """What the process writes until it ends; it never outlives this call."""
    try:
        process = await anyio.open_process(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=_ROOT,
            env=_environment(),
        )
    except OSError as error:
        raise Overloaded(f"no process can be started to read {task.name} in ({error.strerror}); try again") from error
    try:
        with anyio.fail_after(task.limits.wall_s):
            return await _conversation(process, (told, data), task.limits.answer + _SLACK)
    except TimeoutError:
        raise refused("slow_reading", name=task.name, most=task.limits.wall_s) from None
    finally:
        with anyio.CancelScope(shield=True):
            if process.returncode is None:
                process.kill()
            await process.aclose()


def _environment() -> dict[str, str]:
    """What a process needs to find the same code, and nothing of the service's settings."""
    paths = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
    kept = {name: os.environ[name] for name in ("PYTHONDONTWRITEBYTECODE",) if name in os.environ}
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        **kept,
    }


async def _conversation(process: Process, said: Sequence[bytes | Path], most: int) -> _Answer:
    assert process.stdin is not None  # noqa: S101 - each is a pipe
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    lines, faults = bytearray(), bytearray()
    async with anyio.create_task_group() as group:
        group.start_soon(_say, process.stdin, said)
        group.start_soon(_hear, process.stderr, faults, _ERRORS)
        if not await _hear(process.stdout, lines, most):
            process.kill()
    return _Answer(bytes(lines), await process.wait(), bytes(faults))


async def _say(stream: ByteSendStream, said: Sequence[bytes | Path]) -> None:
    """Send all of it; a process that has seen enough need not hear the rest. Of a file no more is held than is sent."""
    try:
        for data in said:
            if isinstance(data, Path):
                async with await anyio.open_file(data, "rb") as file:
                    while chunk := await file.read(_CHUNK):
                        await stream.send(chunk)
                continue
            for at in range(0, len(data), _CHUNK):
                await stream.send(data[at : at + _CHUNK])
        await stream.aclose()
    except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
        return


async def _hear(stream: ByteReceiveStream, heard: bytearray, most: int) -> bool:
    """Receive to the end, but keep no more than that much; whether that was all."""
    whole = True
    try:
        async for chunk in stream:
            room = most - len(heard)
            heard += chunk[:room]
            if len(chunk) > room:
                whole = False
                break
    except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
        return False
    return whole


@cache
def _lines() -> TypeAdapter[tuple[Piece]]:
    return TypeAdapter(tuple[Piece], config=ConfigDict(extra="forbid", strict=True))


def _decoded(lines: bytes) -> list[Piece]:
    """The lines as pieces; where one is no piece, what comes before it, and an end that is none."""
    pieces: list[Piece] = []
    for line in filter(None, lines.split(b"\n")):
        try:
            pieces += _lines().validate_json(b"[%b]" % line)
        except ValidationError:
            break
    return pieces if pieces and (pieces[-1].done or pieces[-1].refused) else [*pieces, Piece()]


def _error(refusal: Refusal) -> CorpusError:
    kind = getattr(errors, refusal.error, None)
    if not (isinstance(kind, type) and issubclass(kind, CorpusError)):
        kind = DocumentRefused
    return kind(refusal.message, refusal.detail_ar)


def _death(answer: _Answer, task: Task) -> CorpusError:
    """Why a process ended without an answer, in words for the person who handed the document in."""
    name, limits = task.name, task.limits
    if answer.status == -signal.SIGXCPU:
        return refused("costly_reading", name=name, most=limits.cpu_s)
    if len(answer.lines) >= limits.answer:
        return refused("large_answer", name=name, most=limits.answer // MIB)
    if answer.status < 0:
        ended = signal.Signals(-answer.status).name
        return refused("ended_reading", name=name, signal=ended, most=limits.memory // MIB)
    log.error("a reading process ended with status %d: %s", answer.status, answer.errors.decode("utf-8", "replace"))
    return refused("failed_reading", name=name, status=str(answer.status))
