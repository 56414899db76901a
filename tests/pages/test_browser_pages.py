"""The pages in a real Chromium: accessible, never wider than the screen, readable and usable without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.records import LANGUAGES, Language, Report
from corpus.refs import parse_ref
from service.app import build_app
from service.state import State
from tests.support.browser import PICTURES, axe_findings, serving
from tests.support.html_pages import state_of
from tests.support.large import large_report

pytestmark = [pytest.mark.browser, pytest.mark.model]

ID = "kyoto-2021-workshop-4"
PAGES = {
    "front": "/?lang={}",
    "report": f"/reports/{ID}?lang={{}}",
    "paragraph": f"/p/{ID}/21(k)?lang={{}}&start=0&end=40",
    "changed": f"/p/{ID}/9?lang={{}}&v=00000000",
    "demo": "/demo?lang={}",
    "docs": "/docs?lang={}",
    "unknown": f"/p/{ID}/21(l)?lang={{}}",
    "found": f"/reports/{ID}?lang={{}}&find=crime",
    "answered": "/?lang={}&q=What are Member States encouraged to monitor?",
}
Scheme = Literal["light", "dark"]
SCREENS: list[tuple[int, Scheme]] = [(375, "light"), (375, "dark"), (1440, "light"), (1440, "dark")]


@pytest.fixture(scope="module")
def address(state: State) -> Iterator[str]:
    with serving(build_app(state)) as address:
        yield address


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 375, "height": 800}) as page:
        yield page


@pytest.fixture
def wide(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1440, "height": 900}) as page:
        yield page


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen, to either side."""
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits_the_screen(
    browser: Browser, address: str, name: str, language: Language, screen: tuple[int, Scheme]
) -> None:
    width, scheme = screen
    with browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(address + PAGES[name].format(language))
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}-{language}-{width}-{scheme}.png", full_page=True)
        assert overflow(page) == 0
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # above it the ask box may stand over half a link
        assert axe_findings(page) == []
        assert [text for text in complaints if "404" not in text or name != "unknown"] == []


def test_the_check_finds_what_is_not_accessible(narrow: Page) -> None:
    narrow.set_content("<html><body><main><img src='data:,'><button></button></main></body></html>")
    assert {finding.partition(":")[0] for finding in axe_findings(narrow)} >= {"image-alt", "button-name"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_opened_still_fits_a_narrow_screen(narrow: Page, address: str, language: Language) -> None:
    narrow.goto(address + PAGES["report"].format(language))
    narrow.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    assert overflow(narrow) == 0
    assert axe_findings(narrow) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parallel_text_is_beside_on_wide_screens_and_folded_on_narrow_ones(
    narrow: Page, wide: Page, address: str, language: Language
) -> None:
    for page in (narrow, wide):
        page.goto(address + PAGES["report"].format(language))
    parallel = "#para_9 .parallel .prose"
    assert not narrow.locator(parallel).is_visible()
    narrow.locator("#para_9 .parallel > summary").click()
    assert narrow.locator(parallel).is_visible()
    own, other = (wide.locator(selector).bounding_box() for selector in ("#para_9 > .text", parallel))
    assert own is not None
    assert other is not None
    assert abs(own["y"] - other["y"]) < 12
    assert (own["x"] < other["x"]) == (language == "en")  # the page's language comes first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_reads_whole_without_a_script(browser: Browser, address: str, language: Language) -> None:
    with browser.new_page(java_script_enabled=False, viewport={"width": 375, "height": 800}) as page:
        page.goto(address + PAGES["report"].format(language))
        expect(page.locator(".paragraph > .text .prose")).to_have_count(36)
        expect(page.locator("#para_21__subpara_k > .text .prose")).to_be_visible()
        page.locator("#para_21__subpara_k .cite > summary").click()
        expect(page.locator("#para_21__subpara_k .citation p[lang=en]")).to_contain_text("para. 21 (k)")
        expect(page.locator("#para_21__subpara_k .copy").first).to_be_hidden()


def test_a_citation_is_copied_in_one_language_and_in_both(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    with context, context.new_page() as page:
        page.goto(f"{address}/p/{ID}/21(k)?lang=en")
        buttons = page.locator(".copy")
        expect(buttons).to_have_count(3)
        buttons.nth(0).click()
        expect(page.locator("#status")).to_have_text("Copied ✓")
        expect(buttons.nth(0)).to_have_text("Copied ✓")  # where one looks
        copied = page.evaluate("navigator.clipboard.readText()")
        assert re.fullmatch(
            r"“Member States are encouraged .*”\n"
            r"Report of Committee II: workshop 4, Fourteenth United Nations Congress on Crime "
            r"Prevention and Criminal Justice, Kyoto, Japan, 7-12 March 2021, para\. 21 \(k\) "
            r"\(unofficial English rendering\)\n"
            rf"{address}/p/{ID}/21\(k\)\?lang=en&v=[0-9a-f]{{8}}",
            copied,
        )
        buttons.nth(2).click()
        both = page.evaluate("navigator.clipboard.readText()")
        assert both.startswith(copied)
        assert "\n«تُشجّع" in both
        assert "آذار/مارس 2021، الفقرة 21 (ك)" in both
        page.goto(f"{address}/p/{ID}/21(k)?lang=en&start=0&end=26")
        page.locator(".copy").first.click()
        quoted = page.evaluate("navigator.clipboard.readText()")
        assert quoted.startswith("“Member States are encourag”\n")
        assert quoted.endswith("&start=0&end=26#quote")


def test_where_copying_is_not_allowed_the_citation_is_selected(wide: Page, address: str) -> None:
    wide.goto(f"{address}/p/{ID}/9?lang=ar")
    wide.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    wide.locator(".copy").first.click()
    assert "الفقرة 9" in wide.evaluate("getSelection().toString()")


def test_the_keyboard_leads_past_the_head_to_the_text(narrow: Page, address: str) -> None:
    narrow.goto(address + PAGES["report"].format("ar"))
    narrow.keyboard.press("Tab")
    skip = narrow.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    narrow.keyboard.press("Enter")
    expect(narrow.locator("main")).to_be_focused()


def test_an_anchor_is_not_hidden_under_the_column_names(wide: Page, address: str) -> None:
    wide.goto(address + PAGES["report"].format("en") + "#para_18")
    head, target = (wide.locator(selector).bounding_box() for selector in (".columns", "#para_18 > .text"))
    assert head is not None
    assert target is not None
    assert head["y"] + head["height"] <= target["y"]


def test_the_look_up_form_finds_a_paragraph_or_helps(narrow: Page, address: str) -> None:
    narrow.goto(f"{address}/?lang=ar")
    narrow.get_by_role("search").get_by_role("combobox").fill("٢١ ك")
    narrow.keyboard.press("Enter")
    expect(narrow.locator("h1")).to_have_text("الفقرة 21 (ك)")
    narrow.get_by_role("search").get_by_role("combobox").fill("99")
    narrow.keyboard.press("Enter")
    expect(narrow.get_by_role("main").get_by_role("link")).to_have_count(4)  # the nearest, and the front page


@pytest.mark.parametrize("language", LANGUAGES)
def test_print_shows_the_one_language(narrow: Page, address: str, language: Language) -> None:
    narrow.emulate_media(media="print")
    narrow.goto(address + PAGES["report"].format(language))
    expect(narrow.locator("header.site")).to_be_hidden()
    expect(narrow.locator("#para_9 > .text .prose")).to_be_visible()
    expect(narrow.locator("#para_9 .parallel")).to_be_hidden()


def test_forced_colours_keep_the_quotation_apart(wide: Page, address: str) -> None:
    wide.emulate_media(forced_colors="active")
    wide.goto(address + PAGES["paragraph"].format("en"))
    mark, text = (
        wide.locator(selector).first.evaluate("e => getComputedStyle(e).backgroundColor")
        for selector in (".focus mark", "body")
    )
    assert mark != text


@pytest.fixture(scope="module")
def long_report() -> Iterator[str]:
    """A service on a report of 10,000 paragraphs, which is read in parts."""
    with serving(build_app(state_of(large_report()))) as address:
        yield address


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_anchor_of_a_long_report_opens_the_part_that_has_it(
    wide: Page, long_report: str, language: Language
) -> None:
    """With the script at once."""
    wide.goto(f"{long_report}/reports/large?lang={language}#para_7990")
    expect(wide).to_have_url(re.compile(r"part=46#para_7990$"))
    expect(wide.locator("#para_7990 .prose").first).to_be_in_viewport()
    assert overflow(wide) <= 0
    assert axe_findings(wide) == []


def test_an_anchor_of_a_long_report_is_a_link_without_a_script(browser: Browser, long_report: str) -> None:
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(f"{long_report}/reports/large?lang=en#para_7990")
        link = page.locator("a#para_7990")
        expect(link).to_be_in_viewport()
        link.click()
        expect(page.locator("#para_7990 .prose").first).to_be_in_viewport()


def test_a_link_that_quotes_leads_to_its_words(narrow: Page, address: str, report: Report) -> None:
    """On a telephone they stand below the first screen. Tried by hand: without the script's part, with no anchor, it
    opens at the top."""
    text = report.rendering("en").by_ref[parse_ref("9")].text
    link = f"{address}/p/{ID}/9?lang=en&start={len(text) - 60}&end={len(text)}"
    for path in (link, f"{link}#quote"):
        narrow.goto(path)
        expect(narrow.locator("#quote")).to_be_in_viewport()


def test_marks_are_gone_through_by_keyboard(wide: Page, address: str) -> None:
    wide.goto(f"{address}/?lang=en")
    wide.get_by_role("search").get_by_role("combobox").fill("darknet")
    wide.keyboard.press("Enter")
    expect(wide).to_have_url(re.compile(r"find=darknet#mark_1$"))
    following = wide.get_by_role("button", name="Next place")
    following.focus()
    for number in (2, 3, 4, 1):
        wide.keyboard.press("Enter")
        expect(wide.locator("mark.at")).to_have_id(f"mark_{number}")
        expect(wide.locator("mark.at")).to_be_in_viewport()
    wide.get_by_role("link", name="Take the marks away").click()
    expect(wide.locator("mark")).to_have_count(0)


def test_the_other_language_begins_where_the_reader_is(wide: Page, address: str) -> None:
    """Tried by hand: with the link as the server wrote it, the Arabic opens at its title page."""
    wide.goto(f"{address}/reports/{ID}?lang=en#para_18")
    wide.locator(".switch a").click()
    expect(wide).to_have_url(re.compile(r"lang=ar#para_1[78]$"))
    expect(wide.locator("#para_18 > .text")).to_be_in_viewport()


def test_the_contents_stay_at_the_side_of_a_wide_screen(wide: Page, address: str) -> None:
    wide.goto(f"{address}/reports/{ID}?lang=ar#para_18")
    expect(wide.locator("nav.contents")).to_be_in_viewport()
    assert overflow(wide) == 0


@pytest.mark.parametrize("name", ["found", "paragraph"])
def test_print_keeps_what_is_marked(narrow: Page, address: str, name: str) -> None:
    narrow.emulate_media(media="print")
    narrow.goto(address + PAGES[name].format("en"))
    marked = narrow.locator("mark").first.evaluate("e => getComputedStyle(e).printColorAdjust")
    assert marked == "exact"
    expect(narrow.locator("nav.places")).to_be_hidden()
