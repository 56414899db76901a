"""Exports that were changed in any way: read to a report that goes out and comes back the same, or refused.

Whatever a program or a hand does to an export, reading it raises DocumentRefused and nothing else.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from corpus.documents import DocumentDescription, read_document
from corpus.errors import DocumentRefused
from corpus.exchange import akn, jsonl
from corpus.records import LANGUAGES, Report
from tests.support.paths import DOCUMENTS
from tests.support.sizes import size

EACH = settings(max_examples=size(150, 1000), deadline=None, suppress_health_check=list(HealthCheck))
BEYOND: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**6,
    10**400,
    1.5,
    "",
    "x",
    "\ud800",
    "\u202e",
    "\0",
    "a\nb",
    [],
    {},
    [[[]]],
    ["x", 1],
)
VALUES = st.sampled_from(BEYOND) | st.text(max_size=8) | st.integers(-5, 10_000)


@cache
def harbours() -> Report:
    """The report of the test documents, with tables, footnotes and annexes."""
    read = []
    for language in LANGUAGES:
        path = DOCUMENTS / f"report.{language}.docx"
        read.append(
            read_document(path.read_bytes(), path.name, DocumentDescription(language, official=language == "ar"))
        )
    return Report("harbours", tuple(document.rendering for document in read), "A/CONF.999/7", 2023)


def comes_back(data: bytes, name: str) -> Report | None:
    """What is read of an export, which goes out and comes back the same; None where it is refused."""
    try:
        report = jsonl.read(data, name) if name.endswith("jsonl") else akn.read(data, name)
    except DocumentRefused:
        return None
    assert jsonl.read("\n".join(jsonl.write(report)).encode(), "a.jsonl") == report
    for language in report.languages:
        assert akn.read(akn.write(report, language), "a.xml").rendering(language) == report.rendering(language)
    return report


def places_of(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each value within a value stands."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(inner for key, child in children for inner in places_of(child, (*place, key)))]


def spoilt(draw: st.DrawFn, row: Any) -> Any:
    """A row with a value replaced, taken out or under another name."""
    row = copy.deepcopy(row)
    place = draw(st.sampled_from(places_of(row)[1:]))
    at = row
    for key in place[:-1]:
        at = at[key]
    what = draw(st.sampled_from(["replace", "remove", "rename"]))
    if what == "replace":
        at[place[-1]] = draw(VALUES)
    elif isinstance(at, dict) and what == "rename":
        at[draw(st.text(max_size=5))] = at.pop(place[-1])
    else:
        del at[place[-1]]
    return row


@st.composite
def changed_rows(draw: st.DrawFn) -> bytes:
    lines = list(jsonl.write(harbours()))
    for _ in range(draw(st.integers(1, 2))):
        number = draw(st.just(0) | st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["spoil", "spoil", "spoil", "remove", "repeat"]))
        if what == "spoil":
            lines[number] = json.dumps(spoilt(draw, json.loads(lines[number])))
        elif what == "remove":
            del lines[number]
        else:
            lines.insert(draw(st.integers(0, len(lines))), lines[number])
    data = "\n".join(lines).encode()
    return data[: draw(st.just(len(data)) | st.integers(1, len(data)))]


@EACH
@given(changed_rows())
def test_a_jsonl_export_that_was_changed_is_read_or_refused(data: bytes) -> None:
    """Tried by hand: with the checks of `_record` out, a year of "x", a null text and others raise elsewhere."""
    comes_back(data, "a.jsonl")


@st.composite
def changed_elements(draw: st.DrawFn) -> bytes:
    root = etree.fromstring(akn.write(harbours(), draw(st.sampled_from(LANGUAGES))))
    for _ in range(draw(st.integers(1, 2))):
        element = draw(st.sampled_from([*root.iter()][1:] or [etree.SubElement(root, "x")]))
        value = draw(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), max_size=8))
        value = draw(st.just(value) | st.sampled_from(["-1", "99999", "null", "[]", '["x", 1]', "[" * 5000, "1e9"]))
        what = draw(st.sampled_from(["remove", "text", "tail", "tag", "attribute", "no attribute", "move", "repeat"]))
        names = list(element.keys()) or ["eId"]
        if what == "remove":
            element.getparent().remove(element)
        elif what in {"text", "tail"}:
            setattr(element, what, value)
        elif what == "tag":
            element.tag = f"{{{akn.NS}}}p"
        elif what == "attribute":
            element.set(draw(st.sampled_from(names)), value)
        elif what == "no attribute":
            element.attrib.pop(names[0], None)
        elif what == "move":
            element.getparent().insert(0, element)
        else:
            element.addnext(copy.deepcopy(element))
    data: bytes = etree.tostring(root)
    return data


@EACH
@given(changed_elements())
def test_an_akn_export_that_was_changed_is_read_or_refused(data: bytes) -> None:
    """Tried by hand: without `_all_of_it`, a paragraph that was moved to where nobody looks is left out unsaid."""
    report = comes_back(data, "a.xml")
    if report is not None:
        letters = "".join("".join(etree.fromstring(data).itertext()).split())
        for paragraph in report.renderings[0].paragraphs:
            assert "".join(paragraph.text.replace("|", "").replace("‖", "").split())[:40] in letters or paragraph.notes


@EACH
@given(st.binary(max_size=200), st.integers(0, 10**6), st.sampled_from(["a.jsonl", "a.xml"]))
def test_bytes_put_into_an_export_are_read_or_refused(data: bytes, at: int, name: str) -> None:
    whole = "\n".join(jsonl.write(harbours())).encode() if name == "a.jsonl" else akn.write(harbours(), "en")
    at %= len(whole)
    comes_back(whole[:at] + data + whole[at:], name)


def head(**changed: Any) -> bytes:
    first, *rest = jsonl.write(harbours())
    return "\n".join([json.dumps({**json.loads(first), **changed}), *rest]).encode()


def rendering(**changed: Any) -> bytes:
    renderings = json.loads(next(jsonl.write(harbours())))["renderings"]
    return head(renderings=[{**renderings[0], **changed}, *renderings[1:]])


def row(**changed: Any) -> bytes:
    lines = list(jsonl.write(harbours()))
    return "\n".join([lines[0], json.dumps({**json.loads(lines[1]), **changed}), *lines[2:]]).encode()


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (head(year="x"), "year"),
        (head(year=True), "year"),
        (head(year=3000), "year is 3000"),
        (head(symbol=7), "symbol"),
        (head(surprise=1), "surprise"),
        (head(renderings=[]), "does not name"),
        (head(renderings=None), "renderings"),
        (rendering(official="maybe"), "official"),
        (rendering(language="fr"), "language"),
        (rendering(language="en"), "each once|paragraphs in"),
        (rendering(source_sha256="../../x"), "SHA-256"),
        (rendering(paragraphs=7), "line 1 says 7"),
        (row(text=None), "text"),
        (row(text=""), "no text"),
        (row(text="a\u202eb"), "nobody sees"),
        (row(ref="99999"), "no paragraph"),
        (row(ref="1(a)"), "no paragraph"),
        (row(label="7"), "called '7'"),
        (row(emphasis=[{"start": 0, "end": 10**6}]), "beyond its text"),
        (row(emphasis=[{"start": 3, "end": 1}]), "beyond its text"),
        (row(notes=[{"mark": "1", "at": -1, "text": "x"}]), "note"),
        (row(tables=[{"rows": []}]), "table"),
        (row(tables=[{"rows": [[{"start": 0, "end": 2}]]}]), "table"),
        (row(heading=["x"] * 99), "headings"),
        (row(more=DEEP[:150] + "]" * 150), "more"),
        (b'{"kind": "report", "format": 2, "renderings": ' + DEEP.encode(), "no JSON"),
        (DEEP.encode(), "no JSON"),
        (b'{"kind": "report", "kind": "report", "format": 2, "id": "x", "renderings": []}', "twice"),
        (b"\n".join(head().split(b"\n")[:-1]), "is missing"),
        (head()[:-40], "no JSON"),
    ],
)
def test_what_is_wrong_with_a_jsonl_export_is_said(data: bytes, why: str) -> None:
    with pytest.raises(DocumentRefused, match=why):
        jsonl.read(data, "a.jsonl")


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b'"year": 2023', b'"year": "x"', "year"),
        (b'"official": false', b'"official": 1', "official"),
        (b'"roles": ["', b'"roles": ["x", "', "Akoma Ntoso"),
        (b'heading="[', b'heading="' + DEEP.encode()[:5000] + b"[", "no JSON"),
        (b"<mainBody>", b"<mainBody><p>By hand.</p>", "says “Byhand"),
        (b"<content><p>", b"<content><list/><p>", "Akoma Ntoso|says|table"),
        (b"<num>1.</num>", b"<num>7.</num>", "says “7"),
        (b"<p>", b"<p><b>Bold</b> ", "says"),
        (b"<mainBody>", b"<mainBody>" + b"<p>" * 300 + b"</p>" * 300, "depth"),
    ],
)
def test_what_is_wrong_with_an_akn_export_is_said(before: bytes, after: bytes, why: str) -> None:
    whole = akn.write(harbours(), "en")
    assert before in whole
    with pytest.raises(DocumentRefused, match=why):
        akn.read(whole.replace(before, after, 1), "a.xml")
