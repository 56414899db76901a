"""The part of OpenAI's chat completions that fiqra speaks. What it does not know in a request is ignored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, field_validator

from service.schemas.answers import AskResponse
from service.schemas.questions import MAX_QUESTION, not_empty


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class ContentPart(_In):
    """A part of a message; only `text` ones are read."""

    type: StrictStr
    text: StrictStr | None = None


class ChatMessage(_In):
    """A message of the conversation. System messages are ignored: fiqra has one way to answer."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: StrictStr | tuple[ContentPart, ...] | None = None

    @property
    def text(self) -> str:
        """What it says, its text parts put together."""
        if isinstance(self.content, str) or self.content is None:
            return self.content or ""
        return "\n".join(part.text or "" for part in self.content if part.type == "text")


class StreamOptions(_In):
    """What a stream carries besides the answer."""

    include_usage: StrictBool | None = None


class ChatRequest(_In):
    """A chat: its last user message is the question, the ones before it are the history.

    `temperature`, `max_tokens`, `stop`, offered `tools` and whatever else changes nothing for quotations are ignored.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"model": "fiqra", "messages": [{"role": "user", "content": "ما الذي تُشجّع الدول الأعضاء على رصده؟"}]},
            ]
        },
    )

    model: StrictStr = Field(description="`fiqra`, or `fiqra:<report>` for one report.")
    messages: tuple[ChatMessage, ...]
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    n: StrictInt | None = None
    tool_choice: Any = None
    function_call: Any = None
    response_format: Any = None
    modalities: Any = None
    audio: Any = None
    logprobs: Any = None

    @field_validator("messages")
    @classmethod
    def _ends_in_a_question(cls, messages: tuple[ChatMessage, ...]) -> tuple[ChatMessage, ...]:
        question = last_question(messages)
        if question is None:
            raise ValueError("hold no user message; the last one is the question")
        if isinstance(question.content, tuple) and (
            kinds := sorted({part.type[:40] for part in question.content} - {"text"})
        ):
            raise ValueError(f"the question has a part of type {', '.join(kinds)}; only text is read")
        if len(question.text) > MAX_QUESTION:
            raise ValueError(f"the question has {len(question.text):,} characters; it may have {MAX_QUESTION:,}")
        not_empty(question.text)
        return messages

    @field_validator("n")
    @classmethod
    def _one(cls, n: int | None) -> int | None:
        if n not in {None, 1}:
            raise ValueError("one completion is made, since a report says one thing; leave n out")
        return n

    @field_validator("tool_choice", "function_call")
    @classmethod
    def _no_tools(cls, choice: object) -> object:
        if choice not in (None, "none", "auto"):
            raise ValueError("fiqra calls no tools; it answers from the report")
        return choice

    @field_validator("response_format")
    @classmethod
    def _plain_text(cls, wanted: object) -> object:
        if wanted not in (None, {"type": "text"}):
            raise ValueError("answers are plain text with markers; POST /v1/ask answers in JSON")
        return wanted

    @field_validator("modalities", "audio")
    @classmethod
    def _no_sound(cls, wanted: object) -> object:
        if wanted not in (None, ["text"]):
            raise ValueError("answers are text")
        return wanted

    @field_validator("logprobs")
    @classmethod
    def _no_log_probabilities(cls, wanted: object) -> object:
        if wanted not in (None, False):
            raise ValueError("quotations have no log probabilities; POST /v1/ask answers with a confidence")
        return wanted


def last_question(messages: Iterable[ChatMessage]) -> ChatMessage | None:
    """The last message of the user."""
    return next((m for m in reversed(tuple(messages)) if m.role == "user"), None)


class UrlCitation(_Out):
    """A paragraph cited by the marker that is `content[start_index:end_index]`, in Unicode code points."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(_Out):
    """OpenAI's wrapping of a citation."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class Usage(_Out):
    """How much was read and written, in words and punctuation marks: no tokens are billed here."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class AssistantMessage(_Out):
    """The answer, each statement followed by its markers."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: tuple[Annotation, ...]


class Choice(_Out):
    """The one completion."""

    index: Literal[0] = 0
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(_Out):
    """An answer as a chat completion. `fiqra` is the same answer as `POST /v1/ask` gives it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    system_fingerprint: str
    choices: tuple[Choice]
    usage: Usage
    fiqra: AskResponse


class Delta(_Out):
    """What a chunk adds to the message."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    annotations: tuple[Annotation, ...] | None = None


class ChunkChoice(_Out):
    """The one completion, as it grows."""

    index: Literal[0] = 0
    delta: Delta
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class ChatChunk(_Out):
    """A part of a streamed completion. `usage` comes alone at the end, where it was asked for."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    system_fingerprint: str
    choices: tuple[ChunkChoice, ...]
    usage: Usage | None = None


class Model(_Out):
    """A model to choose: every report, or one of them."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["fiqra"] = "fiqra"


class ModelList(_Out):
    """Every model there is."""

    object: Literal["list"] = "list"
    data: tuple[Model, ...]


class OpenAIFault(_Out):
    """What was wrong, in OpenAI's words; `param` is where."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(_Out):
    """OpenAI's shape of an error, on this path alone."""

    error: OpenAIFault
