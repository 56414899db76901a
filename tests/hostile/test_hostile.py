"""Every hostile input of tests/hostile against every address of the app, those that come later included.

A request is refused with a problem document or answered in earnest: never 5xx, never over a second of processor time,
and no secret in any answer. `make test` sends each input to a part of the addresses, `make stress` to all of them.
"""

from __future__ import annotations

import asyncio
import copy
import html
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from pydantic import HttpUrl, SecretStr

from corpus.errors import CorpusError, UnreadableReference
from corpus.language import detect
from corpus.layout.paragraphs import read_layout
from corpus.readers.txt import read_lines
from corpus.records import Report
from corpus.refs import find_refs, parse_refs
from corpus.text import clean, fold
from service.answering.engine import understand
from service.app import build_app
from service.drafts.check import verify_draft
from service.faithful.shortening import shorten
from service.generation.generator import Prompt
from service.generation.prompt import write_prompt
from service.state import State
from tests.hostile import KINDS, inputs, texts
from tests.support.asgi import Address, Reply, addresses, call
from tests.support.pace import slowness
from tests.support.services import build, hashed_state
from tests.support.sizes import size

CANARIES = ("canary-admin-5d1e0b", "canary-model-77c3a9")
JSON = (b"content-type", b"application/json")
HTML = (b"accept", b"text/html")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")


def with_text(example: Any, text: str) -> Iterator[Any]:
    """The example with the text in the place of each of its strings, one at a time."""
    places: list[tuple[Any, ...]] = []

    def find(value: Any, place: tuple[Any, ...]) -> None:
        if isinstance(value, str):
            places.append(place)
        elif isinstance(value, dict | list):
            for key, child in value.items() if isinstance(value, dict) else enumerate(value):
                find(child, (*place, key))

    find(example, ())
    for place in places:
        spoilt = copy.deepcopy(example)
        at = spoilt
        for key in place[:-1]:
            at = at[key]
        at[place[-1]] = text
        yield spoilt


Request = tuple[str, bytes, list[tuple[bytes, bytes]], bytes]
Found = Sequence[Address]


def bodies(gets: Found, posts: Found) -> Iterator[Request]:
    """Each body to each address that takes one."""
    for body in inputs("bodies"):
        yield from (("POST", a.with_ref(b"21(k)"), [JSON], body) for a in posts)


def written(kind: str, gets: Found, posts: Found) -> Iterator[Request]:
    """Each text in the place of each string of each example body, and as a query."""
    for text in texts(kind):
        for a in posts:
            for spoilt in (s for example in a.examples for s in with_text(example, text)):
                yield "POST", a.with_ref(b"21(k)"), [JSON], json.dumps(spoilt, ensure_ascii=False).encode()
        word = quote(text[:3000]).encode()
        yield from (("GET", a.with_ref(b"21(k)") + b"?q=" + word + b"&ref=" + word, [], b"") for a in gets)


def refs(gets: Found, posts: Found) -> Iterator[Request]:
    """Each ref in each path that has a gap, for programs and for people, and in each query."""
    for raw in inputs("refs"):
        ref = quote(raw, safe="/%()").encode()
        for a in gets:
            if "{" in a.path:
                yield from (("GET", a.with_ref(ref), accept, b"") for accept in ([], [HTML]))
            yield "GET", a.with_ref(b"21(k)") + b"?ref=" + ref + b"&report=" + ref + b"&lang=" + ref, [HTML], b""


def paths(gets: Found, posts: Found) -> Iterator[Request]:
    """Each target with each method."""
    for target in inputs("paths"):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            yield method, target, [JSON], b"{}" if method in {"POST", "PUT"} else b""


def queries(gets: Found, posts: Found) -> Iterator[Request]:
    """Each query behind each address."""
    for query in inputs("queries"):
        yield from (("GET", a.with_ref(b"21(k)") + b"?" + query, [HTML], b"") for a in gets)


def headers(gets: Found, posts: Found) -> Iterator[Request]:
    """Each header with each call."""
    for line in inputs("headers"):
        name, _, value = line.partition(b": ")
        header = (name.rstrip(b":"), value)
        yield from (("GET", a.with_ref(b"21(k)"), [header], b"") for a in gets)
        yield from (("POST", a.with_ref(b"21(k)"), [JSON, header], b'{"question": "a"}') for a in posts)


SENT: dict[str, Callable[[Found, Found], Iterator[Request]]] = {
    "bodies": bodies,
    "questions": partial(written, "questions"),
    "documents": partial(written, "documents"),
    "refs": refs,
    "paths": paths,
    "queries": queries,
    "headers": headers,
}


def requests(app: FastAPI, kind: str) -> list[Request]:
    """Each input of a kind at each address that takes it."""
    found = addresses(app)
    return [*SENT[kind]([a for a in found if "GET" in a.methods], [a for a in found if "POST" in a.methods])]


def fault_of(request: Request, reply: Reply) -> str | None:
    """What is wrong with a reply, or None."""
    kind = reply.headers.get("content-type", "")
    text = reply.body.decode("utf-8", "replace")
    head = "".join(f"{name}: {value}" for name, value in reply.headers.items())
    elsewhere = not re.match(r"/(?![/\\])", reply.headers.get("location", "/"))
    wrong = {
        f"status {reply.status}": not 200 <= reply.status < 500,
        f"{reply.cpu_s:.2f} s of processor time": reply.cpu_s > 1 and reply.cpu_s > slowness(),
        "a secret leaked": any(canary in text + head for canary in CANARIES),
        f"{reply.status} and no problem document: {kind} {text[:80]}": (
            reply.status >= 400 and not _is_refusal(request[0], kind, text)
        ),
        "a direction mark is shown": "text/html" in kind and bool(BIDI.search(html.unescape(text))),
        "a header with a line break": "\r" in head or "\n" in head,
        f"sent elsewhere: {reply.headers.get('location', '')[:80]}": elsewhere,
    }
    return next((what for what, holds in wrong.items() if holds), None)


def _is_refusal(method: str, kind: str, text: str) -> bool:
    if method == "HEAD" or "text/html" in kind or not text or "event-stream" in kind:
        return True
    if "json" in kind:
        return isinstance(json.loads(text), dict)
    return text.startswith("Disallowed CORS")


class Echo:
    """A language model that repeats its prompt, a secret and a marker."""

    async def generate(self, prompt: Prompt) -> str:
        lines = "\n".join(turn.text for turn in prompt).split("\n")
        return "\n".join(f"{line} [21(k)]\n{line} {CANARIES[1]} [21(k)]" for line in lines)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, report: Report) -> State:
    """With both secrets set and a language model that repeats what it is told, its prompt included."""
    folder = tmp_path_factory.mktemp("hostile")
    build(folder, report)
    state = hashed_state(
        folder,
        admin_token=SecretStr(CANARIES[0]),
        llm_base_url=HttpUrl("http://127.0.0.1:9/v1"),
        llm_model="echo",
        llm_api_key=SecretStr(CANARIES[1]),
    )
    state.generator = Echo()
    return state


def test_there_are_over_four_hundred_inputs_and_each_is_another() -> None:
    lines = [(kind, data) for kind in KINDS for data in inputs(kind)]
    assert len(lines) == len(set(lines)) >= 400
    for script in ("[\u0621-\u064a]", "[a-z]"):
        for kind in set(KINDS) - {"paths", "queries"}:  # where what is Arabic is percent-encoded
            assert any(re.search(script, text) for text in texts(kind)), kind


@pytest.mark.parametrize("kind", KINDS)
def test_no_input_breaks_an_address(state: State, kind: str) -> None:
    """Taken out by hand: the check of JSON in `BodyGuard` together with fiqra's own answer to invalid input (500 for
    NaN and surrogates; either of the two suffices, and test_guards holds the first), and the redirect made a path in
    `SecurityHeaders` (paths and refs: sent to where the Host header says).
    """
    app = build_app(state)
    chosen = requests(app, kind)
    assert len(chosen) > 300
    chosen = chosen[:: max(1, len(chosen) // size(350, 10**9))]

    async def send_all() -> list[tuple[str, Request]]:
        async with app.router.lifespan_context(app):
            faults = [(fault_of(request, await call(app, *request)), request) for request in chosen]
        return [(fault, (r[0], r[1][:120], r[2], r[3][:120])) for fault, r in faults if fault]

    assert asyncio.run(send_all()) == []


def test_every_address_is_met(state: State) -> None:
    """A route that comes later is in the list by itself, mounts and pages too."""
    app = build_app(state)

    @app.post("/later/{ref}")
    def later(ref: str) -> str:
        return ref

    found = {address.path for address in addresses(app)}
    assert {
        "/v1/ask",
        "/v1/verify",
        "/v1/paragraphs/{ref:path}",
        "/p/{report_id}/{reference:path}",
        "/later/{ref}",
    } <= found
    assert b"/later/21(k)" in {request[1] for request in requests(app, "bodies")}


# ------------------------------------------------------------------------------------------- what reads a caller's text


@pytest.mark.parametrize("kind", ["questions", "refs", "documents"])
def test_reading_a_text_takes_under_fifty_milliseconds(kind: str) -> None:
    """Of processor time, for a question's 2,000 characters, the best of three runs.

    Taken out by hand (the cut at 2,000 characters, which is the schema's), documents of 40,000 take up to 0.27 seconds.
    """
    slow = {}
    for text in (text[:2000] for text in texts(kind)):
        took = []
        for _ in range(3):
            started = time.thread_time()
            understand(text, None)
            find_refs(clean(text))
            fold(text)
            took.append(time.thread_time() - started)
            if took[-1] < 0.05:
                break
        if min(took) >= 0.05 and min(took) >= 0.05 * slowness():
            slow[text[:30]] = min(took)
    assert slow == {}


def test_joiners_survive_cleaning_and_direction_marks_do_not() -> None:
    """Taken out by hand (the unseen characters that `clean` takes out), the marks stay; with all format characters
    taken, ZWNJ goes.
    """
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert "\u200d" in clean("\U0001f469\u200d\U0001f467 ک\u200d")
    assert not BIDI.search(clean("a\u202eb\u2066c\u2069d\u061ce"))


def test_every_text_is_read_or_refused(report: Report) -> None:
    """The grammar, the language, the verifier: they raise what they say they raise, and nothing else."""
    for kind in ("questions", "refs", "documents"):
        for text in texts(kind):
            detect(text[:2000])
            with suppress(UnreadableReference):
                parse_refs(text)
            if kind != "refs":
                verify_draft(report, text[:60_000])


def test_every_document_becomes_a_report_or_is_refused_with_the_reason() -> None:
    """Through the reader and the numbering, as `fiqra ingest` would send it."""
    reasons = []
    for number, data in enumerate(inputs("documents")):
        name = f"{number}.txt"
        try:
            read_layout(read_lines(data, name), name)
        except CorpusError as error:
            reasons.append(str(error))
    assert len(reasons) > 5
    assert all(reasons)


def test_a_page_shows_what_a_caller_sends_as_text_or_not_at_all(state: State) -> None:
    """Taken out by hand (`autoescape`), the script stands in a page."""
    app = build_app(state)

    async def pages() -> list[str]:
        words = [quote(text).encode() for text in ("<script>alert(1)</script>", '"><svg onload=alert(1)>')]
        starts = (b"/?q=", b"/?lang=", b"/p/x/", b"/reports/", b"/look-up?ref=", b"/")
        replies = [await call(app, "GET", start + word, [HTML]) for word in words for start in starts]
        return [reply.body.decode() for reply in replies]

    for page in asyncio.run(pages()):
        assert "<script>alert" not in page
        assert "<svg onload" not in page


def test_no_prompt_reaches_a_caller(state: State) -> None:
    """The model repeats its whole prompt; nothing of it that is not the report's comes out.

    Taken out by hand (every check in `prove`), the prompt's first line is an answer.
    """
    app = build_app(state)
    orders = write_prompt("zxqv", [], "en", may_decline=True)[0].text[:60]
    body = json.dumps({"question": "What does paragraph 21 (k) say?", "mode": "llm"}).encode()
    reply = asyncio.run(call(app, "POST", b"/v1/ask", [JSON], body))
    assert reply.status == 200
    answer = json.loads(reply.body)
    assert answer["mode"] == "llm"  # so it was asked, and points at the sentence that stands in its prompt
    for statement in answer["statements"]:
        quote = answer["citations"][statement["citations"][0]]["quote"]
        assert shorten(statement["text"], quote, "en").is_faithful
    assert orders not in reply.body.decode()
    assert not any(canary in reply.body.decode() for canary in CANARIES)
