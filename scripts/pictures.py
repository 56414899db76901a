"""Draws `docs/pictures/`: the ask page and the widget, at two widths, in two schemes and two languages.

make pictures
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect
from pydantic import HttpUrl

from corpus.records import LANGUAGES, Language
from service.app import build_app
from service.settings import load_settings
from service.state import load_state
from tests.support.browser import launched, serving
from tests.support.widget_pages import ask

SCREENS = {375: 812, 1440: 900}
QUALITY = 88
FIREARMS: Mapping[Language, str] = {
    "ar": "ماذا قيل عن الطباعة الثلاثية الأبعاد للأسلحة النارية؟",
    "en": "What was said about 3D printing of firearms?",
}
DEATHS: Mapping[Language, str] = {
    "ar": "كم عدد من توفوا بسبب كوفيد-19؟",
    "en": "How many people died of COVID-19?",
}


def ask_page(page: Page, address: str, language: Language) -> None:
    """A question answered on the front page, its citation open."""
    page.goto(f"{address}/?lang={language}")
    ask(page, FIREARMS[language])
    page.locator("fiqra-chat .chip").first.click()
    expect(page.locator("fiqra-chat .card .text")).to_have_count(2)
    page.evaluate("if (innerWidth > 600) scrollTo(0, 0)")


def bubble(page: Page, address: str, language: Language) -> None:
    """A question answered in the bubble on somebody else's page."""
    page.goto(f"{address}/demo?lang={language}")
    page.locator("fiqra-chat .launcher").click()
    ask(page, FIREARMS[language])


def refusal(page: Page, address: str, language: Language) -> None:
    """A question that the report does not answer."""
    bubble(page, address, language)
    ask(page, DEATHS[language])


SCENES: Mapping[str, Callable[[Page, str, Language], None]] = {
    "ask": ask_page,
    "bubble": bubble,
    "refusal": refusal,
}


def draw(folder: Path) -> None:
    """Write `ask-ar-375-dark.webp` and the others into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings().model_copy(update={"public_url": HttpUrl("https://fiqra.example")})
    with serving(build_app(load_state(settings))) as address, launched() as browser:
        for width, height in SCREENS.items():
            for scheme in ("light", "dark"):
                for language in LANGUAGES:
                    for name, scene in SCENES.items():
                        viewport: ViewportSize = {"width": width, "height": height}
                        with browser.new_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce") as page:
                            scene(page, address, language)
                            page.locator("fiqra-chat textarea").blur()
                            _save(page, folder / f"{name}-{language}-{width}-{scheme}.webp")


def _save(page: Page, path: Path) -> None:
    """Playwright itself writes no WebP, which is a third of the size."""
    devtools = page.context.new_cdp_session(page)
    taken = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    path.write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
