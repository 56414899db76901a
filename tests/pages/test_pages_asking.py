"""What a reader asks of the pages: a language, a paragraph by number, an answer without a script, the demo."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from corpus.records import Language, Report
from corpus.refs import parse_ref
from service.pages.negotiate import best_language, prefers_html
from service.pages.site import DEMO_POLICY
from tests.support.html_pages import BROWSER, ID, Tree, assert_nothing_inline, page


@pytest.mark.model
@pytest.mark.parametrize(
    ("accepted", "language"),
    [("en", "en"), ("ar-EG,ar;q=0.9,en;q=0.8", "ar"), ("en-GB, ar;q=0.5", "en"), ("fr", "ar"), ("", "ar"), ("*", "ar")],
)
def test_without_a_language_the_reader_s_own_is_taken(client: TestClient, accepted: str, language: str) -> None:
    for path in ("/", f"/reports/{ID}", f"/p/{ID}/9"):
        response = client.get(path, headers={"accept-language": accepted})
        assert response.headers["content-language"] == language
        assert "Accept-Language" in response.headers["vary"]


@pytest.mark.parametrize(
    ("header", "language"),
    [("en;q=0.3, ar;q=0.2", "en"), ("en;q=0, *;q=0.5", "ar"), ("en;q=x, ar;q=0.1", "ar"), (";;,,=", "ar"),
     ("EN-us", "en"), ("fr;q=1, *;q=0.1", "ar"), ("en;q=9", "ar"), (", " * 9000, "ar")],
)  # fmt: skip
def test_accept_language_is_read_by_its_weights(header: str, language: str) -> None:
    assert best_language(header, ("ar", "en")) == language


@pytest.mark.parametrize(
    ("accept", "html"),
    [("text/html", True), ("*/*", False), ("", False), ("application/json", False), (BROWSER["accept"], True),
     ("application/json, text/html;q=0.9", False), ("text/html, application/json;q=0.9", True), ("text/*", True),
     ("text/html;q=0", False)],
)  # fmt: skip
def test_html_is_for_those_who_like_it_better(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


@pytest.mark.model
@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("ref=21k&lang=en", f"/p/{ID}/21(k)?lang=en&v="),
        ("ref=الفقرة ٢١ (ك)&lang=ar", f"/p/{ID}/21(k)?lang=ar&v="),
        (f"ref=9&lang=ar&report={ID}", f"/p/{ID}/9?lang=ar&v="),
        ("ref=9-11&lang=en", f"/reports/{ID}?lang=en&marked=9-11#para_9"),
        ("ref=21(b),9&lang=en", f"/reports/{ID}?lang=en&marked=21%28b%29%2C9#para_21__subpara_b"),
    ],
)
def test_the_look_up_form_leads_to_the_paragraph(client: TestClient, query: str, target: str) -> None:
    response = client.get(f"/find?{query}", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"].startswith(target)


@pytest.mark.model
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_question_is_answered_without_a_script(client: TestClient, report: Report, language: Language) -> None:
    """The form inside the widget, which a browser shows where no script runs, leads to the answer."""
    own = report.rendering(language)
    front = page(client, f"/?lang={language}")
    assert front.all("form", action="/", method="get")
    assert front.all("input", name="q")
    assert front.all("fiqra-chat", mode="inline", lang=language)
    links = [attrs["href"] for attrs in front.all("a") if attrs["href"].startswith("/?q=")]
    assert len(links) == len(own.questions)
    answered = page(client, links[0])
    quoted = own.by_ref[parse_ref("21(k)")].text
    assert quoted in answered.text
    cited = [attrs["href"] for attrs in answered.all("a") if attrs["href"].startswith(f"/p/{ID}/21(k)")]
    assert cited
    assert "&start=0&end=" in cited[0]
    assert answered.all("meta", name="robots", content="noindex")
    assert ("Quoted from an unofficial English rendering" in answered.text) == (language == "en")


@pytest.mark.model
def test_without_a_script_too_an_answer_says_which_of_its_words_were_corrected(client: TestClient) -> None:
    """Tried by hand: without the lines below a statement, nothing tells that INTERPOL was the Internet in print."""
    arabic = page(client, "/?lang=ar&q=ماذا جاء في الفقرة 17؟").text
    assert "تصويب: للإنترنت → للإنتربول (مرجَّح). مركز الابتكار" in arabic
    assert "Corrected: للإنترنت → للإنتربول (probable). An innovation" in page(client, "/?lang=en&q=الفقرة 17").text
    assert "Corrected:" not in page(client, "/?lang=en&q=What does paragraph 17 say?").text


@pytest.mark.model
def test_without_a_script_a_refusal_names_the_nearest_paragraphs(client: TestClient) -> None:
    tree = page(client, "/?lang=en&q=What is the capital of France?")
    assert "The report does not answer this question." in tree.text
    assert len([attrs for attrs in tree.all("a") if attrs["href"].startswith("/p/")]) == 3


@pytest.mark.model
@pytest.mark.parametrize(
    ("query", "status"), [("q=", 200), ("q=%20%E2%80%8B", 200), ("q=" + "x" * 2001, 422), ("q=%ED%A0%80", 200)]
)
def test_a_question_in_an_address_may_be_anything(client: TestClient, query: str, status: int) -> None:
    page(client, f"/?lang=en&{query}", status)
    tree = page(client, "/?lang=en&q=%3Cscript%3Ealert(1)%3C/script%3E%22%20onload=x")
    assert_nothing_inline(tree)
    assert "<script>alert(1)</script>" in tree.text


@pytest.mark.model
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_demo_is_somebody_elses_page_with_a_strict_policy(client: TestClient, language: Language) -> None:
    response = client.get(f"/demo?lang={language}", headers=BROWSER)
    policy = response.headers["content-security-policy"]
    assert policy == DEMO_POLICY
    assert "unsafe" not in policy
    tree = Tree(response.text)
    assert_nothing_inline(tree)
    assert tree.all("fiqra-chat", lang=language)
    assert next(attrs["href"] for attrs in tree.all("link", rel="stylesheet")).endswith("/demo.css")
    assert '<script type="module" src="http://localhost/widget.js"></script>' in tree.text
    assert f'<fiqra-chat api="http://localhost" lang="{language}"></fiqra-chat>' in tree.text
