"""What a report says is text wherever Markdown is read: pasted from a look-up, given to an agent, shown in a chat.

The judge is a renderer: what it makes of the Markdown must be the report's letters, and no element but fiqra's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.records import Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from service.openai.completions import Writer
from service.paragraphs.markdown import literal
from service.schemas.answers import AskResponse
from tests.support.services import LOCAL, build, hashed_state, service

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MARKUP = [
    "![x](http://evil.example/a.png)",
    "[x](javascript:alert(1))",
    "[x][9] and [9]: http://evil.example",
    "[9]: http://evil.example 'x'",
    "<script>alert(1)</script> <img src=x onerror=alert(2)> <http://evil.example> <!-- x -->",
    "# A heading",
    "A heading\n===",
    "> quoted",
    "- a list",
    "+ a list",
    "21. a list",
    "21) a list",
    "---",
    "    code",
    "\tcode",
    "`code` and ```fences```\n~~~\nx\n~~~",
    "*a* **b** _c_ __d__ ~~e~~ a_b_c 2*3*4",
    "a | b\n--|--\n1 | 2",
    "&lt;b&gt; &#60; &copy; R&D AT&T",
    "a \\ b\\* ends in \\",
    "ends in two spaces  \nand a line",
    "www.evil.example http://evil.example/?a=b&c=d somebody@evil.example evil.example",
    "$x^2$ ==m== ++i++ ^s^",
    "\u2028[x](y)\u2029# h\x85- l",
    "(أ) تُشجّع [الدول](http://evil.example) على *رصد*",
]


class Shown(HTMLParser):
    """What a reader sees of HTML: the text, and the elements in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markdown: str) -> Shown:
    return Shown(RENDERER.render(markdown))


def words(text: str) -> str:
    """As Markdown shows them: a run of spaces and line breaks is one space."""
    return " ".join(re.split(r"[ \t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+", text)).strip()


@given(st.text(st.sampled_from("ab1 .:/@!#*_[]()<>&;`~|$\\-+=^\n\t\"'{}wم"), max_size=40) | st.text(max_size=40))
def test_a_text_is_shown_letter_by_letter_and_makes_no_element(text: str) -> None:
    """Tried by hand: fifteen characters and rules taken out one at a time; thirteen are missed. An opening bracket is
    not where the closing one is escaped, nor a pipe where a table has no second line; other renderers may know more.
    """
    holds(text.replace("\x00", ""))  # which Markdown itself replaces


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_as_it_is_written(text: str) -> None:
    holds(text)


def holds(text: str) -> None:
    for before, after in (("", ""), ("> ", ""), ("- ", ""), ("a ", " [21(k)]")):
        seen = shown(f"{before}{literal(text)}{after}")
        assert words(seen.text) == words(f"{before.strip('>- ')} {text} {after}")
        assert set(seen.elements) <= {"p", "blockquote", "ul", "li"}
        assert seen.elements.count("li") == (before == "- ")
        assert seen.elements.count("blockquote") == (before == "> ")


# ------------------------------------------------------------------------------------------------- where it is written


def report_of_markup() -> Report:
    """A paragraph for each piece of markup, a lead-in above the last, and a title of markup."""
    texts = {Ref(number): text for number, text in enumerate(MARKUP, 1)}
    texts[Ref(len(MARKUP), 1)] = "[x](http://evil.example) below"
    paragraphs = tuple(Paragraph(ref, text, ("# [h](x)",), Span(0, 1)) for ref, text in texts.items())
    title = (TitleBlock("title", "![t](http://evil.example) <b>T</b> `]("),)
    return Report("markup", (Rendering("en", True, title, paragraphs, "x.txt", "0" * 64),))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("markup")
    build(folder, report_of_markup())
    with service(hashed_state(folder)) as opened:
        yield opened


def test_pasted_markdown_is_the_words_and_one_link(client: TestClient) -> None:
    """Tried by hand: with the words as they are in `as_markdown`, images and scripts come out of the renderer."""
    report = report_of_markup()
    for ref in report.refs:
        seen = shown(client.get(f"/v1/paragraphs/{ref}?format=md").text)
        assert seen.elements == ["blockquote", "p", "p", "a"], ref
        assert seen.links == [link_of(client, ref)]
        rendering = report.renderings[0]
        above = f"{rendering.by_ref[ref.parent].text} " if ref.parent else ""
        assert words(seen.text).startswith(words(above + rendering.by_ref[ref].text))
        assert rendering.title() in seen.text


def link_of(client: TestClient, ref: Ref) -> str:
    url: str = client.get(f"/v1/paragraphs/{ref}").json()["paragraphs"][0]["url"]
    return f"{LOCAL}{url}"


def test_a_resource_of_an_agent_is_the_same_markdown(client: TestClient) -> None:
    for ref in ("1", "5", f"{len(MARKUP)}(a)"):
        asked = {"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": f"fiqra://markup/{ref}"}}
        headers = {"accept": "application/json, text/event-stream"}
        [content] = client.post("/mcp", json=asked, headers=headers).json()["result"]["contents"]
        assert content["text"] == client.get(f"/v1/paragraphs/{ref}?format=md").text


@pytest.mark.parametrize("number", range(1, len(MARKUP) + 1))
def test_a_chat_shows_the_words_and_annotates_the_markers(client: TestClient, number: int) -> None:
    """Tried by hand: with `statement.text` as it is in `Writer.grow`, markup comes out of the renderer."""
    question = f"What does paragraph {number} say?"
    body = {"model": "fiqra", "messages": [{"role": "user", "content": question}]}
    completion = client.post("/v1/chat/completions", json=body).json()
    message = completion["choices"][0]["message"]
    seen = shown(message["content"])
    assert set(seen.elements) == {"p"}
    assert words(seen.text) == words(completion["fiqra"]["answer"])
    cited = [message["content"][a["start_index"] : a["end_index"]] for a in annotated(message)]
    refs = [f"[{citation['ref']}]" for citation in completion["fiqra"]["citations"]]
    assert cited == refs != []


def annotated(message: dict[str, object]) -> list[dict[str, int]]:
    return [each["url_citation"] for each in message["annotations"]]  # type: ignore[attr-defined]


def test_a_growing_answer_is_written_as_the_whole_is(client: TestClient) -> None:
    """Statement by statement, as a language model's are proved: the same content, the same spans."""
    answer = AskResponse.model_validate(
        client.post("/v1/ask", json={"question": "What do paragraphs 1-25 say?"}).json()
    )
    assert len(answer.statements) > 20
    reports = {"markup": report_of_markup()}
    whole = Writer(reports, "").message(answer)
    growing = Writer(reports, "")
    for count in range(1, len(answer.statements) + 1):
        end = answer.statements[count].start - 1 if count < len(answer.statements) else len(answer.answer)
        part = answer.model_copy(update={"statements": answer.statements[:count], "answer": answer.answer[:end]})
        _ = list(growing.grow(part))
    assert growing.content == whole.content
    assert tuple(growing.annotations) == whole.annotations


def test_plain_text_is_the_words_themselves(client: TestClient) -> None:
    for number, text in enumerate(MARKUP, 1):
        assert client.get(f"/v1/paragraphs/{number}?format=text").text.startswith(text)
