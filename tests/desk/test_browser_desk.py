"""The desk in a real Chromium: used without a script, accessible, never wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from corpus.records import LANGUAGES, Language
from service.app import build_app
from service.desk.access import PATH
from service.desk.wording import DESK
from tests.desk.test_desk import FINDINGS, TOKEN
from tests.ingest.test_uploads import state_on
from tests.support.browser import PICTURES, axe_findings, serving
from tests.support.paths import DOCUMENTS

pytestmark = pytest.mark.browser
SCREENS = [(375, "dark"), (1440, "light")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(build_app(state_on(tmp_path_factory.mktemp("desk"), admin_token=TOKEN))) as address:
        yield address


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str) -> tuple[list[Any], dict[str, str]]:
    """The cookies of somebody who signed in and handed documents in without a script, and the pages that he saw."""
    files: dict[str, Any] = {
        "pdf": [str(DOCUMENTS / "report.ar.pdf"), str(DOCUMENTS / "report.en.docx")],
        "findings": [{"name": "a.txt", "mimeType": "text/plain", "buffer": FINDINGS}],
    }
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}{PATH}?lang=en")
        page.fill("#token", TOKEN)
        page.click("main button")
        pages = {"overview": page.url}
        for name, chosen in files.items():
            page.goto(pages["overview"])
            page.set_input_files("#file", chosen)
            page.fill("#id", name)
            page.click("main form button")
            expect(page.locator("#accept")).to_be_visible(timeout=120_000)
            pages[name] = page.url
        cookies: list[Any] = [*context.cookies()]
        return cookies, pages


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_the_desk_is_accessible_and_fits_the_screen(
    browser: Browser, seen: tuple[list[Any], dict[str, str]], language: Language, screen: tuple[int, str]
) -> None:
    cookies, pages = seen
    width, scheme = screen
    scheme_of: Any = scheme
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme_of) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        for name, url in pages.items():
            page.goto(url.replace("lang=en", f"lang={language}"), wait_until="networkidle")
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"desk-{name}-{language}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, name
            assert axe_findings(page) == [], name
            if name == "pdf":
                expect(page.locator(".origin image").first).to_be_visible()
        expect(page.locator("#para_2 .finding strong")).to_have_text(DESK[language].finding_titles["joined"])
        assert complaints == []
