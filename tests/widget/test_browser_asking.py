"""Asking in the widget: answers in brief, what is offered while one writes, a question edited, a question spoken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.records import Language
from service.app import build_app
from service.state import State
from tests.support.browser import axe_findings, serving
from tests.support.widget_pages import BUBBLE, INLINE, Site, ask, heard, other_site, visit

pytestmark = [pytest.mark.browser, pytest.mark.model]

WHEN = "When was the workshop held?"
RECOGNITION = """
window.SpeechRecognition = class {
  start() {
    window.spoken = this.lang;
    setTimeout(() => {
      if (window.silent) this.onerror({ error: "no-speech" });
      else this.onresult({ results: [[{ transcript: "Who moderated" }]] });
      this.onend();
    }, 200);
  }
};
"""


@pytest.fixture(scope="module")
def site(state: State) -> Iterator[Site]:
    """A site whose pages may call the service."""
    with other_site() as site:
        settings = state.settings.model_copy(update={"allowed_origins": (site.origin,)})
        with serving(build_app(replace(state, settings=settings))) as site.host:
            yield site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1280, "height": 800}) as page:
        yield page


def test_the_words_that_answer_stand_first_and_are_kept_as_long_as_the_answer(page: Page, site: Site) -> None:
    """Tried by hand: without the line above the statements nothing is there to read first."""
    visit(page, site, INLINE)
    ask(page, WHEN)
    brief = page.locator("fiqra-chat .brief")
    expect(brief).to_have_text("10 and 11 March 2021")
    expect(page.locator("fiqra-chat .statement strong")).to_have_text("10 and 11 March 2021")
    answer = page.locator("fiqra-chat .answer").inner_text()
    assert answer.index("10 and 11 March 2021") < answer.index("At its 4th")
    page.get_by_role("button", name="Show in Arabic").click()
    expect(brief).to_be_hidden()  # what was asked for is marked in one language alone
    page.reload()
    expect(brief).to_have_text("10 and 11 March 2021")


@pytest.mark.parametrize(
    ("language", "question", "labels"),
    [
        ("en", "List the recommendations on firearms", ["21 (b)", "21 (c)", "21 (d)", "21 (e)"]),
        ("ar", "ما التوصيات بشأن الأسلحة النارية؟", ["21 (ب)", "21 (ج)", "21 (د)", "21 (هـ)"]),
    ],
)
def test_sentences_of_one_paragraph_share_a_citation_that_shows_them_all(
    page: Page, site: Site, language: Language, question: str, labels: list[str]
) -> None:
    visit(page, site, INLINE, language)
    ask(page, question)
    chips = page.locator("fiqra-chat .chip")
    expect(chips).to_have_text(labels)
    chips.nth(1).click()
    card = page.locator("fiqra-chat .card")
    expect(card.locator("mark:not(.same)")).to_have_count(2)
    expect(card.locator("mark.same")).to_have_count(2)
    said = page.locator("fiqra-chat .statement").nth(1).locator(".said .prose")
    assert card.locator("mark:not(.same)").all_inner_texts() == said.all_inner_texts()
    assert axe_findings(page) == []


def test_an_overview_has_titled_parts_and_a_long_one_is_folded(page: Page, site: Site) -> None:
    visit(page, site, BUBBLE)
    page.locator("fiqra-chat .launcher").click()
    ask(page, "Summarise the report")
    parts = page.locator("fiqra-chat details")
    assert parts.count() > 2
    last = parts.last
    expect(last.locator(".statement").first).to_be_hidden()
    last.locator("summary").press("Enter")
    last.locator(".chip").first.press("Enter")
    expect(last.locator(".card mark").first).to_be_visible()
    assert axe_findings(page) == []


def test_numbers_names_and_questions_are_offered_to_the_keyboard(page: Page, site: Site) -> None:
    """Tried by hand: without the list, Enter asks the two letters that were written."""
    complaints = visit(page, site, INLINE)
    box = page.locator("fiqra-chat textarea")
    options = page.locator("fiqra-chat [role=option]")
    box.press_sequentially("21k")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("21 (k)")
    expect(options.first).to_contain_text("Member States are encouraged")
    assert axe_findings(page) == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "option-0")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    box.fill("")
    box.press_sequentially("who mod")
    expect(options).to_have_text(["Who moderated the meetings of the workshop?"])
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("fiqra-chat h2")).to_have_text("Who moderated the meetings of the workshop?")
    expect(options.first).to_be_hidden()
    assert complaints == []
    assert page.evaluate("violations") == []


def test_what_is_offered_is_written_in_any_way_and_pressed_by_a_finger(browser: Browser, site: Site) -> None:
    """Marks of vowels, the article and the kind of digits make no difference."""
    with browser.new_page(viewport={"width": 375, "height": 800}, has_touch=True) as page:
        visit(page, site, BUBBLE, "ar")
        page.locator("fiqra-chat .launcher").tap()
        box = page.locator("fiqra-chat textarea")
        options = page.locator("fiqra-chat [role=option]")
        box.press_sequentially("٢١ك")
        expect(options).to_have_count(1)
        box.fill("")
        box.press_sequentially("مُلخّص رئ")
        expect(options).to_have_text(["ملخص الرئيس"])
        options.first.tap()
        expect(page.locator("fiqra-chat h2")).to_have_text("ملخص الرئيس")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_nothing_that_is_only_written_leaves_the_browser(page: Page, site: Site) -> None:
    """One list is loaded when writing begins. Tried by hand: with the text in its address, two requests are seen."""
    visit(page, site, INLINE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url.removeprefix(site.host)))
    page.locator("fiqra-chat textarea").press_sequentially("chrysikos was")
    expect(page.locator("fiqra-chat .options")).to_be_hidden()
    assert sent == ["/v1/reports/kyoto-2021-workshop-4/completions?lang=en"]


def test_a_question_is_edited_in_its_place(page: Page, site: Site) -> None:
    visit(page, site, INLINE)
    ask(page, "When was it?")
    ask(page, "What are Member States encouraged to monitor?")
    page.get_by_role("button", name="Edit the question").first.press("Enter")
    field = page.get_by_role("textbox", name="Edit the question")
    expect(field).to_be_focused()
    expect(field).to_have_value("When was it?")
    page.keyboard.press("Escape")
    expect(page.locator("fiqra-chat h2").first).to_have_text("When was it?")
    page.get_by_role("button", name="Edit the question").first.press("Enter")
    field.fill(WHEN)
    page.keyboard.press("Enter")
    expect(page.locator("fiqra-chat .brief").first).to_have_text("10 and 11 March 2021")
    expect(page.locator("fiqra-chat h2")).to_have_text([WHEN, "What are Member States encouraged to monitor?"])
    assert [event["detail"]["question"] for event in heard(page, "ask")][-1] == WHEN  # type: ignore[index]  # JSON
    page.reload()
    expect(page.locator("fiqra-chat h2").first).to_have_text(WHEN)


def test_a_question_may_be_spoken_and_is_not_asked_before_it_is_sent(page: Page, site: Site) -> None:
    page.add_init_script(RECOGNITION)
    visit(page, site, INLINE)
    button = page.get_by_role("button", name="Speak your question")
    button.click()
    expect(page.locator("fiqra-chat")).to_contain_text("perhaps on its maker’s servers")
    expect(page.locator("fiqra-chat textarea")).to_have_value("Who moderated")
    expect(page.locator("fiqra-chat textarea")).to_be_focused()
    expect(page.locator("fiqra-chat .answer")).to_have_count(0)
    assert page.evaluate("spoken") == "en"
    page.evaluate("silent = true")
    button.click()
    expect(page.locator("fiqra-chat")).to_contain_text("Nothing was heard")


def test_where_a_browser_hears_nothing_or_the_page_forbids_it_there_is_no_button(page: Page, site: Site) -> None:
    page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    visit(page, site, INLINE)
    expect(page.locator("fiqra-chat textarea")).to_be_visible()
    expect(page.locator("fiqra-chat .voice")).to_have_count(0)
    for path, buttons in (("/", 1), ("/reports/kyoto-2021-workshop-4", 0)):
        allowed = page.request.get(site.host + path).headers["permissions-policy"]
        assert ("microphone=(self)" in allowed) == bool(buttons)
