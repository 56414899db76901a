"""No question and no draft of a size that is taken costs more than a moment, whatever is repeated in it."""

from __future__ import annotations

import threading
import time

import httpx
import pytest
from fastapi.testclient import TestClient

from service.schemas.drafts import MAX_DRAFT
from service.schemas.questions import MAX_QUESTION
from tests.support.pace import slowness
from tests.support.pumped import UNITS, Attack
from tests.support.sizes import size

_BODY = 64 * 1024 - 100  # bytes that a draft may have beside what is written around it
_MOST_S = 0.7
PUMPED = UNITS[:: size(3, 1)]
MENDED = "? " * 998 + "x"  # took 5 s, for a look ahead from each space


def cost(client: TestClient, path: str, name: str, attack: Attack, length: int) -> float:
    """Seconds of processor time, the better of two tries; no text is sent twice, since questions are remembered."""
    took = []
    for shorter in range(2):
        text = attack.text(length - shorter)[:length]
        started = time.process_time()
        reply = client.post(path, json={name: text})
        took.append(time.process_time() - started)
        assert reply.status_code < 500
        if took[-1] < _MOST_S:
            break
    return min(took)


@pytest.mark.model
@pytest.mark.parametrize(
    ("before", "after"), [("", "x"), ("What is ", "?"), ("Who spoke, and what is it ", ", and when was it held?")]
)
@pytest.mark.parametrize("unit", PUMPED, ids=repr)
def test_a_pumped_question_is_answered_in_a_moment(client: TestClient, before: str, unit: str, after: str) -> None:
    assert cost(client, "/v1/ask", "question", Attack(before, unit, after), MAX_QUESTION) < _MOST_S * slowness()


@pytest.mark.model
@pytest.mark.parametrize("before", ["", "> ", "Para. 9 says “a b c d” and “"], ids=repr)
@pytest.mark.parametrize("unit", PUMPED, ids=repr)
def test_a_pumped_draft_is_checked_in_a_moment(client: TestClient, before: str, unit: str) -> None:
    length = min(MAX_DRAFT, _BODY * len(unit) // len(unit.encode()))
    assert cost(client, "/v1/verify", "text", Attack(before, unit, ""), length) < _MOST_S * slowness()


@pytest.mark.model
def test_livez_answers_while_pumped_questions_are_asked(server: str) -> None:
    """Tried by hand: with the former `_SECOND` of service/answering/clauses.py over a minute on a busy machine."""
    longest, asked = 0.0, threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=server, timeout=120) as client:
            for number in range(4):
                client.post("/v1/ask", json={"question": f"{number}{MENDED}"[:MAX_QUESTION]})
        asked.set()

    asking = threading.Thread(target=ask)
    asking.start()
    with httpx.Client(base_url=server, timeout=120) as client:
        while not asked.is_set():
            started = time.monotonic()
            assert client.get("/livez").status_code == 200
            longest = max(longest, time.monotonic() - started)
            time.sleep(0.02)
    asking.join()
    assert longest < slowness()
