"""What the service does not take, find or bear: each a problem document, with its status and without what was sent."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus import errors
from service.app import build_app
from service.http import problems
from service.http.guards import MAX_BODY
from service.state import State
from tests.support.services import LOCAL

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{}", 422),
        (b"[]", 422),
        (b'{"question": ""}', 422),
        (b'{"question": " \\u200f\\n"}', 422),
        (b'{"question": null}', 422),
        (b'{"question": 7}', 422),
        (b'{"question": NaN}', 422),
        (b'{"question": "a", "top_k": Infinity}', 422),
        (b'{"question": "a", "top_k": 1e999}', 422),
        (b'{"question": "a", "top_k": 0}', 422),
        (b'{"question": "a", "top_k": 21}', 422),
        (b'{"question": "a", "top_k": true}', 422),
        (b'{"question": "a", "top_k": "5"}', 422),
        (b'{"question": "a", "top_k": ' + b"9" * 5000 + b"}", 422),
        (b'{"question": "\\ud800"}', 422),
        (b'{"\\udfff": 1, "question": "a"}', 422),
        (b'{"question": "a", "question": "b"}', 422),
        (b'{"question": "a", "language": "fr"}', 422),
        (b'{"question": "a", "mode": "guess"}', 422),
        (b'{"question": "a", "colour": "blue"}', 422),
        (b'{"question": "a", "history": [{"role": "god", "content": "x"}]}', 422),
        (b'{"question": "a", "report": "nowhere"}', 404),
        (b'{"question": "' + b"a" * 2001 + b'"}', 422),
        (b'{"question": "\xff"}', 422),
        (b'{"question": ', 422),
        (b"[" * 60_000, 422),
        (b'{"question": ' + b"[" * 40 + b"]" * 40 + b"}", 422),
        (b" " * (MAX_BODY + 1), 413),
    ],
)
def test_bad_input_gets_a_problem_document(client: TestClient, body: bytes, status: int) -> None:
    response = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status, response.text
    assert_problem(response.headers["content-type"], response.json(), status)
    if status == 422:
        assert all(error.keys() == {"loc", "msg"} for error in response.json()["errors"])


def assert_problem(content_type: str, body: dict[str, Any], status: int) -> None:
    assert content_type == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == status


def test_history_over_twenty_turns_is_refused(client: TestClient) -> None:
    turn = {"role": "user", "content": "x"}
    assert client.post("/v1/ask", json={"question": "a", "history": [turn] * 21}).status_code == 422


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
)
def test_what_is_not_plain_json_is_415(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/v1/ask", content=b'{"question": "a"}', headers=headers)
    assert response.status_code == 415
    assert_problem(response.headers["content-type"], response.json(), 415)


def test_a_callers_long_input_is_not_echoed(client: TestClient) -> None:
    marker = "zq" * 3000
    for response in (
        client.post("/v1/ask", json={"question": marker}),
        client.post("/v1/ask", json={"question": "a", "report": marker[:190]}),
        client.get(f"/v1/paragraphs/{marker}"),
        client.get("/v1/search", params={"q": marker}),
    ):
        assert 400 <= response.status_code < 500
        assert "zq" * 60 not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/ask", 405),
        ("DELETE", "/v1/search", 405),
        ("GET", "/v1/search", 422),
        ("GET", "/v1/search?q=", 422),
        ("GET", "/v1/search?q=%20", 422),
        ("GET", "/v1/search?q=a&k=0", 422),
        ("GET", "/v1/search?q=a&k=x", 422),
        ("GET", "/v1/search?q=a&lang=fr", 422),
        ("GET", "/v1/search?q=a&report=nowhere", 404),
        ("GET", "/v1/reports/nowhere", 404),
        ("GET", "/v1/reports/%2e%2e%2f%2e%2e", 404),
        ("GET", "/v1/reports/nowhere/paragraphs/1", 404),
        ("GET", "/v1/paragraphs/22", 404),
        ("GET", "/v1/paragraphs/21(l)", 404),
        ("GET", "/v1/paragraphs/9-", 422),
        ("GET", "/v1/paragraphs/%2e%2e/x", 422),
        ("GET", "/v1/paragraphs/%00", 422),
        ("GET", "/v1/paragraphs/" + "9" * 4000, 422),
        ("GET", "/v1/paragraphs/1?lang=../x", 422),
    ],
)
def test_every_error_has_one_shape(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status, response.text
    assert_problem(response.headers["content-type"], response.json(), status)


def test_an_unknown_paragraph_names_the_nearest(client: TestClient) -> None:
    assert client.get("/v1/paragraphs/21(l)").json()["nearest"] == ["21(k)", "21(j)", "21(i)"]
    assert client.get("/v1/paragraphs/22").json()["nearest"] == ["21", "20", "19"]
    assert client.get("/v1/paragraphs/9(a)").json()["nearest"] == ["9"]


def test_an_unreadable_reference_shows_the_forms_that_are_read(client: TestClient) -> None:
    body = client.get("/v1/paragraphs/hello").json()
    assert "21(k)" in body["detail"]
    assert "الفقرة" in body["detail"]


def all_errors(cls: type[errors.FiqraError]) -> list[type[errors.FiqraError]]:
    return [cls, *(found for child in cls.__subclasses__() for found in all_errors(child))]


def test_every_error_has_a_status() -> None:
    pinned = {
        "UnreadableReference": 422, "UnknownParagraph": 404, "UnknownReport": 404, "IndexMissing": 503,
        "IndexDamaged": 503, "IndexMismatch": 503, "ModelError": 503, "IndexBusy": 409, "IndexNotWritten": 507,
        "UploadNotKept": 507, "Abandoned": 503, "NumberingError": 422, "CorrectionError": 422, "Overloaded": 503,
        "FiqraError": 500,
    }  # fmt: skip
    # service.client has errors of its own: what a caller meets, not what a service answers.
    for cls in (error for error in all_errors(errors.FiqraError) if error.__module__ != "service.client"):
        status = problems.status_of(cls("why"))
        assert pinned.get(cls.__name__, status) == status


def test_an_unexpected_fault_is_a_problem_without_its_details(state: State) -> None:
    app = build_app(state)

    @app.get("/boom")
    def boom() -> None:
        raise RuntimeError("secret detail")

    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        response = client.get("/boom")
    assert_problem(response.headers["content-type"], response.json(), 500)
    assert "secret" not in response.text
