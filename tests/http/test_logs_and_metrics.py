"""What is written down and counted of callers: a line and a number each, none of their words, and no secret."""

from __future__ import annotations

import io
import json
import logging
import re
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr, ValidationError

from corpus.errors import Overloaded
from service.app import build_app
from service.http import logs
from service.http.work_queue import WorkQueue
from service.settings import Settings, SettingsError, load_settings
from service.state import State
from tests.support.services import ARABIC, LOCAL, QUESTION, counted, hashed_state, service

CANARY = "canary-7f3a9c02-do-not-log"


# ---------------------------------------------------------------------------------------------------------------- logs


def lines_of(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def log_of() -> Iterator[io.StringIO]:
    """What the service logs at INFO."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("INFO", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("fiqra", "uvicorn"):
        logging.getLogger(name).setLevel(logging.NOTSET)


HIDDEN = ["zxqv-question", "ظضغث-سؤال"]


def test_no_question_is_logged_and_each_request_leaves_a_line_with_its_id(folder: Path, log_of: io.StringIO) -> None:
    """Tried by hand: with the path and query in `Observe`'s line, the words are found."""
    with service(hashed_state(folder, admin_token=SecretStr(CANARY))) as client:
        for words in HIDDEN:
            client.post("/v1/ask", json={"question": words})
            client.post("/v1/ask", json={"question": words, "stream": True})
            client.post("/v1/verify", json={"text": f"“{words} {words} {words}” (21(k))"})
            client.get("/v1/search", params={"q": words})
            client.get(f"/v1/paragraphs/{words}")
            client.post("/v1/ask", content=f'{{"question": "{words}'.encode())
        client.post("/v1/admin/reload", headers={"authorization": f"Bearer {CANARY}"})
        client.post("/v1/admin/reload", headers={"authorization": f"Bearer x{CANARY}"})
        given = client.get("/v1/search?q=a", headers={"x-request-id": "mine-1"})
        forged = client.get("/v1/search?q=a", headers={"x-request-id": "x\tlevel=ERROR" + "y" * 200})
    text = log_of.getvalue()
    assert CANARY not in text
    for words in HIDDEN:
        assert words not in text
        assert json.dumps(words).strip('"') not in text
    requests = [line for line in lines_of(log_of) if line["message"] == "request"]
    assert len(requests) == 16
    assert all(line["request_id"] and line["route"] and line["ms"] for line in requests)
    assert given.headers["x-request-id"] == "mine-1"
    assert forged.headers["x-request-id"].isalnum()


def test_questions_are_logged_where_the_operator_asks_for_it(folder: Path, log_of: io.StringIO) -> None:
    with service(hashed_state(folder, log_questions=True)) as client:
        client.post("/v1/ask", json={"question": "forged\nline \u202e\x1b[31m"})
    [line] = [line for line in lines_of(log_of) if line["message"] == "question"]
    assert line["question"] == "forged\nline \u202e\x1b[31m"


def test_control_characters_reach_no_terminal_and_cannot_end_a_line(log_of: io.StringIO) -> None:
    """Taken out by hand (`json_ensure_ascii=False`), the direction mark stands in the log."""
    logging.getLogger("fiqra").warning("one\nERROR two \x1b[2J \u202e \x85 \u2028 end")
    assert len(log_of.getvalue().splitlines()) == 1
    assert log_of.getvalue().isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", log_of.getvalue())


def test_an_unexpected_fault_is_logged_with_its_place_and_without_a_callers_words(
    folder: Path, log_of: io.StringIO
) -> None:
    """Taken out by hand (`formatException` of the base class), the message stands in the log."""
    app = build_app(hashed_state(folder))

    @app.get("/boom/{words}")
    def boom(words: str) -> None:
        raise ValueError(words)

    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        response = client.get(f"/boom/{HIDDEN[0]}")
    assert response.status_code == 500
    assert HIDDEN[0] not in log_of.getvalue() + response.text
    [fault] = [line for line in lines_of(log_of) if "exc_info" in line]
    assert "ValueError" in str(fault["exc_info"])
    assert fault["request_id"] == response.headers["x-request-id"]


SECRETS = {
    "FIQRA_ADMIN_TOKEN": f"{CANARY} with a space",
    "FIQRA_LLM_API_KEY": f"{CANARY}\n",
    "FIQRA_LLM_BASE_URL": f"http://user:{CANARY}@model.example/v1",
    "FIQRA_PUBLIC_URL": f"https://fiqra.example/?token={CANARY}",
    "FIQRA_ALLOWED_HOSTS": f"https://user:{CANARY}@fiqra.example",
    "FIQRA_RATE_LIMIT": CANARY,
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_refused_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Nor by what led to the error. Tried by hand: `from error`, together with errors that show their input."""
    monkeypatch.setenv(name, SECRETS[name])
    with pytest.raises(SettingsError) as error:
        load_settings()
    told = "".join(traceback.format_exception(error.value))
    assert name in str(error.value)
    assert CANARY not in told


def test_secrets_are_written_nowhere() -> None:
    """Taken out by hand (`SecretStr` of any of them: `str`), it is shown."""
    uri, secret = SecretStr(f"http://root:{CANARY}@milvus.example:19530"), SecretStr(CANARY)
    settings = Settings(admin_token=secret, metrics_token=secret, llm_api_key=secret, store="milvus", milvus_uri=uri)
    assert CANARY not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert CANARY not in repr(State(settings, WorkQueue(1, 1.0)))
    with pytest.raises(ValidationError) as error:
        Settings(llm_base_url=f"http://{CANARY}@model.example")
    assert CANARY not in f"{error.value} {error.value!r}"


# ------------------------------------------------------------------------------------------------------------- metrics


def test_metrics_count_what_happened_and_hold_no_callers_words(folder: Path) -> None:
    """Taken out by hand (the path in place of the route's template), the words are a label."""
    with service(hashed_state(folder)) as client:
        for words in ("zxqvquestion", "٩٩", QUESTION, ARABIC, "🙂"):
            client.post("/v1/ask", json={"question": words})
            client.get(f"/v1/paragraphs/{words[:9]}")
            client.get(f"/nowhere/{words[:9]}")
            client.request("BREW", "/livez")
        text = client.get("/metrics").text
    samples = {
        (s.name, *sorted(s.labels.values())): s.value for f in text_string_to_metric_families(text) for s in f.samples
    }
    assert "zxqv" not in text
    assert text.isascii()
    assert samples["fiqra_requests_total", "/v1/ask", "200", "POST"] == 5
    assert samples["fiqra_requests_total", "404", "GET", "unmatched"] == 5
    assert sum(v for k, v in samples.items() if k[0] == "fiqra_answers_total") == 5
    assert samples["fiqra_answers_total", "en", "not_a_question"] >= 1
    assert any(k[0] == "fiqra_stage_seconds_count" and k[1] == "retrieve" for k in samples)
    assert samples["fiqra_citations_rejected_total", "quote"] == 0
    [index] = [k for k in samples if k[0] == "fiqra_index_info"]
    assert "1" in index
    assert ("process_open_fds",) in samples


def test_a_refusal_before_the_router_counts_for_the_route_it_was_for(folder: Path, log_of: io.StringIO) -> None:
    """Bodies, rates, hosts, a full lane. Tried by hand: by `scope["route"]` alone, all of them are `unmatched`."""
    state = hashed_state(folder, rate_limit="4/minute", queue=1)
    state.work_queue.check = _full  # type: ignore[method-assign]
    with service(state) as client:
        refused = [
            (client.post("/v1/verify", content=b"{"), 503, "/v1/verify"),
            (client.post("/v1/reports/a", content=b"{"), 415, "/v1/reports/{report_id}"),
            (client.post("/v1/admin/reload", content=b"x" * 70_000), 413, "/v1/admin/reload"),
            (client.get("/p/a/b/%zz"), 400, "/p/{report_id}/{reference:path}"),
            (client.get("/v1/reports", headers={"host": "evil.example"}), 400, "/v1/reports"),
            (client.get("/nowhere", headers={"host": "evil.example"}), 400, "unmatched"),
            (client.get("/v1/paragraphs/9"), 200, "/v1/paragraphs/{ref:path}"),
            (client.get("/v1/paragraphs/9"), 429, "/v1/paragraphs/{ref:path}"),
        ]
    assert [response.status_code for response, _, _ in refused] == [status for _, status, _ in refused]
    lines = [line for line in lines_of(log_of) if line["message"] == "request"]
    assert [(line["status"], line["route"]) for line in lines] == [(status, route) for _, status, route in refused]
    for response, status, route in refused:
        method = response.request.method
        assert counted(state, "requests", method=method, route=route, status=str(status)) >= 1


def _full() -> None:
    raise Overloaded("64 questions are waiting already; try again in a moment")


def test_the_number_of_series_is_bounded_whatever_callers_send(folder: Path) -> None:
    with service(hashed_state(folder)) as client:

        def series() -> int:
            return len(client.get("/metrics").text.splitlines())

        def call(i: int) -> None:
            client.get(f"/v1/paragraphs/{i}", params={"lang": f"x{i}"})
            client.get(f"/x{i}")
            client.get(f"/p/x{i}/{i}")
            client.request(f"M{i}", "/livez")

        call(0)
        series()
        before = series()  # with that of /metrics itself
        for i in range(1, 30):
            call(i)
        assert series() == before
