"""The chat widget in a real Chromium, on a page of another origin with a strict policy, against the real service."""

from __future__ import annotations

import json
import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.records import LANGUAGES, Language, Report
from corpus.refs import parse_ref
from service.app import build_app
from service.state import State
from tests.support.browser import axe_findings, serving
from tests.support.widget_pages import BUBBLE, INLINE, LABEL, MONITOR, Site, allowing, ask, heard, listen, style, visit

pytestmark = [pytest.mark.browser, pytest.mark.model]

Scheme = Literal["light", "dark"]
UNANSWERED: dict[Language, str] = {"ar": "ما عاصمة فرنسا؟", "en": "What is the capital of France?"}
STATUS: dict[Language, list[str]] = {
    "ar": ["العربية (نص رسمي)", "الإنكليزية (نص غير رسمي)"],
    "en": ["English (unofficial rendering)", "Arabic (official text)"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_answered_on_a_page_of_another_origin_with_a_strict_policy(
    page: Page, site: Site, report: Report, language: Language
) -> None:
    other: Language = "en" if language == "ar" else "ar"
    complaints = visit(page, site, BUBBLE, language)
    page.locator("fiqra-chat .launcher").click()
    ask(page, MONITOR[language])
    chips = page.locator("fiqra-chat .chip")
    expect(chips).to_have_text([LABEL[language]])
    chips.first.click()
    [answer] = [event["detail"]["answer"] for event in heard(page, "answer")]  # type: ignore[index]  # JSON
    card = page.locator("fiqra-chat .card")
    expect(card.locator("mark:not(.same)")).to_have_text(answer["citations"][0]["quote"])
    expect(card.locator("mark.same")).to_have_text(report.rendering(other).by_ref[parse_ref("21(k)")].text)
    expect(card.locator(".caption")).to_have_text(STATUS[language])
    texts = [r.by_ref[parse_ref("21(k)")].text for r in sorted(report.renderings, key=lambda r: r.language != language)]
    prose = card.locator(".prose:not(.lead)")
    for i, text in enumerate(texts):
        expect(prose.nth(i)).to_contain_text(text)
    lead = report.rendering(language).by_ref[parse_ref("21")].text
    expect(card.locator(".lead").first).to_have_text(lead)
    link = card.get_by_role("link").get_attribute("href")
    assert link is not None
    assert re.fullmatch(
        rf"{site.host}/p/{report.id}/21\(k\)\?lang={language}&v=[0-9a-f]{{8}}&start=\d+&end=\d+#quote", link
    )
    assert page.evaluate("violations") == []
    assert complaints == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", "للإنترنت → للإنتربول (مرجَّح) مركز الابتكار"),
        ("en", "للإنترنت → للإنتربول (probable) An innovation centre"),
    ],
)
def test_a_card_says_which_words_were_corrected_as_the_reading_page_does(
    page: Page, site: Site, language: Language, said: str
) -> None:
    """Paragraph 17, in either language: the Arabic stands in the card in any case. Tried by hand: without the lines
    under the text, the card says nothing of it."""
    visit(page, site, INLINE, language)
    ask(page, {"ar": "ماذا جاء في الفقرة 17؟", "en": "What does paragraph 17 say?"}[language])
    page.locator("fiqra-chat .chip").first.click()
    mends = page.locator("fiqra-chat .card .mends")
    expect(mends).to_have_count(1)
    expect(mends).to_contain_text(said)
    expect(page.locator("fiqra-chat .card .mended")).to_have_text(["الأقاليمي", "للإنتربول"])


def test_a_violation_would_be_seen(page: Page, site: Site) -> None:
    """The check above can fail: a host that the policy does not name is refused, and that is heard."""
    site.embed("")
    site.policy = "default-src 'none'; script-src 'self'"
    listen(page)
    page.goto(site.origin)
    page.wait_for_function("violations.length > 0")
    assert page.evaluate("violations")[0].startswith("script-src")


def test_an_origin_that_is_not_allowed_gets_no_answer(page: Page, site: Site, state: State) -> None:
    with serving(build_app(state)) as closed:
        visit(page, site, INLINE, host=closed)
        page.locator("fiqra-chat textarea").fill(MONITOR["en"])
        page.keyboard.press("Enter")
        expect(page.locator("fiqra-chat .fault")).to_have_text("The service cannot be reached.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_report_does_not_answer_is_said_with_the_nearest_paragraphs(
    page: Page, site: Site, language: Language
) -> None:
    visit(page, site, INLINE, language)
    ask(page, UNANSWERED[language])
    expect(page.locator("fiqra-chat .refusal")).to_be_visible()
    expect(page.locator("fiqra-chat .chip")).to_have_count(0)
    near = page.locator("fiqra-chat .near")
    expect(near).to_have_count(3)
    near.first.click()
    expect(page.locator("fiqra-chat .card .caption")).to_have_text(STATUS[language])
    expect(page.locator("fiqra-chat .card mark")).to_have_count(1)  # the sentence nearest to the question


def test_the_keyboard_alone_is_enough(page: Page, site: Site) -> None:
    visit(page, site, BUBBLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("fiqra-chat .launcher")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("fiqra-chat textarea")).to_be_focused()
    page.keyboard.type(MONITOR["en"])
    page.keyboard.press("Shift+Enter")
    assert "\n" in page.locator("fiqra-chat textarea").input_value()
    page.keyboard.press("Enter")
    expect(page.locator("fiqra-chat .remarks")).to_be_visible()
    expect(page.locator("fiqra-chat textarea")).to_be_focused()
    for _ in range(10):  # three other questions, six things to do with the answer, its chip
        page.keyboard.press("Shift+Tab")
    chip = page.locator("fiqra-chat .chip")
    expect(chip).to_be_focused()
    assert style(page, "fiqra-chat .chip", "outlineWidth") == "3px"
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.locator("fiqra-chat .card .shut")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("fiqra-chat .card")).to_have_count(0)
    expect(chip).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("fiqra-chat dialog")).to_be_hidden()
    expect(page.locator("fiqra-chat .launcher")).to_be_focused()


@pytest.mark.parametrize(
    ("element", "language", "screen"),
    [
        (BUBBLE, "ar", (375, "light")),
        (BUBBLE, "en", (1440, "dark")),
        (INLINE, "en", (375, "dark")),
        (INLINE, "ar", (1440, "light")),
    ],
)
def test_every_state_is_accessible_and_fits(
    browser: Browser, site: Site, element: str, language: Language, screen: tuple[int, Scheme]
) -> None:
    width, scheme = screen
    with browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        visit(page, site, element, language)
        if element is BUBBLE:
            assert axe_findings(page) == []
            page.locator("fiqra-chat .launcher").click()
        expect(page.locator("fiqra-chat .suggested").first).to_be_visible()
        assert axe_findings(page) == []
        ask(page, MONITOR[language])
        page.locator("fiqra-chat .chip").click()
        expect(page.locator("fiqra-chat .card .text")).to_have_count(2)
        ask(page, UNANSWERED[language])
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        small = page.locator("fiqra-chat").evaluate(
            """e => [...e.shadowRoot.querySelectorAll("button, textarea, .foot a, .tools a")]
                .filter((b) => b.checkVisibility())
                .filter((b) => b.getBoundingClientRect().height < 44 || b.getBoundingClientRect().width < 44)
                .map((b) => b.outerHTML)"""
        )
        assert small == []


def test_one_region_says_that_it_is_answering_and_then_the_answer_once(page: Page, site: Site) -> None:
    visit(page, site, INLINE)
    page.locator("fiqra-chat").evaluate(
        """e => {
            window.said = [];
            const region = e.shadowRoot.querySelector("[role=status]");
            new MutationObserver(() => said.push(region.textContent)).observe(region, {childList: true});
        }"""
    )
    assert page.locator("fiqra-chat [role=status], fiqra-chat [aria-live]").count() == 1
    ask(page, MONITOR["en"])
    first, second = page.evaluate("said")
    assert first == "Looking in the report …"
    assert second.startswith("Member States are encouraged to monitor")
    assert second.endswith("(Paragraph 21 (k))")
    expect(page.get_by_role("list", name="Questions and answers")).to_be_visible()


def test_the_server_may_go_and_come_back(page: Page, site: Site, state: State) -> None:
    app = build_app(allowing(state, site))
    with serving(app) as address:
        visit(page, site, INLINE, host=address)
        ask(page, MONITOR["en"])
    page.locator("fiqra-chat textarea").fill(UNANSWERED["en"])
    page.keyboard.press("Enter")
    expect(page.locator("fiqra-chat .fault")).to_have_text("The service cannot be reached.")
    [error] = heard(page, "error")
    assert error["detail"]["kind"] == "unreachable"  # type: ignore[index]  # JSON
    page.locator("fiqra-chat .chip").click()  # what was answered can still be read
    expect(page.locator("fiqra-chat .card mark:not(.same)")).to_contain_text("Member States are encouraged")
    expect(page.locator("fiqra-chat .card .notice")).to_be_visible()
    with serving(build_app(allowing(state, site)), int(address.rpartition(":")[2])):
        page.locator("fiqra-chat .retry").click()
        expect(page.locator("fiqra-chat .refusal")).to_be_visible()
        expect(page.locator("fiqra-chat .fault")).to_have_count(0)


def test_the_conversation_survives_a_reload_and_a_new_one_starts_empty(page: Page, site: Site) -> None:
    visit(page, site, BUBBLE)
    page.locator("fiqra-chat .launcher").click()
    ask(page, MONITOR["en"])
    page.reload()
    expect(page.locator("fiqra-chat dialog")).to_be_visible()
    expect(page.locator("fiqra-chat .chip")).to_have_text([LABEL["en"]])
    expect(page.locator("fiqra-chat textarea")).not_to_be_focused()
    page.locator("fiqra-chat .chip").click()
    expect(page.locator("fiqra-chat mark").first).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("fiqra-chat .answer")).to_have_count(0)
    page.reload()
    expect(page.locator("fiqra-chat .greeting")).to_be_visible()
    expect(page.locator("fiqra-chat .answer")).to_have_count(0)


@pytest.mark.parametrize("kept", ["{", "[]", '{"version": 0, "exchanges": [1]}', '{"version": 1, "exchanges": 7}'])
def test_a_conversation_that_cannot_be_read_is_left_alone(page: Page, site: Site, kept: str) -> None:
    complaints = visit(page, site, INLINE)
    page.evaluate("([key, value]) => sessionStorage.setItem(key, value)", [f"fiqra:{site.host}:", kept])
    page.reload()
    ask(page, MONITOR["en"])
    assert complaints == []


def test_where_a_browser_keeps_nothing_the_widget_still_answers(page: Page, site: Site) -> None:
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no'); }})")
    complaints = visit(page, site, INLINE)
    ask(page, MONITOR["en"])
    assert complaints == []


def test_a_follow_up_is_read_in_the_light_of_what_was_asked(page: Page, site: Site) -> None:
    visit(page, site, INLINE)
    ask(page, "Who moderated the meetings of the workshop?")
    with page.expect_request("**/v1/ask") as sent:
        ask(page, "And who helped to prepare it?")
    history = json.loads(sent.value.post_data or "")["history"]
    assert [turn["role"] for turn in history] == ["user", "assistant"]
    assert history[0]["content"] == "Who moderated the meetings of the workshop?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_can_be_turned_at_any_time(page: Page, site: Site, language: Language) -> None:
    visit(page, site, INLINE, language)
    other: Language = "en" if language == "ar" else "ar"
    direction = {"ar": "rtl", "en": "ltr"}
    chat = page.locator("fiqra-chat")
    expect(chat).to_have_attribute("dir", direction[language])
    ask(page, MONITOR[language])
    page.locator("fiqra-chat textarea").fill("…")
    page.locator(f"fiqra-chat .bar [lang={other}]").click()
    expect(chat).to_have_attribute("dir", direction[other])
    expect(page.locator("fiqra-chat .panel")).to_have_attribute("lang", other)
    expect(page.locator("fiqra-chat .chip")).to_have_text([LABEL[language]])
    expect(page.locator("fiqra-chat textarea")).to_have_value("…")
    assert style(page, "fiqra-chat .statement", "direction") == direction[language]
    page.reload()
    expect(page.locator("fiqra-chat .panel")).to_have_attribute("lang", other)
    page.locator("fiqra-chat .tools button").last.click()  # ask again
    expect(page.locator("fiqra-chat .chip")).to_have_text([LABEL[language], LABEL[other]])


def test_events_say_what_happens_and_a_page_may_take_citations_over(page: Page, site: Site) -> None:
    visit(page, site, BUBBLE)
    page.evaluate("document.querySelector('fiqra-chat').open()")
    page.evaluate("question => document.querySelector('fiqra-chat').submitUserMessage(question)", MONITOR["en"])
    expect(page.locator("fiqra-chat .chip")).to_be_visible()
    page.evaluate("refuse = 'citation'")
    page.locator("fiqra-chat .chip").click()
    expect(page.locator("fiqra-chat .card")).to_have_count(0)
    page.evaluate("document.querySelector('fiqra-chat').close()")
    events = page.evaluate("heard")
    assert [event["name"] for event in events] == ["open", "ask", "answer", "citation", "close"]
    assert all(event["composed"] for event in events)
    assert [event["name"] for event in events if event["cancelable"]] == ["citation"]
    assert events[1]["detail"]["question"] == MONITOR["en"]
    assert events[3]["detail"]["citation"]["ref"] == "21(k)"
    assert events[3]["detail"]["url"].startswith(site.host)
    page.evaluate("document.querySelector('fiqra-chat').clearMessages()")
    expect(page.locator("fiqra-chat .chip")).to_have_count(0)


def test_a_script_alone_mounts_the_bubble(page: Page, site: Site) -> None:
    visit(page, site, "", script=' data-auto data-lang="ar" data-theme="dark" data-open data-greeting="أهلاً"')
    expect(page.locator("fiqra-chat dialog")).to_be_visible()
    expect(page.locator("fiqra-chat .greeting")).to_have_text("أهلاً")
    expect(page.locator("fiqra-chat")).to_have_attribute("dir", "rtl")
    ask(page, MONITOR["ar"])
    expect(page.locator("fiqra-chat")).to_have_count(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_asks_through_the_widget_and_reads_one_click_away(
    page: Page, site: Site, report: Report, language: Language
) -> None:
    complaints = listen(page)
    page.goto(f"{site.host}/?lang={language}")
    expect(page.locator("h1")).to_have_text(report.rendering(language).title())
    expect(page.locator("#q")).to_be_hidden()  # the form for browsers without a script
    questions = report.rendering(language).questions
    expect(page.locator("fiqra-chat .suggested")).to_have_text(list(questions))
    page.locator("fiqra-chat .suggested").first.click()
    expect(page.locator("fiqra-chat .chip")).to_have_text([LABEL[language]])
    page.locator(f".ways a[hreflang={language}]").click()
    expect(page.locator("#para_9 > .text .prose")).to_be_visible()
    assert complaints == []


def test_an_address_may_hold_a_question(page: Page, site: Site) -> None:
    page.goto(f"{site.host}/?lang=en&q={MONITOR['en']}")
    expect(page.locator("fiqra-chat .chip")).to_have_text([LABEL["en"]])
    expect(page).to_have_url(re.compile(r"/\?lang=en&q=What\+are"))  # a link to the answer
    page.reload()
    expect(page.locator("fiqra-chat .chip")).to_have_text([LABEL["en"]])  # which does not ask again
    page.get_by_role("button", name="New conversation").click()
    expect(page).to_have_url(f"{site.host}/?lang=en")


def test_the_demo_answers_and_its_snippet_can_be_copied(browser: Browser, site: Site) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context, context.new_page() as page:
        complaints = listen(page)
        page.goto(f"{site.host}/demo?lang=en")
        page.get_by_role("button", name="Copy").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(f'<script type="module" src="{site.host}/widget.js"></script>\n<fiqra-chat api=')
        page.locator("fiqra-chat .launcher").click()
        ask(page, MONITOR["en"])
        page.locator("fiqra-chat .chip").click()
        page.locator("fiqra-chat .card").get_by_role("button", name="Copy both").click()
        expect(page.locator("fiqra-chat .card .foot button")).to_have_text("Copied ✓")
        both = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert both[0].startswith("“Member States are encouraged to monitor")
        assert both[1].startswith("Report of Committee II: workshop 4, Fourteenth United Nations Congress")
        assert both[1].endswith("7-12 March 2021, para. 21 (k) (unofficial English rendering)")
        assert both[4].startswith("«تُشجّع")
        assert both[5].endswith("آذار/مارس 2021، الفقرة 21 (ك)")
        links = [line for line in both if line.startswith(f"{site.host}/p/")]
        assert [both.index(link) for link in links] == [2, 6]
        assert all(re.search(r"&start=0&end=\d+#quote$", link) for link in links)
        assert page.evaluate("violations") == []
        assert complaints == []
