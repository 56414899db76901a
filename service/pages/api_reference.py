"""An OpenAPI document → what the API reference page shows. FastAPI's own page would load scripts from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Json = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a value in words, with the schemas that it names: `array of ReportOut`."""

    text: str
    schemas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of an operation (`place`: path, query, header), or a property of a schema."""

    name: str
    place: str
    kind: Kind
    required: bool
    about: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """An example body."""

    summary: str
    code: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A response that an operation may give."""

    status: str
    about: str
    media_types: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """A call: `POST /v1/ask`."""

    eid: str
    method: str
    path: str
    about: str
    parameters: tuple[Field, ...]
    body: Kind | None
    examples: tuple[Example, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON object by name."""

    name: str
    about: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    title: str
    version: str
    about: str
    operations: tuple[Operation, ...]
    schemas: tuple[Schema, ...]


class Described:
    """An app's OpenAPI document, as JSON and as its page shows it: each made once, when it is first asked for."""

    def __init__(self, openapi: Callable[[], Json], below: str = "") -> None:
        self._openapi = openapi
        self._servers = {"servers": [{"url": below}]} if below else {}  # the path that the calls lie below

    @cached_property
    def document(self) -> bytes:
        """As JSON."""
        return json.dumps({**self._openapi(), **self._servers}, ensure_ascii=False, separators=(",", ":")).encode()

    @cached_property
    def reference(self) -> Reference:
        """For the page."""
        return read(self._openapi())


def read(document: Json) -> Reference:
    """The OpenAPI document as FastAPI makes it."""
    info = document["info"]
    schemas: Json = document.get("components", {}).get("schemas", {})
    return Reference(
        title=info["title"],
        version=info["version"],
        about=info.get("description", ""),
        operations=tuple(_operations(document)),
        schemas=tuple(_schema(name, schema) for name, schema in sorted(schemas.items())),
    )


def _operations(document: Json) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(method, path, item[method])


def _operation(method: str, path: str, operation: Json) -> Operation:
    bodies: Json = operation.get("requestBody", {}).get("content", {})
    body: Json = next(iter(bodies.values()), {})
    return Operation(
        eid=operation["operationId"],
        method=method.upper(),
        path=path,
        about=operation.get("description") or operation.get("summary", ""),
        parameters=tuple(map(_parameter, operation.get("parameters", ()))),
        body=_kind(body["schema"]) if "schema" in body else None,
        examples=tuple(_example(name, example) for name, example in body.get("examples", {}).items()),
        outcomes=tuple(_outcome(status, outcome) for status, outcome in operation["responses"].items()),
    )


def _parameter(parameter: Json) -> Field:
    schema: Json = parameter.get("schema", {})
    named = [example["value"] for example in parameter.get("examples", {}).values()]
    return Field(
        name=parameter["name"],
        place=parameter["in"],
        kind=_kind(schema),
        required=bool(parameter.get("required")),
        about=_about(schema, parameter.get("description", "")),
        examples=tuple(map(str, named or schema.get("examples", ()))),
    )


def _example(name: str, example: Json) -> Example:
    return Example(example.get("summary", name), _code(example.get("value")))


def _outcome(status: str, outcome: Json) -> Outcome:
    content: Json = outcome.get("content", {})
    schemas = [media["schema"] for media in content.values() if media.get("schema")]
    return Outcome(status, outcome.get("description", ""), tuple(content), _kind(schemas[0]) if schemas else Kind(""))


def _schema(name: str, schema: Json) -> Schema:
    required = schema.get("required", ())
    fields = (
        Field(name, "", _kind(value), name in required, _about(value, value.get("description", "")))
        for name, value in schema.get("properties", {}).items()
    )
    return Schema(name, schema.get("description", ""), tuple(fields))


def _kind(schema: Json) -> Kind:
    """`{"anyOf": [{"$ref": "#/…/Problem"}, {"type": "null"}]}` → Kind("Problem or null", ("Problem",))."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Kind(name, (name,))
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return _joined(" or ", [_kind(option) for option in options])
    if values := schema.get("enum") or [schema[key] for key in ("const",) if key in schema]:
        return Kind(" or ".join(map(_code, values)))
    if schema.get("type") == "array":
        inner = _kind(schema.get("items", {}))
        return Kind(f"array of {inner.text}", inner.schemas)
    if isinstance(inside := schema.get("additionalProperties"), Mapping):
        inner = _kind(inside)
        return Kind(f"object of {inner.text}", inner.schemas)
    return Kind(str(schema.get("type", "any")))


def _joined(word: str, kinds: list[Kind]) -> Kind:
    return Kind(word.join(kind.text for kind in kinds), tuple(name for kind in kinds for name in kind.schemas))


def _about(schema: Json, description: str) -> str:
    """The description with its bounds and default: `Passages to return. At least 1, at most 20, default 5.`."""
    options = [schema, *schema.get("anyOf", ())]
    notes = []
    if low := _bound(options, "minimum", "minLength"):
        notes.append(f"at least {low}")
    if high := _bound(options, "maximum", "maxLength"):
        notes.append(f"at most {high}" + (" characters" if any("maxLength" in option for option in options) else ""))
    if schema.get("default") is not None:
        notes.append(f"default {_code(schema['default'])}")
    noted = ", ".join(notes)
    return f"{description} {noted[:1].upper()}{noted[1:]}.".strip() if notes else description


def _bound(options: list[Json], *names: str) -> str:
    return next((f"{option[name]:,}" for option in options for name in names if option.get(name)), "")


def _code(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
