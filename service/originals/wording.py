"""What the pages of the original say in their own words, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.records import Language


@dataclass(frozen=True, slots=True)
class OriginalWording:
    """One language's words; `{…}` is filled in where they are used."""

    title: str
    read_from: str
    of_pages: str
    fetch: str
    page: str
    boxed: str
    whole_page: str
    not_printed: str
    not_placed: str
    turned: str
    back: str


ORIGINALS: Mapping[Language, OriginalWording] = {
    "en": OriginalWording(
        title="{name} in the original",
        read_from="Read from {file}",
        of_pages="pages: {pages}",
        fetch="Fetch the document",
        page="Page {page}",
        boxed="Page {page} of the original, with these words in boxes: {words}",
        whole_page="The whole of page {page}",
        not_printed="This document has no printed pages to show.",
        not_placed="Where these words stand on its pages is not known.",
        turned="The page is turned, so that the words have no boxes.",
        back="Back to the paragraph",
    ),
    "ar": OriginalWording(
        title="{name} في الوثيقة الأصلية",
        read_from="النص مأخوذ من {file}",
        of_pages="عدد الصفحات: {pages}",
        fetch="تنزيل الوثيقة",
        page="الصفحة {page}",
        boxed="الصفحة {page} من الوثيقة الأصلية، وقد وُضعت في أطر العبارةُ التالية: {words}",
        whole_page="الصفحة {page} كاملة",
        not_printed="ليس لهذه الوثيقة صفحات مطبوعة يمكن عرضها.",
        not_placed="موضع هذه العبارة في صفحات الوثيقة غير معروف.",
        turned="الصفحة مطبوعة بالعرض، ولذلك لا تظهر العبارة في إطار.",
        back="العودة إلى الفقرة",
    ),
}
