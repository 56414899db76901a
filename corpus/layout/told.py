"""What reading a document lists for a person, what it leaves out, and where languages differ, from the same facts.

    told("no_letters", page=3, fix=told("read_by_ocr"))
    → Told("page 3 holds no letters; if it is a picture of text, read it with --ocr, …", "الصفحة 3 خالية من الحروف؛ …")

A fact is a number, a paragraph, a piece of the document, or another thing that is told: each is written as its language
writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.errors import CorpusError, DocumentRefused
from corpus.layout.refusals import REFUSALS
from corpus.refs import Ref


@dataclass(frozen=True, slots=True)
class Told:
    """The same in English and in Arabic."""

    en: str
    ar: str


Fact = str | int | Ref | Told
NOTHING = Told("", "")

WORDS: Mapping[str, tuple[str, str]] = {
    # numbers and paragraphs
    "alphabet": (
        "letters count in the order of the alphabet, أ ب ت ث; they are cited as (a), (b), (c), (d), which fiqra writes "
        "أ ب ج د in Arabic",
        "الفقرات الفرعية مرقّمة بالترتيب الهجائي، أ ب ت ث؛ ويُستشهد بها بالحروف (a) و(b) و(c) و(d)، وتُكتب هنا بالعربية "
        "أ ب ج د",
    ),
    "paragraph": ("paragraph {ref}", "الفقرة {ref}"),
    "title_page": ("the title page", "صفحة العنوان"),
    "one_line": (
        "paragraphs {first} to {last} are one line: {text}",
        "الفقرات من {first} إلى {last} واردة في سطر واحد: {text}",
    ),
    "gap": (
        "paragraph {found} comes after {after}, where {expected} was expected",
        "ترد الفقرة {found} بعد {after}، وكان المتوقع ورود الفقرة {expected}",
    ),
    "repeat": (
        "“{printed}” comes again after {after}; it was read as text of that paragraph",
        "يتكرر الرقم “{printed}” بعد {after}؛ وعُدّ جزءاً من نص تلك الفقرة",
    ),
    "goes_on": ("{after} goes on here: {text}", "تُستأنف هنا {after}: {text}"),
    "joined": (
        "unnumbered text was joined to paragraph {ref}: {text}",
        "أُلحق بالفقرة {ref} نص غير مرقّم: {text}",
    ),
    "above_number": (
        "text under a heading and above a number is left out: {text}",
        "أُغفل نص يقع بين عنوان ورقم فقرة: {text}",
    ),
    "table_above_number": (
        "a table above a number is left out: {text}",
        "أُغفل جدول يسبق رقم الفقرة: {text}",
    ),
    "deep_heading": (
        "a heading below {depth} others is left out: {text}",
        "أُغفل عنوان يقع تحت {depth} من العناوين المتدرجة: {text}",
    ),
    "mark_without_note": (
        "the mark {mark} leads to no footnote",
        "لا تقابل العلامةَ {mark} حاشيةٌ",
    ),
    "note_without_mark": (
        "no mark leads to footnote {mark}",
        "لا تحيل أي علامة في النص إلى الحاشية {mark}",
    ),
    "more": ("and {number} more", "وملاحظات أخرى عددها {number}"),
    "more_of_kind": ("and {number} more of the kind", "وملاحظات أخرى من هذا القبيل عددها {number}"),
    # PDF
    "read_by_ocr": (
        "read it with --ocr, or tick recognition on the page, or take the Word file",
        "فليُقرأ باستعمال --ocr، أو بوضع علامة في خانة التعرّف على النصوص، أو فلتُستعمل وثيقة Word",
    ),
    "read_by_ocr_once_installed": (
        "read it with --ocr, or tick recognition on the page ({program} is not installed here: {install}), or take the "
        "Word file",
        "فليُقرأ باستعمال --ocr، أو بوضع علامة في خانة التعرّف على النصوص (برنامج {program} غير مثبَّت هنا: "
        "{install})، أو فلتُستعمل وثيقة Word",
    ),
    "no_letters": (
        "page {page} holds no letters; if it is a picture of text, {fix}",
        "الصفحة {page} خالية من الحروف؛ وإذا كانت صورة لنص مكتوب {fix}",
    ),
    "nothing_recognised": (
        "page {page} holds no letters, and none were recognised in it",
        "الصفحة {page} خالية من الحروف، ولم يُتعرَّف فيها على أي نص",
    ),
    "recognised": (
        "page {page} was recognised from its picture, {sure}% sure of {words} words{doubtful}",
        "تُعرِّف على نص الصفحة {page} من صورتها، بدرجة ثقة قدرها {sure} في المائة، وعدد كلماته {words}{doubtful}",
    ),
    "doubtful": ("; doubtful: {words}", "؛ والكلمات المشكوك فيها هي: {words}"),
    "lost_letters": (
        "page {page}: {number} letters are left out, which the file gives no meaning or no place",
        "الصفحة {page}: أُغفلت حروف عددها {number} لأن الملف لا يبيّن معناها أو موضعها",
    ),
    "guessed_letters": (
        "page {page}: {number} letters are a guess, since the file does not say what they mean",
        "الصفحة {page}: قُرئت تخميناً حروف عددها {number} لأن الملف لا يبيّن معناها",
    ),
    "laid_over": (
        "page {page}: {number} text boxes or form fields that were laid over it are not read; print it anew",
        "الصفحة {page}: لم تُقرأ مربعات نص أو خانات استمارة أُضيفت فوقها، وعددها {number}؛ فلتُطبع الوثيقة من جديد",
    ),
    "right_angle": (
        "page {page}: words that run at a right angle to the others are left out: “{text}”",
        "الصفحة {page}: أُغفلت كلمات مكتوبة في اتجاه عمودي على غيرها: “{text}”",
    ),
    # Word
    "document_within": (
        "a document within the document is not read; copy its text in",
        "لم تُقرأ وثيقة مضمّنة في هذه الوثيقة؛ فليُنسخ نصها إليها",
    ),
    "number_without_words": (
        "the number “{label}” has no words; it is left out",
        "الرقم “{label}” لا يليه نص، وقد أُغفل",
    ),
    "left_out": ("{what} is left out: {text}", "أُغفل ما يلي من {what}: {text}"),
    "text": ("text", "النص"),
    "text_box": ("a text box", "مربع نص"),
    "formula": ("a formula", "صيغة رياضية"),
    "footnote_text": ("text of a footnote", "نص حاشية"),
    "endnote_text": ("text of an endnote", "نص حاشية ختامية"),
    "symbols": (
        "{number} symbols of the font {font} and its like are left out; type them",
        "أُغفلت رموز من خط {font} وما شابهه عددها {number}؛ فلتُكتب بحروف عادية",
    ),
    "style_numbers": (
        "{number} paragraphs have numbers of a list style, which are not read; type them",
        "لم تُقرأ أرقام فقرات عددها {number} لأنها متولدة من نمط قائمة؛ فلتُكتب الأرقام كتابةً",
    ),
    # web pages and Markdown
    "element_text": ("text of <{tag}>", "نص العنصر <{tag}>"),
    "table_text": ("text of a table, in none of its cells,", "نص جدول لا يقع في أي من خاناته"),
    "parser_lost": (
        "the parser lost {number} letters of the page, from here on: {text}",
        "ضاعت عند تحليل الصفحة حروف عددها {number}، ابتداء من: {text}",
    ),
    "in_file": ("line {line} of the file: {what}: {text}", "السطر {line} من الملف: {what}: {text}"),
    "unclosed": (
        "{what} that is never closed takes all text after it",
        "{what} لم يُغلَق، فضاع كل ما بعده من نص",
    ),
    "comment": ("a comment", "تعليق"),
    "declaration": ("a declaration", "تصريح"),
    "quotation_mark": ("a quotation mark in a tag", "تنصيص داخل وسم"),
    "tag": ("a tag", "وسم"),
    "element": ("<{tag}>", "العنصر <{tag}>"),
    "quotation_mark_missing": ("a quotation mark is missing before", "سقطت علامة تنصيص قبل ما يلي"),
    "code": ("a block of code is left out: {text}", "أُغفلت كتلة من الشفرة البرمجية: {text}"),
    "comment_line": (
        "a line that begins with a comment is left out, all of it: {text}",
        "أُغفل بأكمله سطر يبدأ بتعليق: {text}",
    ),
    # what rules leave out: how it is listed, then what it is
    "by_rule": ("{what}: {text}", "{what}: {text}"),
    "by_rule_and_more": ("{what}: {text} and {number} more", "{what}: {text}، ومواضع أخرى عددها {number}"),
    "by_rule_at_line": ("{what}, at line {line}: {text}", "{what}، في السطر {line}: {text}"),
    "more_as": ("more, as {what}", "مواضع أخرى من قبيل {what}"),
    "hidden_text": ("hidden text", "نص مخفي"),
    "struck_text": ("text that is struck out", "نص مشطوب"),
    "deleted_text": ("deleted text", "نص محذوف"),
    "moved_text": ("text that was moved elsewhere", "نص نُقل إلى موضع آخر"),
    "unseen_notes": ("notes of text that is not seen", "حواشٍ لنص غير ظاهر"),
    "unseen_rows": ("deleted or hidden rows of tables", "صفوف محذوفة أو مخفية من جداول"),
    "deleted_cells": ("deleted cells of tables", "خانات محذوفة من جداول"),
    "unseen_end": (
        "the end of a paragraph, deleted, moved or hidden, so that it goes on",
        "نهاية فقرة حُذفت أو نُقلت أو أُخفيت فاتصل نصها بما يليه",
    ),
    "contents": ("lines of the table of contents", "أسطر من جدول المحتويات"),
    "page_heads": ("heads and numbers of pages", "ترويسات الصفحات وأرقامها"),
    "closing_lines": ("closing lines, kept beside the title page", "أسطر ختامية محفوظة مع صفحة العنوان"),
    "bare_heading": ("a heading that no paragraph stands under", "عنوان لا ترد تحته أي فقرة"),
    "running_heads": ("running heads and page numbers", "ترويسات متكررة وأرقام صفحات"),
    "line_numbers": ("numbers of lines", "أرقام أسطر"),
    "across_page": (
        "words across page {page}, as of a watermark",
        "كلمات مائلة عبر الصفحة {page}، من قبيل العلامة المائية",
    ),
    "beside_page": ("turned words in the margin of page {page}", "كلمات مكتوبة بالطول في هامش الصفحة {page}"),
    "under_page": (
        "large, light words on page {page}, as of a watermark",
        "كلمات كبيرة باهتة في الصفحة {page}، من قبيل العلامة المائية",
    ),
    "pictures": ("pictures", "صور"),
    "comments": ("comments", "تعليقات"),
    "page_headers": ("page headers", "رؤوس صفحات"),
    "page_footers": ("page footers", "تذييلات صفحات"),
    "navigation": ("navigation", "روابط للتصفح"),
    "buttons": ("buttons", "أزرار"),
    "templates": ("templates", "قوالب"),
    "form_controls": ("form controls", "عناصر استمارات"),
    "players": ("pictures and players", "صور ووسائط سمعية وبصرية"),
    "other_readings": ("readings for other programs", "صيغ موجهة إلى برامج أخرى"),
    "style_sheets": ("style sheets in files of their own", "أوراق أنماط محفوظة في ملفات مستقلة"),
    "front_matter": ("front matter", "بيانات وصفية في صدر الملف"),
    "private_use": (
        "characters of private use, U+E000 to U+E003",
        "رموز من نطاق الاستعمال الخاص، من U+E000 إلى U+E003",
    ),
    # where two languages differ
    "en_document": ("en ({name})", "النص الإنكليزي ({name})"),
    "ar_document": ("ar ({name})", "النص العربي ({name})"),
    "languages_differ": (
        "{id}: the languages do not have the same structure ({places}: {shown}); mend a document, or accept them with "
        "--force",
        "{id}: بنية النصين غير متطابقة ({places}: {shown})؛ فلتُصحَّح إحدى الوثيقتين، أو فلتُقبل الاختلافات باستعمال "
        "--force",
    ),
    "one_difference": ("1 difference", "اختلاف واحد"),
    "differences": ("{number} differences", "عدد الاختلافات {number}"),
    "only_in": (
        "paragraph {ref} is in {here} and not in {there}",
        "الفقرة {ref} واردة في {here} وغير واردة في {there}",
    ),
    "other_headings": (
        "paragraph {ref}: {one} headings in {here}, {two} in {there}",
        "الفقرة {ref}: عدد العناوين {one} في {here} و{two} في {there}",
    ),
    "other_footnotes": (
        "paragraph {ref}: {one} footnotes in {here}, {two} in {there}",
        "الفقرة {ref}: عدد الحواشي {one} في {here} و{two} في {there}",
    ),
    "other_rows": (
        "paragraph {ref}: {one} table rows in {here}, {two} in {there}",
        "الفقرة {ref}: عدد صفوف الجداول {one} في {here} و{two} في {there}",
    ),
    **REFUSALS,
}


def told(wording: str, /, **facts: Fact) -> Told:
    """A wording with its facts, in both languages."""
    en, ar = WORDS[wording]
    return Told(
        en.format(**{name: _in_english(fact) for name, fact in facts.items()}),
        ar.format(**{name: _in_arabic(fact) for name, fact in facts.items()}),
    )


def refused(wording: str, kind: type[CorpusError] = DocumentRefused, /, **facts: Fact) -> CorpusError:
    """An error that says why a document is not read, in both languages.

    >>> refused("empty", name="a.txt").detail_ar
    'a.txt: الملف فارغ؛ فليُختر ملف التقرير'
    """
    what = told(wording, **facts)
    return kind(what.en, what.ar)


def told_by(error: CorpusError) -> Told:
    """Why a document is not read, as an error says it; in Arabic nothing, where it has no words for it."""
    return Told(str(error), error.detail_ar or "")


def _in_english(fact: Fact) -> str:
    if isinstance(fact, Told):
        return fact.en
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def _in_arabic(fact: Fact) -> str:
    if isinstance(fact, Told):
        return fact.ar
    if isinstance(fact, Ref):
        return fact.label("ar")
    return f"{fact:,}" if isinstance(fact, int) else fact
