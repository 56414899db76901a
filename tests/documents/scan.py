"""Writes the scanned document again: `python -m tests.documents.scan`. It needs a Chromium and Pillow.

One page of the report that comes with fiqra, printed, drawn at 200 dots an inch and turned by a degree, as a careless
hand lays it on the glass. `report.ar.txt` is what stands on it.
"""

from __future__ import annotations

import io
from pathlib import Path

from corpus.reports import BUNDLED, load_reports
from tests.support.browser import launched

HERE = Path(__file__).parent / "scanned"
TITLE = "تقرير اللجنة الثانية عن حلقة العمل"
DPI, DEGREES = 200, 1.0
_LAST, _LONGEST = 12, 330
_STYLE = "@page { size: A4; margin: 20mm 25mm } body { font: 12pt/1.5 'Noto Naskh Arabic' } h1 { font-size: 18pt }"


def lines() -> list[str]:
    """A title, and the first sentences of a dozen paragraphs, numbered."""
    rendering = next(r for r in load_reports(BUNDLED)[0].renderings if r.language == "ar")
    texts = {p.ref.number: p.text.split(". ")[0].rstrip(".:") for p in rendering.paragraphs if not p.ref.level}
    chosen = [text for text in texts.values() if len(text) < _LONGEST][:_LAST]
    return [TITLE, *(f"{number}- {text}." for number, text in enumerate(chosen, 1))]


def scan() -> None:
    import pypdfium2
    from PIL import Image

    title, *paragraphs = lines()
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    with launched() as browser, browser.new_page() as page:
        page.set_content(f"<html lang=ar dir=rtl><style>{_STYLE}</style><h1>{title}</h1>{body}")
        printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(printed) == 1
    picture = printed[0].render(scale=DPI / 72, grayscale=True).to_pil()
    turned = picture.rotate(DEGREES, fillcolor=255, resample=Image.Resampling.BICUBIC)
    out = io.BytesIO()
    turned.save(out, "PDF", resolution=DPI, quality=60)
    (HERE / "report.ar.pdf").write_bytes(out.getvalue())
    (HERE / "report.ar.txt").write_text("\n\n".join(lines()) + "\n", "utf-8")


if __name__ == "__main__":
    scan()
