"""The page of the API: every call and its types, in words."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from service.pages.api_reference import read
from tests.support.html_pages import page


@pytest.mark.model
def test_the_api_reference_shows_every_call_without_help_from_elsewhere(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for language in ("ar", "en"):
        tree = page(client, f"/docs?lang={language}")
        for path, item in document["paths"].items():
            assert path in tree.text
            for operation in item.values():
                assert operation["operationId"] in tree.ids()
                assert all(parameter["name"] in tree.text for parameter in operation.get("parameters", ()))
        assert {f"schema-{name}" for name in document["components"]["schemas"]} <= set(tree.ids())
        assert "ما الذي تُشجّع" in tree.text
        assert "What are Member States encouraged to monitor?" in tree.text
    assert client.get("/redoc").status_code == 404


def test_an_api_reference_reads_types_in_words() -> None:
    document = {
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": {
            "schemas": {
                "A": {
                    "required": ["x"],
                    "properties": {
                        "x": {"anyOf": [{"type": "array", "items": {"$ref": "#/schemas/B"}}, {"type": "null"}]},
                        "y": {"const": 1},
                        "z": {"type": "integer", "minimum": 1, "maximum": 20, "default": 5, "description": "How many."},
                        "w": {"additionalProperties": {"type": "number"}, "type": "object"},
                        "e": {"enum": ["ar", "en"]},
                    },
                }
            }
        },
    }  # fmt: skip
    fields = {field.name: field for field in read(document).schemas[0].fields}
    assert {name: field.kind.text for name, field in fields.items()} == {
        "x": "array of B or null", "y": "1", "z": "integer", "w": "object of number", "e": '"ar" or "en"',
    }  # fmt: skip
    assert fields["x"].kind.schemas == ("B",)
    assert fields["x"].required
    assert fields["z"].about == "How many. At least 1, at most 20, default 5."
