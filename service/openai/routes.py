"""`POST /v1/chat/completions`, plain and streaming, and `GET /v1/models`. Any key that a client sends is ignored."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse

from corpus.errors import FiqraError
from service.answering.asking import Asked, answers, begin, unless_left, whole_answer
from service.answering.engine import Engine
from service.http.event_stream import NOT_STORED
from service.http.problems import CALLER_LEFT, OTHERS, REFUSALS, problem_of, unexpected
from service.http.routes import examples
from service.http.routes.dependencies import CurrentState
from service.openai.completions import Writer, model_names, read_chat, report_of, usage
from service.openai.errors import PATH, in_openai_shape
from service.openai.schemas import (
    Annotation,
    ChatChunk,
    ChatCompletion,
    ChatRequest,
    Choice,
    ChunkChoice,
    Delta,
    Model,
    ModelList,
    OpenAIError,
)
from service.paragraphs.links import origin
from service.schemas.answers import AskResponse
from service.state import State

_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": OpenAIError, "description": "A request that cannot be met, in OpenAI's shape."},
    "5XX": {"model": OpenAIError, "description": "No answer at the moment, in OpenAI's shape; clients try again."},
}
router = APIRouter(tags=["openai"])


@router.post(
    PATH,
    operation_id="create_chat_completion",
    response_model=ChatCompletion,
    responses={200: {"content": {"text/event-stream": {}}, "description": examples.CHUNKS}, **_ERRORS},
)
async def create_chat_completion(
    state: CurrentState, request: Request, body: Annotated[ChatRequest, examples.CHATS]
) -> ChatCompletion | Response:
    """Answer the last user message of a chat, for clients that speak to OpenAI."""
    engine = state.ready_engine()
    question = read_chat(body, engine.contents.by_id)
    writer = Writer(engine.contents.by_id, origin(request))
    if body.stream:
        asked = await unless_left(request, begin(state, question))
        if asked is None:
            return Response(status_code=CALLER_LEFT)
        events = _chunks(state, body, asked, writer)
        return StreamingResponse(events, headers=NOT_STORED, media_type="text/event-stream")
    answer = await unless_left(request, whole_answer(state, question))
    if answer is None:
        return Response(status_code=CALLER_LEFT)
    message = await state.reading.run(lambda: writer.message(answer))
    used = await state.reading.run(lambda: usage(body, message.content))
    return ChatCompletion(
        **_head(body, engine, answer.id), choices=(Choice(message=message),), usage=used, fiqra=answer
    )


def _head(body: ChatRequest, engine: Engine, answer_id: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{answer_id}",
        "created": int(time.time()),
        "model": body.model,
        "system_fingerprint": f"fiqra_{engine.name}",
    }


async def _chunks(state: State, body: ChatRequest, asked: Asked, writer: Writer) -> AsyncIterator[bytes]:
    """The role, then each statement as it is proved, then the reason to stop, and `[DONE]`."""
    head = _head(body, asked.engine, asked.quoted.id)
    counted = body.stream_options is not None and body.stream_options.include_usage

    def chunk(delta: Delta, finish: str | None = None) -> bytes:
        choice = ChunkChoice.model_validate({"delta": delta, "finish_reason": finish})
        left_out = None if counted else {"usage"}  # null in each of these chunks where it was asked for
        return _event(ChatChunk(**head, choices=(choice,)).model_dump_json(exclude=left_out))

    def added(text: str, annotations: tuple[Annotation, ...]) -> bytes:
        return chunk(Delta(content=text, annotations=annotations or None))

    answer = asked.quoted
    yield chunk(Delta(role="assistant", content=""))
    try:
        async for answer in answers(state, asked):
            for text, annotations in await state.reading.run(partial(_grown, writer, answer)):
                yield added(text, annotations)
        for text, annotations in writer.finish(answer):
            yield added(text, annotations)
        yield chunk(Delta(), "stop")
        if counted:
            used = await state.reading.run(lambda: usage(body, writer.content))
            yield _event(ChatChunk(**head, choices=(), usage=used).model_dump_json())
        yield _event("[DONE]")
    except FiqraError as error:
        yield _event(in_openai_shape(problem_of(error).document)[1].model_dump_json())
    except Exception as error:  # noqa: BLE001 - the status line has been sent; this is what can still be said
        yield _event(in_openai_shape(unexpected(error).document)[1].model_dump_json())


def _grown(writer: Writer, answer: AskResponse) -> list[tuple[str, tuple[Annotation, ...]]]:
    return list(writer.grow(answer))


def _event(data: str) -> bytes:
    return format_sse_event(data_str=data)


@router.get("/v1/models", operation_id="list_models", responses={503: REFUSALS[503], **OTHERS})
async def list_models(state: CurrentState) -> ModelList:
    """The models to choose from: `fiqra` answers from every report, `fiqra:<report>` from one."""
    return ModelList(data=tuple(_model(name, state) for name in model_names(state.ready_engine().contents.by_id)))


@router.get("/v1/models/{model}", operation_id="get_model", responses=REFUSALS | OTHERS)
async def get_model(
    state: CurrentState, model: Annotated[str, Path(max_length=300, examples=["fiqra:kyoto-2021-workshop-4"])]
) -> Model:
    """One model, by name."""
    report_of(model, state.ready_engine().contents.by_id)
    return _model(model, state)


def _model(name: str, state: State) -> Model:
    return Model(id=name, created=state.started)
