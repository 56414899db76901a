"""What answers a question stands first on the page, and a long answer is put under its paragraphs: without a script."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from corpus.records import Language, Report
from corpus.refs import parse_ref
from service.pages.asking import MOST_OPEN
from service.schemas.answers import AskResponse
from tests.support.html_pages import BROWSER, Tree, page

pytestmark = pytest.mark.model


def html(client: TestClient, language: Language, question: str) -> str:
    return client.get("/", params={"lang": language, "q": question}, headers=BROWSER).text


@pytest.mark.parametrize(
    ("language", "question", "said"),
    [
        ("en", "When was the workshop held?", "10 and 11 March 2021"),
        ("en", "Who was the panellist from Chainalysis?", "Hayato Shigekawa"),
    ],
)
def test_the_words_that_answer_stand_first_and_strong(
    client: TestClient, language: Language, question: str, said: str
) -> None:
    """Tried by hand: without the line above the statements, the first strong words are those in the sentence."""
    answer = html(client, language, question).partition('class="answer"')[2]
    assert re.search(rf'<p class="brief" lang="{language}" dir="ltr"><strong>{said}</strong></p>', answer)
    assert answer.index('class="brief"') < answer.index('class="said"')
    assert f"<strong>{said}</strong>" in answer.partition('class="said"')[2]  # and in its sentence


def test_of_several_names_each_is_strong_in_its_sentence_and_none_is_taken_for_the_answer(client: TestClient) -> None:
    """Which of the names is meant, the service does not say: "Who is Han-kyun Kim?" marks the others."""
    answer = html(client, "ar", "من أدار جلسات حلقة العمل؟").partition('class="answer"')[2]
    assert 'class="brief"' not in answer
    for name in ("فيلان ويريك", "هان-كيون كيم", "ديموسثينيس كريسكوس"):
        assert f"<strong>{name}</strong>" in answer


def test_sentences_of_one_paragraph_stand_together_under_its_number(client: TestClient, report: Report) -> None:
    """Tried by hand: a statement each, and 21 (c) is named twice in a row."""
    tree = page(client, "/?lang=en&q=List the recommendations on firearms")
    named = re.findall(r"Paragraph 21 \(([a-e])\)", tree.text)
    assert named == ["b", "c", "d", "e"]
    own = report.rendering("en").by_ref[parse_ref("21(c)")].text
    first, _, second = own.partition(". ")
    assert f"{first}. {second}" in tree.text  # in the order of the paragraph
    links = [attrs["href"] for attrs in tree.all("a")]
    [link] = [link for link in links if link.count("quote=21%28c%29") == link.count("quote=") == 2]
    marked = client.get(link, headers=BROWSER).text
    assert marked.count("<mark id=") == 2


def test_the_parts_of_an_overview_are_titled_and_a_long_one_is_folded(client: TestClient) -> None:
    question = "Summarise the report"
    answer = AskResponse.model_validate(client.post("/v1/ask", json={"question": question}).json())
    tree = page(client, f"/?lang=en&q={question}")
    folds = tree.all("details", **{"class": "part"})
    assert len(folds) == len(answer.sections) > 2
    assert [("open" in attrs) for attrs in folds] == [len(s.statements) <= MOST_OPEN for s in answer.sections]
    for section in answer.sections:
        assert f"{section.title} ({len(section.statements)})" in tree.text


def test_words_that_are_strong_stay_words(client: TestClient) -> None:
    """What is asked is repeated as text, whatever it holds; nothing of it becomes an element."""
    tree = Tree(html(client, "en", "When was the <strong>workshop</strong> held?"))
    assert "When was the <strong>workshop</strong> held?" in tree.text
