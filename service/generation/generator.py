"""The seam to a language model: a chat in, its next turn out, or a fault with a short reason. That turn is not trusted.

    ChatCompletions   any OpenAI-compatible server (Ollama, vLLM, llama.cpp, a hosted one), over httpx
    Breaker           spares a server that fails: three faults in a row, then half a minute of rest
    FakeGenerator     says what it is told to, for tests and for trying fiqra out

Neither prompt nor key ever stands in a log line or a message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, Protocol

import anyio
import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from corpus.errors import FiqraError

log = logging.getLogger("fiqra")

MAX_RESPONSE = 256 * 1024
MAX_TOKENS = 400
# How a server that can is to shape its reply: lines, as the prompt asks for them.
LINES = {
    "type": "json_schema",
    "json_schema": {
        "name": "lines",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"lines": {"type": "array", "items": {"type": "string"}}},
            "required": ["lines"],
            "additionalProperties": False,
        },
    },
}
_UNKNOWN_FIELD = frozenset({"http_400", "http_404", "http_422", "http_501"})
FAULTS = 3
REST_S = 30.0


class GeneratorFault(FiqraError):
    """The language model gave no text. `reason` is a word or two: `timeout`, `http_429`, `not_json`, `resting`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the language model failed: {reason}")
        self.reason = reason


class Turn(NamedTuple):
    """What one side of a chat says."""

    role: Literal["user", "assistant"]
    text: str


Prompt = Sequence[Turn]


class Generator(Protocol):
    """What writes a text for a prompt: the next turn of a chat."""

    async def generate(self, prompt: Prompt) -> str:
        """The model's text, not empty. Raises GeneratorFault."""
        ...


class FakeGenerator:
    """Gives its texts one after the other, the last one for ever; an exception among them is raised.

    >>> anyio.run(FakeGenerator(["Members agreed. [9]"]).generate, [Turn("user", "any prompt")])
    'Members agreed. [9]'
    """

    def __init__(self, texts: Iterable[str | Exception]) -> None:
        self._texts = list(texts)
        self.prompts: list[Prompt] = []

    async def generate(self, prompt: Prompt) -> str:
        """See `Generator.generate`."""
        text = self._texts[min(len(self.prompts), len(self._texts) - 1)]
        self.prompts.append(prompt)
        if isinstance(text, Exception):
            raise text
        return text


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: list[_Choice]


class ChatCompletions:
    """`POST {base_url}/chat/completions` at temperature 0, within `timeout_s` from the first byte to the last."""

    def __init__(
        self, client: httpx.AsyncClient, base_url: str, model: str, key: SecretStr | None, timeout_s: float
    ) -> None:
        self._client = client
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._timeout_s = timeout_s
        self._shapes = True  # until the server refuses to

    async def generate(self, prompt: Prompt) -> str:
        """See `Generator.generate`.

        Causes are cut off: a client's own message may hold the address, or a header with the key.
        """
        try:
            with anyio.fail_after(self._timeout_s):
                body = await self._shaped(prompt)
        except (TimeoutError, httpx.TimeoutException):
            raise GeneratorFault("timeout") from None
        except httpx.ConnectError:
            raise GeneratorFault("unreachable") from None
        except (httpx.HTTPError, httpx.StreamError, RuntimeError, ValueError):
            raise GeneratorFault("broken_reply") from None
        try:
            completion = _Completion.model_validate_json(body)
        except ValidationError as error:
            kinds = {e["type"] for e in error.errors(include_input=False, include_url=False)}
            raise GeneratorFault("not_json" if kinds == {"json_invalid"} else "wrong_schema") from None
        text = completion.choices[0].message.content if completion.choices else ""
        if not text.strip():
            raise GeneratorFault("empty")
        return text

    async def _shaped(self, prompt: Prompt) -> bytes:
        """The reply in the shape of LINES, or as text from a server that does not know how."""
        if self._shapes:
            try:
                return await self._post(prompt, shaped=True)
            except GeneratorFault as fault:
                if fault.reason not in _UNKNOWN_FIELD:
                    raise
                self._shapes = False
        return await self._post(prompt, shaped=False)

    async def _post(self, prompt: Prompt, *, shaped: bool) -> bytes:
        """The body of a good reply, bounded while it is read; it is asked for uncompressed and never unpacked."""
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if self._key is not None:
            headers["authorization"] = f"Bearer {self._key.get_secret_value()}"
        asked = {
            "model": self._model,
            "messages": [{"role": turn.role, "content": turn.text} for turn in prompt],
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "stream": False,
            **({"response_format": LINES} if shaped else {}),
        }
        timeout = httpx.Timeout(self._timeout_s)
        async with self._client.stream(
            "POST", self._url, json=asked, headers=headers, timeout=timeout, follow_redirects=False
        ) as reply:
            if reply.is_redirect:
                raise GeneratorFault("redirect")
            if reply.status_code != httpx.codes.OK:
                raise GeneratorFault(f"http_{reply.status_code}")
            body = bytearray()
            async for part in reply.aiter_raw():
                body += part
                if len(body) > MAX_RESPONSE:
                    raise GeneratorFault("too_long")
            return bytes(body)


class Breaker:
    """A generator that rests after FAULTS in a row: for REST_S nobody is kept waiting, then one call tries it again.

    `clock` counts seconds.
    """

    def __init__(self, generator: Generator, clock: Callable[[], float]) -> None:
        self._generator = generator
        self._clock = clock
        self._faults = 0
        self._rested_from = 0.0
        self._trying = False

    async def generate(self, prompt: Prompt) -> str:
        """See `Generator.generate`. Raises GeneratorFault("resting") at once while it rests."""
        trial = self._faults >= FAULTS
        if trial and (self._trying or self._clock() < self._rested_from + REST_S):
            raise GeneratorFault("resting")
        self._trying = self._trying or trial
        try:
            text = await self._generator.generate(prompt)
        except GeneratorFault as fault:
            self._faults += 1
            self._rested_from = self._clock()
            log.warning("the language model failed: %s (%d in a row)", fault.reason, self._faults)
            raise
        finally:
            if trial:
                self._trying = False  # also where the caller left amid the trial
        self._faults = 0
        return text
