"""The original in a real Chromium: its boxes lie on the words, it is accessible, and never wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from corpus.records import LANGUAGES, Language
from service.app import build_app
from tests.ingest.test_uploads import finished, send, state_on
from tests.originals.test_originals import PDFS
from tests.support.browser import PICTURES, axe_findings, serving
from tests.support.services import LOCAL

pytestmark = pytest.mark.browser
# How dark the picture is within each box, and how dark right beside it, where the words have ended or not begun.
INK = """async (svg) => {
  const image = svg.querySelector("image"), picture = new Image();
  picture.src = image.href.baseVal;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(picture, 0, 0);
  const scale = picture.width / image.width.baseVal.value;
  const dark = (x, y, w, h) => {
    const dots = pen.getImageData(x * scale, y * scale, Math.max(w * scale, 1), h * scale).data;
    return dots.filter((value, at) => at % 4 === 0 && value < 128).length;
  };
  return [...svg.querySelectorAll("rect")].map((box) => {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((edge) => box[edge].baseVal.value);
    return [dark(x, y, w, h), dark(x - 2.5, y, 2, h), dark(x + w + 0.5, y, 2, h)];
  });
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("originals")
    app = build_app(state_on(folder, admin_token="a-token-of-the-tests"))
    with TestClient(app, base_url=LOCAL) as client:
        finished(client, send(client, *PDFS, id="harbours", offer_original="true"))
    with serving(build_app(state_on(folder))) as address:
        yield address


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_accessible_fits_and_boxes_the_words(
    browser: Browser, address: str, language: Language, width: int
) -> None:
    """The picture is dark within the box, and white right beside it, where the words have ended or not begun."""
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        end = {"ar": len("وترأست الاجتماع السيدة فيلا"), "en": len("Ms. Vella")}[language]
        page.goto(f"{address}/original/harbours/2?lang={language}&start=0&end={end}", wait_until="networkidle")
        page.locator("summary").click()
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"original-{language}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        assert axe_findings(page) == []
        [[inside, left, right]] = page.locator("svg").first.evaluate(INK)
        assert inside > 200
        assert left + right <= 3
        assert complaints == []
