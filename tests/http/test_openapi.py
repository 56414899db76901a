"""The OpenAPI document is part of the contract: a change of it is a change of docs/openapi.json, seen in review."""

from __future__ import annotations

import json
import re

from service.app import build_app
from service.http.routes.openapi import FILE, document
from service.http.work_queue import WorkQueue
from service.settings import Settings
from service.state import State
from tests.support.paths import ROOT


def test_the_document_is_the_one_that_was_reviewed() -> None:
    """Taken out: any `operation_id`; FastAPI's own names came, and this failed."""
    found = document(build_app(State(Settings(), WorkQueue(1, 1.0))))
    assert json.loads((ROOT / FILE).read_text("utf-8")) == found, "the API changed: look at it, then run `make openapi`"


def test_operations_have_names_that_stay_and_words_of_their_own() -> None:
    paths = json.loads((ROOT / FILE).read_text("utf-8"))["paths"]
    operations = {f"{method} {path}": op for path, item in paths.items() for method, op in item.items()}
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    for call, operation in operations.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"]), call
        assert operation.get("description") or operation.get("summary"), call


def test_bodies_and_questions_have_examples_in_both_languages() -> None:
    paths = json.loads((ROOT / FILE).read_text("utf-8"))["paths"]
    for path in ("/v1/ask", "/v1/verify", "/v1/chat/completions"):
        examples = paths[path]["post"]["requestBody"]["content"]["application/json"]["examples"]
        assert {"arabic", "english"} <= examples.keys()
        assert re.search(r"[\u0621-\u064a]", json.dumps(examples["arabic"], ensure_ascii=False))
    for path, name in (("/v1/search", "q"), ("/v1/paragraphs/{ref}", "ref")):
        [parameter] = [found for found in paths[path]["get"]["parameters"] if found["name"] == name]
        assert re.search(r"[\u0621-\u064a]", parameter["examples"]["arabic"]["value"])


def test_every_error_is_a_problem_document_and_nothing_else_but_on_openais_path() -> None:
    """Taken out by hand (`_under_their_own_type`), each error stands as application/json, too, and this fails."""
    paths = json.loads((ROOT / FILE).read_text("utf-8"))["paths"]
    for path, item in paths.items():
        for operation in item.values():
            errors = {status: found for status, found in operation["responses"].items() if status[0] not in "123"}
            if path == "/v1/chat/completions":
                assert [set(found["content"]) for found in errors.values()] == [{"application/json"}] * 2
                continue
            for status, found in errors.items():
                schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
                assert found["content"] == {"application/problem+json": schema}, (path, status)
            assert path in {"/livez", "/readyz", "/metrics"} or "default" in errors, path
