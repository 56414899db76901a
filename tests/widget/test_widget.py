"""The chat widget as it is served: one small file made of readable modules, for pages of any origin."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.records import Language, Report
from corpus.refs import Ref
from service.answering.engine import Engine
from service.app import build_app
from service.state import State
from service.widget.bundle import HERE, bundle
from tests.support.html_pages import hostile_report, state_of
from tests.support.services import LOCAL

LIMIT = 20 * 1024


def test_the_script_is_small() -> None:
    assert len(gzip.compress(bundle().encode(), 9)) <= LIMIT


def test_every_module_is_in_the_script_after_what_it_imports() -> None:
    script = bundle()
    assert re.search(r"^(?:import|export)\b", script, re.MULTILINE) is None
    names = {path.name for path in HERE.glob("*.js")}
    assert {"mount.js", "chat.js", "card.js"} <= names
    for path in HERE.glob("*.js"):
        own = re.findall(r"^export (?:const|class|function) (\w+)", path.read_text("utf-8"), re.MULTILINE)
        assert all(f" {name}" in script for name in own), path.name
    assert script.index("function el(") < script.index("class ExchangeView") < script.index("class FiqraChat")


def test_comments_and_empty_space_are_left_out_and_words_are_not(tmp_path: Path) -> None:
    (tmp_path / "mount.js").write_text(
        'import styles from "./look.css" with { type: "css" };\n'
        "// what it does\n"
        "export function f() {\n"
        '  return "https://host // path"; // where it is\n'
        "}\n"
    )
    (tmp_path / "look.css").write_text("/* how */\n:host(:hover) > p, a:hover :focus {\n  margin: 0 auto;\n}\n")
    assert bundle(tmp_path).splitlines()[1:] == [
        "const styles = new CSSStyleSheet();",
        'styles.replaceSync(":host(:hover) > p,a:hover :focus{margin:0 auto}");',
        "function f() {",
        'return "https://host // path";',
        "}",
    ]


def test_no_text_of_the_modules_goes_on_in_another_line() -> None:
    """Its indentation would be left out. Tried by hand: a literal of two lines is found."""
    for path in HERE.glob("*.js"):
        for line in path.read_text("utf-8").splitlines():
            code = "" if line.lstrip().startswith("//") else re.sub(r"(?<=[;{},)]) // .*", "", line)
            assert code.count("`") % 2 == 0, line


@pytest.mark.parametrize(
    ("modules", "complaint"),
    [
        ({"mount.js": 'import * as all from "./dom.js";\n'}, "not how the widget's modules import"),
        ({"mount.js": 'import { a } from "./dom.js";\nconst b = a;\n', "dom.js": "const b = 1;\n"}, "b; rename one"),
    ],
)
def test_modules_that_cannot_share_a_scope_are_refused(tmp_path: Path, modules: dict[str, str], complaint: str) -> None:
    for name, text in modules.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=complaint):
        bundle(tmp_path)


def test_the_widget_reads_no_markup_and_runs_no_text() -> None:
    """What a strict policy forbids, or what would make markup of text, is nowhere in the modules."""
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|<style|\.style\b|data:\w+/"
    )
    for path in HERE.glob("*.*"):
        if path.suffix in {".js", ".css"}:
            assert re.findall(forbidden, path.read_text("utf-8")) == [], path.name


def test_its_words_are_all_used_and_the_same_in_both_languages() -> None:
    """Tried by hand: a word added to one language, and one that no module says, are named."""
    english, arabic = words_of("en"), words_of("ar")
    assert english.keys() == arabic.keys()
    modules = "".join(path.read_text("utf-8") for path in HERE.glob("*.js"))
    assert [name for name in english if not re.search(rf"(words|WORDS\[\w+\]|own)\.{name}\b", modules)] == []


def words_of(language: Language) -> dict[str, str]:
    """What the widget says in that language, by name; of a list or a table, its source."""
    block = re.search(
        rf"^  {language}: {{\n(.*?)^  }},$", (HERE / "words.js").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert block
    return {name: value.strip('"') for name, value in re.findall(r"^    (\w+): (.*?),?$", block[1], re.MULTILINE)}


@pytest.mark.model
def test_the_script_is_served_to_every_origin_compressed_and_kept(client: TestClient) -> None:
    plain = client.get("/widget.js", headers={"accept-encoding": "identity", "origin": "https://elsewhere.example"})
    assert plain.status_code == 200
    assert plain.text == bundle()
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["access-control-allow-origin"] == "*"
    assert plain.headers["cross-origin-resource-policy"] == "cross-origin"
    assert plain.headers["x-content-type-options"] == "nosniff"
    zipped = client.get("/widget.js", headers={"accept-encoding": "br, gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) <= LIMIT
    assert zipped.text == plain.text
    known = client.get("/widget.js", headers={"if-none-match": plain.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert client.head("/widget.js").status_code == 200


@pytest.mark.model
def test_the_suggested_questions_are_answered_alike_in_both_languages(
    client: TestClient, state: State, report: Report
) -> None:
    asked = {rendering.language: rendering.questions for rendering in report.renderings}
    assert len(asked["ar"]) == len(asked["en"]) >= 3
    shown = client.get(f"/v1/reports/{report.id}").json()["renderings"]
    assert {rendering["language"]: tuple(rendering["questions"]) for rendering in shown} == asked
    for pair in zip(asked["ar"], asked["en"], strict=True):
        cited = [_cited(state.ready_engine(), question) for question in pair]
        assert cited[0] == cited[1] != set(), pair


@pytest.mark.parametrize(("query", "found"), [("", 3), ("?limit=&year=", 3), ("?limit=2", 2), ("?limit=9", 3)])
def test_of_many_reports_only_the_first_few_need_be_listed(query: str, found: int) -> None:
    reports = (Report(name, hostile_report().renderings) for name in ("one", "two", "three"))
    with TestClient(build_app(state_of(*reports)), base_url=LOCAL) as client:
        assert len(client.get(f"/v1/reports{query}").json()["reports"]) == found
        for none in ("0", "x", "9" * 30):
            assert client.get(f"/v1/reports?limit={none}").status_code == 422


def _cited(engine: Engine, question: str) -> set[Ref]:
    return {quote.ref for quote in engine.find(question, None, None).quotes}


def test_the_manual_names_what_there_is() -> None:
    """Attributes, methods, events, variables and parts: none is left out of docs/widget.md, none is made up."""
    manual = (HERE.parent.parent / "docs" / "widget.md").read_text("utf-8")
    code = {path.name: path.read_text("utf-8") for path in (*HERE.glob("*.js"), *HERE.glob("*.css"))}
    every = "".join(code.values())
    rows = manual[manual.index("## Attributes") : manual.index("## Methods")]
    observed = re.search(r"observedAttributes = \[(.*?)\]", code["chat.js"])
    assert observed is not None
    assert set(re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)) == {
        *re.findall(r'"(\w+)"', observed[1]),
        *("dir", "theme"),
    }
    variables = r"--fiqra-[\w-]*\w"
    assert set(re.findall(variables, manual)) == set(re.findall(variables, every))
    emitted = re.findall(r'emit\("(\w+)"', every)
    assert {*emitted, "open", "close"} == set(re.findall(r"`fiqra:(\w+)`", manual))
    parts = {part for value in re.findall(r'part: "([\w ]+)"', every) for part in value.split()}
    assert parts == {"launcher", "panel", "message", "question", "answer", "citation", "input"}
    assert all(f"`{part}`" in manual for part in parts)
    for method in ("submitUserMessage", "show", "clearMessages", "focusInput", "open", "close"):
        assert f"chat.{method}(" in manual
        assert re.search(rf"^  (?:async )?{method}\(", code["chat.js"], re.MULTILINE)
