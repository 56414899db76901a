"""Generated input: requests drawn from the OpenAPI document, and text for the grammar, the reader and the verifier.

Some hundreds of cases in `make test`, over 2,000 in `make stress`. Those of Schemathesis come from the document itself,
so that calls which come later are tried by themselves.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.openapi import from_dict

from corpus.errors import CorpusError, UnreadableReference
from corpus.layout.paragraphs import read_layout
from corpus.readers.txt import read_lines
from corpus.records import Report
from corpus.refs import find_refs, parse_refs
from corpus.reports import load_reports
from service.app import build_app
from service.drafts.check import verify_draft
from service.http.guards import Refused, parse
from service.state import State
from tests.support.asgi import call
from tests.support.pace import slowness
from tests.support.services import build, hashed_state
from tests.support.sizes import size

RELAXED = list(HealthCheck)
EACH = settings(max_examples=size(60, 700), deadline=None, suppress_health_check=RELAXED)
REFS = st.text("0123456789٠١٢٣٤٥٦٧٨٩۱۲()[]{}abkzأبكيھ .,;-–—/\u200f\u202eparagraphsالفقرة", max_size=80)
WRITTEN = st.text(max_size=400) | REFS | st.text('“”"«»‘’>…[]()21k \nكلمةword', max_size=300)
"""Any text; text that is nearly a reference; text that is nearly a quotation."""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, report: Report) -> State:
    folder: Path = tmp_path_factory.mktemp("fuzz")
    build(folder, report)
    return hashed_state(folder)


def cases_of(operation: Any, mode: schemathesis.GenerationMode) -> list[Any]:
    """Requests that fit the operation's schema, or that do not; none where it takes no input that could be wrong."""
    drawn: list[Any] = []

    @settings(max_examples=size(5, 100), deadline=None, database=None, suppress_health_check=RELAXED)
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case: Any) -> None:
        drawn.append(case)

    with suppress(Unsatisfiable):
        draw()
    return drawn


async def send(app: FastAPI, case: Any) -> str | None:
    """What is wrong with the reply to a case, or None."""
    path = case.formatted_path.encode("utf-8", "replace")
    query = f"?{urlencode(dict(case.query), doseq=True, errors='replace')}" if case.query else ""
    body = case.body if isinstance(case.body, bytes) else json.dumps(case.body, default=str).encode()
    headers = [(b"content-type", b"application/json")] if case.method == "POST" else []
    reply = await call(app, case.method, path + query.encode(), headers, body if case.method == "POST" else b"")
    if 200 <= reply.status < 500 and (reply.cpu_s < 1 or reply.cpu_s < slowness()):
        return None
    return f"{reply.status}, {reply.cpu_s:.2f} s: {case.method} {path!r}{query} {body[:200]!r}"


def test_requests_drawn_from_the_document_are_never_answered_5xx(state: State) -> None:
    """Valid and invalid ones. Taken out by hand (the 422 of an unreadable reference), it is found."""
    app = build_app(state)
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    operations = [found.ok() for found in from_dict(app.openapi()).get_all_operations()]  # type: ignore[union-attr]
    cases = [case for operation in operations for mode in modes for case in cases_of(operation, mode)]

    async def send_all() -> list[str | None]:
        async with app.router.lifespan_context(app):
            return [await send(app, case) for case in cases]

    assert [fault for fault in asyncio.run(send_all()) if fault] == []
    assert len(cases) >= size(60, 1500)


def as_json(value: object) -> bytes:
    """With NaN and infinities, as Python writes them."""
    return json.dumps(value).encode()


@EACH
@given(REFS)
def test_any_text_is_a_reference_or_is_refused_as_none(text: str) -> None:
    with suppress(UnreadableReference):
        assert parse_refs(text)
    for mention in find_refs(text):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.targets


@EACH
@given(st.binary(max_size=600) | WRITTEN.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_as_a_document_or_refused(data: bytes) -> None:
    with suppress(CorpusError):
        read_layout(read_lines(data, "any.txt"), "any.txt")


@EACH
@given(st.binary(max_size=300) | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(as_json))
def test_any_body_is_read_as_json_or_refused(data: bytes) -> None:
    with suppress(Refused):
        json.dumps(parse(data), allow_nan=False).encode()


@EACH
@given(WRITTEN)
def test_any_draft_is_checked(text: str) -> None:
    """Every claim that is found lies in the draft."""
    for result in verify_draft(bundled(), text).results:
        assert 0 <= result.start < result.end <= len(text)


@cache
def bundled() -> Report:
    """The report, for tests that Hypothesis repeats."""
    return load_reports()[0]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Schemathesis and Hypothesis write below the working directory otherwise."""
    monkeypatch.chdir(tmp_path)
