"""What the pages say in their own words, in both languages; everything else on them is data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from corpus.records import Language, Rendering
from corpus.refs import Ref
from service.pages.wording.ar import ARABIC
from service.pages.wording.en import ENGLISH
from service.pages.wording.words import Wording

__all__ = ["DIRECTION", "NUMBER_END", "OWN_NAME", "WORDING", "Wording", "name_of"]

DIRECTION: Mapping[Language, Literal["rtl", "ltr"]] = {"ar": "rtl", "en": "ltr"}
NUMBER_END: Mapping[Language, str] = {"ar": "-", "en": "."}  # what a paragraph's number ends with: 9. and 9-
OWN_NAME: Mapping[Language, str] = {"ar": "العربية", "en": "English"}
WORDING: Mapping[Language, Wording] = {"ar": ARABIC, "en": ENGLISH}


def name_of(rendering: Rendering, ref: Ref) -> str:
    """What a page calls a place, on its own: `Paragraph 21 (k)`, `Title page`, `الفقرة 21 (ك)`."""
    words = WORDING[rendering.language]
    return words.title_page if ref.is_front else words.paragraph_title.format(label=rendering.label(ref))
