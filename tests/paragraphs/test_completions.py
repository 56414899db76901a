"""What a box offers while somebody writes: of one report, in one language, of a bounded size."""

from __future__ import annotations

import time

import pytest
from fastapi.testclient import TestClient

from corpus.records import LANGUAGES, Language, Report
from service.app import build_app
from service.paragraphs.completions import ABOUT, MOST, completions
from tests.support.html_pages import hostile_report, state_of
from tests.support.large import large_report
from tests.support.services import LOCAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_headings_names_and_numbers_of_the_report_are_offered(report: Report, language: Language) -> None:
    own = report.rendering(language)
    offered = completions(report, language)
    by_kind = {kind: [c.text for c in offered if c.kind == kind] for kind in ("question", "heading", "name")}
    assert tuple(by_kind["question"]) == own.questions
    assert tuple(by_kind["heading"]) == own.headings
    assert {"en": "Hayato Shigekawa", "ar": "هياتو شيغيكوا"}[language] in by_kind["name"]
    text = "\n".join(paragraph.text for paragraph in own.paragraphs)
    assert all(name in text for name in by_kind["name"])
    numbers = {c.text: c.about or "" for c in offered if c.kind == "paragraph"}
    assert list(numbers) == [own.label(ref) for ref in report.refs]
    for ref in report.refs:
        about = numbers[own.label(ref)]
        assert own.by_ref[ref].text.startswith(about.removesuffix(" …"))
        assert len(about) <= ABOUT + 2


def test_of_a_long_report_a_bounded_list_is_made_in_bounded_time() -> None:
    """Tried by hand: without the bound the list has all of its paragraphs."""
    report = large_report()
    started = time.process_time()
    offered = completions(report, "en")
    assert time.process_time() - started < 1
    assert len(offered) == MOST
    assert len({c.text for c in offered}) == MOST


def test_a_report_without_a_table_of_names_offers_those_that_it_lists(report: Report) -> None:
    """As the next report will be. Tried by hand: with the table alone no name is offered."""
    untold = Report("another", report.renderings)
    names = [c.text for c in completions(untold, "en") if c.kind == "name"]
    assert {"Phelan Wyrick", "Hayato Shigekawa"} <= set(names)


def test_the_call_answers_for_a_report_that_is_loaded() -> None:
    report = Report("r", hostile_report().renderings)
    with TestClient(build_app(state_of(report)), base_url=LOCAL) as client:
        response = client.get("/v1/reports/r/completions?lang=ar")
        assert response.status_code == 200
        assert response.json()["language"] == "ar"
        assert response.headers["cache-control"] == "public, max-age=300"
        assert client.get("/v1/reports/none/completions").status_code == 404
        assert client.get("/v1/reports/r/completions?lang=fr").status_code == 422
