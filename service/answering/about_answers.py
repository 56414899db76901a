"""Questions about the answer before: "Are you sure?", "And in Arabic?", "Which paragraph is that?".

They ask nothing new of the report. What is shown again is what was found to the question before them: in its place,
in the other language, or with its citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from corpus.records import Language, Report
from corpus.refs import Ref
from corpus.text import bare, fold, folded
from index.contents import IndexContents
from service.answering.composed.topics import COMPOSED
from service.answering.extraction import Extractor
from service.answering.messages import SEMICOLON, language_names, say
from service.paragraphs.citing import cite
from service.paragraphs.documents import Documents
from service.records import Composed, Finding, Quote

Aim = Literal["sure", "place", "language"]
_MOST_WORDS = 12
_MOST_IN_PLACE = 10  # quotes that are shown with the sentences around them
_CITED = 5  # citations in a note
_SHOWN = 120  # characters of the question before

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


# What says nothing by itself, around the words that make a question one about the answer.
_AROUND = folded(
    """
    a an the and but so ok okay now then please pls is are was were be do does did can could would will you your i me we
    it its that this these those they them there what what's how about of in to into on from for same again just also
    really absolutely quite very say said says show give tell have get got want need like answer question exactly
    so hmm oh well very 100
    و ثم طيب حسنا من فضلك رجاء لو سمحت هل ما ماذا هو هي هذا هذه ذلك تلك ان في على الى عن ب ل انت أنتم أنتَ نفس نفسه
    نفسها الجواب الإجابة جوابك إجابتك السؤال أريد أريده أريدها اعرض اعرضه اعرضها اعطني هات قل قلها اعد أعد لي يمكن
    يمكنك ممكن تماما تماماً فعلا حقا به بها منه منها أن تكون كل
    """
)
_KEYS: dict[Aim, frozenset[str]] = {
    "sure": folded(
        """
        sure certain confident true right correct accurate trust rely prove know proof certainty confidence really
        متأكد متأكدة متأكدون واثق واثقة متيقن صحيح صحيحة مؤكد دقيق دقيقة حقا حقاً فعلا فعلاً أكيد أثبت ثقتك يقينك
        تعرف عرفت دليلك الدليل مدى كيف
        """
    ),
    "place": folded(
        """
        which paragraph paragraphs para number where source sources citation citations cite reference written stated
        come comes page
        أي أية فقرة الفقرة الفقرات فقرات رقم أين ورد وردت جاء جاءت قيل المصدر مصدر مصدرك مصدره المرجع استشهاد التقرير
        """
    ),
    "language": folded(
        """
        translate translated translation version text language
        ترجم ترجمه ترجمها ترجمة الترجمة باللغة اللغة لغة النص نص
        """
    ),
}
# Without one of these the others ask nothing: "which", "know", "page".
_NEEDED: dict[Aim, frozenset[str]] = {
    "sure": _KEYS["sure"] - folded("know rely مدى كيف تعرف"),
    "place": _KEYS["place"] - folded("which number written stated come comes أي أية رقم ورد وردت جاء جاءت قيل التقرير"),
    "language": frozenset(),
}
_HOW_KNOWN = (folded("how know"), folded("كيف تعرف"))
_ARABIC = re.compile(r"و?(?:ب|ل)?(?:ال|لل)?عربي[ه]?|arabic")
_ENGLISH = re.compile(r"و?(?:ب|ل)?(?:ال|لل)?ان(?:كليزي|جليزي|قليزي|غليزي)[ه]?|english")


_AT_THE_END = re.compile(
    r"(?:^|\s)(?:(?:in|into|to)\s+(?:the\s+)?(?P<en>arabic|english)(?:\s+language)?"
    r"|(?:باللغة\s+ال|بال)(?P<ar>عربية?|[إا]ن[كجقغ]ليزية?))(?=(?:\W+(?:please|من فضلك|لو سمحت))?\W*$)",
    re.IGNORECASE,
)
# With one of these the language is what is asked about: "Which documents are available in Arabic?"
_OF_LANGUAGE = folded(
    """
    speak speaks spoke spoken speaking write wrote written published issued available exist exists translated
    translation interpretation interpreted delivered text version versions original official
    تكلم تكلمت تكلموا يتكلم تتكلم تحدث تحدثت تحدثوا يتحدث تتحدث كتب كتبت مكتوب مكتوبة نشر نشرت منشور منشورة صدر صدرت
    متاح متاحة متوفر متوفرة تتوفر يتوفر ترجم ترجمت مترجم مترجمة ترجمة نسخة نص نصوص رسمي رسمية أصلي أصلية
    """
)
_IS_IT = folded("is are was were هل")


def without_language(question: str) -> tuple[str, Language | None]:
    """A question without the language that it asks for at its end, and that language.

    >>> without_language("Give me para. 9 in Arabic"), without_language("الفقرة ٩ بالإنكليزية")
    (('Give me para. 9', 'ar'), ('الفقرة ٩', 'en'))
    """
    plain = bare(question)
    if (named := _AT_THE_END.search(plain)) is None:
        return question, None
    is_arabic = (named["en"] or named["ar"]).lower() in {"arabic", "عربية", "عربي"}
    return plain[: named.start()].rstrip(" ,،"), "ar" if is_arabic else "en"


def asks_of_language(plain: str) -> bool:
    """Whether what stands before "in Arabic" asks about the language: who spoke, what is written, what it is.

    >>> asks_of_language("Who spoke"), asks_of_language("Which texts are"), asks_of_language("Who moderated it")
    (True, True, False)
    """
    words = [word.removeprefix("ال") for word in _WORD.findall(fold(plain))]
    return not _OF_LANGUAGE.isdisjoint(words) or not _IS_IT.isdisjoint((*words[:1], *words[-1:]))


@dataclass(frozen=True, slots=True)
class AboutAnswer:
    """What is asked about the answer before, and the language that it is asked for."""

    aim: Aim
    language: Language | None = None


def asks_about_answer(question: str) -> AboutAnswer | None:
    """What a question asks about the answer before it; None where it asks something of the report.

    >>> asks_about_answer("And in Arabic?")
    AboutAnswer(aim='language', language='ar')
    >>> asks_about_answer("Are you sure?")
    AboutAnswer(aim='sure', language=None)
    >>> asks_about_answer("Who spoke in Arabic?") is None
    True
    """
    words = _WORD.findall(fold(question))
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    named: set[Language] = {"ar" for word in words if _ARABIC.fullmatch(word)}
    named |= {"en" for word in words if _ENGLISH.fullmatch(word)}
    if len(named) == 1:
        others = [word for word in words if not (_ARABIC.fullmatch(word) or _ENGLISH.fullmatch(word))]
        return AboutAnswer("language", named.pop()) if _only(others, "language") else None
    held = {form for word in words for form in _forms(word)}
    for aim in ("sure", "place"):
        asked = held & _NEEDED[aim] or (aim == "sure" and any(how <= held for how in _HOW_KNOWN))
        if asked and _only(words, aim):
            return AboutAnswer(aim)
    return None


def _only(words: Iterable[str], aim: Aim) -> bool:
    return all(_forms(word) & (_AROUND | _KEYS[aim]) for word in words)


def _forms(word: str) -> set[str]:
    """An Arabic word with and without what is joined before it: وفي, بذلك."""
    bare = word.removeprefix("و")
    return {word, bare, bare.removeprefix("ب"), bare.removeprefix("ل")}


class Answered:
    """What was found to the question before, shown again as it is asked for."""

    def __init__(self, contents: IndexContents, documents: Documents, extractor: Extractor) -> None:
        self._contents = contents
        self._documents = documents
        self._extractor = extractor

    def again(self, before: Finding, question: str, about: AboutAnswer, language: Language) -> Finding:
        """The same finding, in `language`, as `about` asks for it; `question` is the one it was found to."""
        shown = self._in_language(before, language)
        if about.aim == "sure":
            note = self._sure(before, question, language)
            shown = self._in_place(shown) if len(shown.quotes) <= _MOST_IN_PLACE else shown
        elif about.aim == "place":
            note = say("which_paragraph", language, places=SEMICOLON[language].join(self._places(shown)))
        else:
            note = self._same_in(shown, language)
        return replace(shown, language=language, note=note, asked=question, as_found=True, written=())

    def _in_language(self, finding: Finding, language: Language) -> Finding:
        """The quotes in the other language, sentence for sentence."""
        sections = (Composed(each.kind, self._extractor.said_in(each.quotes, language)) for each in finding.sections)
        return replace(
            finding,
            quotes=self._extractor.said_in(finding.quotes, language),
            sections=tuple(sections),
            marked=self._extractor.said_in(finding.marked, language),
        )

    def _in_place(self, finding: Finding) -> Finding:
        """Each paragraph that is quoted once, from the sentence before what is quoted to the one after it."""
        places: dict[tuple[str, Ref, Language], list[Quote]] = {}
        for quote in finding.quotes:
            places.setdefault((quote.report, quote.ref, quote.language), []).append(quote)
        around = []
        for (report, ref, language), quotes in places.items():
            every = self._extractor.every_sentence(report, [ref], language)
            start, end = min(quote.start for quote in quotes), max(quote.end for quote in quotes)
            before = [sentence.start for sentence in every if sentence.end <= start]
            after = [sentence.end for sentence in every if sentence.start >= end]
            around.append(Quote(report, ref, language, before[-1] if before else start, after[0] if after else end))
        return replace(finding, quotes=tuple(around), sections=(), marked=finding.marked or finding.quotes)

    def _sure(self, before: Finding, asked: str, language: Language) -> str:
        if before.confidence >= 1:
            return say("sure_named", language)
        if before.confidence == COMPOSED:
            return say("sure_composed", language)
        shown = asked if len(asked) <= _SHOWN else f"{asked[:_SHOWN]}…"
        return say("sure", language, question=shown, percent=str(round(100 * before.confidence)))

    def _places(self, finding: Finding) -> Iterator[str]:
        cited = dict.fromkeys((quote.report, quote.ref, quote.language) for quote in finding.quotes)
        for report, ref, language in list(cited)[:_CITED]:
            found = self._contents.by_id[report]
            yield cite(found, found.rendering(language), ref)
        if len(cited) > _CITED:
            yield f"(+{len(cited) - _CITED})"

    def _same_in(self, finding: Finding, language: Language) -> str:
        lacking: dict[Report, Language] = {
            self._contents.by_id[quote.report]: quote.language for quote in finding.quotes if quote.language != language
        }
        if not lacking:
            return say("same_in", language)
        return " ".join(
            say(
                "no_rendering",
                language,
                report=self._documents.label_of(report.id, language),
                **language_names(language, shown),
            )
            for report, shown in lacking.items()
        )
