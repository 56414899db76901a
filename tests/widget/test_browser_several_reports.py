"""Two reports in Chromium, in both languages: every chip, refusal and copied citation says whose paragraph it is.

The second report's English is official and its Arabic a rendering of that, the other way round than the first's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.records import LANGUAGES, Language, Rendering, Report, TitleBlock
from index.build import build_index
from index.model.fakes import HashEmbedder
from service.app import build_app
from tests.support.browser import axe_findings, serving
from tests.support.services import hashed_state
from tests.support.widget_pages import BUBBLE, INLINE, Site, ask, heard, other_site, visit

pytestmark = pytest.mark.browser

TITLE: dict[Language, str] = {"en": "Harbours", "ar": "المرافئ"}
WORKSHOP: dict[Language, str] = {"en": "Workshop 4", "ar": "حلقة العمل 4"}
BARE: dict[Language, str] = {"en": "What does paragraph 6 say?", "ar": "ماذا تقول الفقرة 6؟"}
NAMED: dict[Language, str] = {
    "en": "What does paragraph 6 of the Harbours report say?",
    "ar": "ماذا تقول الفقرة ٦ من تقرير المرافئ؟",
}
CHIP: dict[Language, str] = {"en": "Harbours: 6", "ar": "المرافئ: 6"}
FOREIGN: dict[Language, tuple[str, str]] = {
    "en": ("What does paragraph 9 of the Kyoto Declaration say?", "“Kyoto Declaration” is not among the documents"),
    "ar": ("ماذا جاء في الفقرة 9 من إعلان كيوتو؟", "«إعلان كيوتو» ليس من الوثائق"),
}
STATUS: dict[Language, list[str]] = {
    "en": ["English (official text)", "Arabic (unofficial rendering)"],
    "ar": ["العربية (نص غير رسمي)", "الإنكليزية (نص رسمي)"],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, report: Report) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("several")
    build_index(folder / "index", (report, harbours(report)), HashEmbedder(), "hash")
    labels = {"kyoto-2021-workshop-4": "Workshop 4", "kyoto-2021-workshop-4.ar": "حلقة العمل 4"}
    with other_site() as site:
        state = hashed_state(folder, allowed_origins=(site.origin,), labels=labels)
        with serving(build_app(state)) as site.host:
            yield site


def harbours(report: Report) -> Report:
    def renamed(language: Language, source: Language | None) -> Rendering:
        made = report.rendering(language)
        front = tuple(TitleBlock(b.role, TITLE[language] if b.role == "title" else "…") for b in made.front_matter)
        return replace(made, official=source is None, translated_from=source, front_matter=front)

    return replace(report, id="harbours", renderings=(renamed("en", None), renamed("ar", "en")))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    with context, context.new_page() as page:
        yield page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_alone_asks_which_report(page: Page, site: Site, language: Language) -> None:
    visit(page, site, BUBBLE, language)
    page.locator("fiqra-chat .launcher").click()
    ask(page, BARE[language])
    refusal = page.locator("fiqra-chat .refusal")
    expect(refusal).to_contain_text(TITLE[language])
    expect(refusal).to_contain_text(WORKSHOP[language])
    near = page.locator("fiqra-chat .near .number")
    digit = "6"
    expect(near).to_have_text([f"{WORKSHOP[language]}: {digit}", f"{TITLE[language]}: {digit}"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_names_a_report_is_asked_of_it_and_all_says_so(
    page: Page, site: Site, language: Language
) -> None:
    """Tried by hand: without `withReport` the chip says "6" alone."""
    visit(page, site, INLINE, language)
    ask(page, NAMED[language])
    expect(page.locator("fiqra-chat .chip")).to_have_text([CHIP[language]])
    page.locator("fiqra-chat .chip").click()
    card = page.locator("fiqra-chat .card")
    expect(card.locator(".caption")).to_have_text(STATUS[language])
    card.locator(".text .quiet").first.click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('/p/harbours/6?'))")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.split("\n")[1].startswith(TITLE[language])
    assert ("نص غير رسمي بالعربية" in copied) == (language == "ar")
    assert "English" not in copied


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_asks_one_report(page: Page, site: Site, language: Language) -> None:
    visit(page, site, INLINE, language)
    menu = page.locator("fiqra-chat select")
    expect(menu.locator("option")).to_have_count(3)
    menu.select_option("harbours")
    ask(page, BARE[language])
    expect(page.locator("fiqra-chat .chip")).to_have_text([CHIP[language]])
    [asked] = heard(page, "ask")
    assert asked["detail"]["report"] == "harbours"  # type: ignore[index]  # JSON
    assert axe_findings(page) == []


def test_the_attribute_asks_one_report_and_there_is_no_menu(page: Page, site: Site) -> None:
    visit(page, site, INLINE.replace("mode=", "report='harbours' mode="), "en")
    ask(page, BARE["en"])
    expect(page.locator("fiqra-chat .chip")).to_have_text([CHIP["en"]])
    expect(page.locator("fiqra-chat select")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_that_is_not_loaded_is_named_and_not_answered_from(
    page: Page, site: Site, language: Language
) -> None:
    visit(page, site, INLINE, language)
    question, said = FOREIGN[language]
    ask(page, question)
    expect(page.locator("fiqra-chat .refusal")).to_contain_text(said)
    expect(page.locator("fiqra-chat .chip")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_ask_which_report_too(page: Page, site: Site, language: Language) -> None:
    page.goto(f"{site.host}/?lang={language}")
    form = page.locator("form.find")
    expect(form.locator("option")).to_have_count(3)
    form.locator("input[name=ref]").fill("6")
    form.locator("button").click()
    links = page.locator("main ul.links a")
    expect(links).to_have_text([WORKSHOP[language], TITLE[language]])
    assert axe_findings(page) == []
    links.last.click()
    page.wait_for_url("**/p/harbours/6?*")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_script_runs_the_ask_form_has_a_picker_and_answers_name_the_report(
    browser: Browser, site: Site, language: Language
) -> None:
    context = browser.new_context(java_script_enabled=False)
    with context, context.new_page() as page:
        page.goto(f"{site.host}/?lang={language}")
        form = page.locator("form.ask")
        form.locator("select").select_option("harbours")
        form.locator("input[name=q]").fill(BARE[language])
        form.locator("button").click()
        expect(page.locator(".cited a").first).to_contain_text(TITLE[language])
        expect(page.locator("form.ask select")).to_have_value("harbours")
