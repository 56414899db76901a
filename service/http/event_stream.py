r"""An answer as server-sent events, each as soon as it is proved.

event: passages    the paragraphs that were found
event: delta       a statement
event: citation    a citation, each once, after the first statement that cites it
event: done        the whole answer
event: error       a problem document, where something breaks on the way
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi.sse import format_sse_event
from pydantic import TypeAdapter
from starlette.responses import Response, StreamingResponse

from corpus.errors import FiqraError
from service.answering.asking import Asked, answers
from service.http.problems import problem_of, unexpected
from service.schemas.passages import PassageOut
from service.state import State

NOT_STORED = {"cache-control": "no-store", "x-accel-buffering": "no"}
_PASSAGES = TypeAdapter(tuple[PassageOut, ...])


def stream(state: State, asked: Asked) -> Response:
    """The response; whoever stops reading stops the work."""
    return StreamingResponse(events(state, asked), headers=NOT_STORED, media_type="text/event-stream")


async def events(state: State, asked: Asked) -> AsyncIterator[bytes]:
    """The events of an answer, in order."""
    cited = said = 0
    answer = asked.quoted
    yield _event("passages", _PASSAGES.dump_json(answer.passages))
    try:
        async for answer in answers(state, asked):
            for statement in answer.statements[said:]:
                yield _event("delta", statement.model_dump_json())
                said += 1
                for citation in answer.citations[cited : max(statement.citations) + 1]:
                    yield _event("citation", citation.model_dump_json())
                    cited += 1
        yield _event("done", answer.model_dump_json())
    except FiqraError as error:
        yield _event("error", bytes(problem_of(error).body))
    except Exception as error:  # noqa: BLE001 - the status line has been sent; this is what can still be said
        yield _event("error", bytes(unexpected(error).body))


def _event(name: str, data: str | bytes) -> bytes:
    return format_sse_event(event=name, data_str=data.decode() if isinstance(data, bytes) else data)
