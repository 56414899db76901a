"""What a claim states as fact, and whether the paragraphs it cites have it: numbers, dates, symbols, words.

    Evidence of paragraph 11: "resolution 74/247" stands there, "resolution 74/248" and "12 States" do not

The evidence of a claim is what its paragraphs say in every language of the report, with their lead-ins: an English
claim may rest on a date that only the Arabic text has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from corpus.records import Paragraph, Report
from corpus.refs import Ref
from corpus.refs.numerals import fold_each, spelled_number
from corpus.symbols import symbols
from corpus.text import fold
from index.search.lexical import terms
from service.generation.claims import ROUND, words

_NUMBER = re.compile(r"(?:(?<![a-z])[a-z]+)?\d+(?:[.,]\d+)*[a-z]*")
_SPELLING = re.compile(r"[^\W\d_]+|-|\d+")
# Months that are verbs too count as months next to a figure.
_MONTH = re.compile(r"\d\s+(march|may|august)\b|\b(march|may|august)\s+\d")
_CLITICS = "وفبلك"
# "One panellist" and أحد المتحاورين count nothing.
_UNCOUNTED = frozenset(fold_each("one واحد واحدة أحد إحدى").text.split())
# Quantities and dates that no digit shows, and that no capital letter shows in Arabic.
_QUANTITIES = frozenset(
    words(
        """
        hundred hundreds thousand thousands million millions billion billions trillion trillions dozen dozens half
        quarter twice double doubled triple tripled percent percentage majority unanimous unanimously january
        february april june july september october november december monday tuesday wednesday thursday friday
        saturday sunday مئة مائة مئات ألف آلاف مليون ملايين مليار مليارات نصف ربع ثلث ضعف ضعفين مرتين بالمئة بالمائة
        أغلبية غالبية إجماع بالإجماع كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين يناير فبراير مارس أبريل
        مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
        """
    )
)
# Words that join others, and words of reporting, which a paraphrase may add to any text. Everything else that the
# report nowhere says may be a name: in Arabic always, in English where it is written without its capital.
_JOINING = """
    the a an of in on at to for from by with about and or but as is are was were be been being has have had do does
    did it its they their them he his she her this that these those there which who whom whose what when where while
    during after before also too both all some several many most more other another such than then so because since
    although however through under over into between among within towards can could may might should would will not
    no nor if up out way في من على إلى عن مع بين هذا هذه ذلك تلك التي الذي الذين أن إن أو ثم لا لم لن قد كان كانت
    كما حيث عند بعد قبل خلال كل بعض عدة كثير أيضا كذلك غير هو هي هم ما لكن لأن بسبب حول بشأن ضمن وفق أي عدد ينبغي
    يمكن يجوز
    """
_REPORTING = """
    say said says state stated states note noted noting mention mentioned point pointed tell told call called take
    took taken part give gave given make made hold held keep kept lead led speak spoke spoken talk talked address
    addressed floor attend attended join joined present presented describe described discuss discussed explain
    explained add added argue argued urge urged ask asked warn warned agree agreed favour favoured recommend
    recommended suggest suggested propose proposed report reported need needs needed want wanted help helped use
    used work worked set important major key new main people persons person country countries government governments
    nation nations delegate delegates participant participants expert experts speaker speakers panellist panellists
    representative representatives member members meeting meetings workshop panel panels session sessions paragraph
    committee issue issues problem problems danger dangers threat threats growing grow grew rise rose better worse
    closely تحدث تحدثت تحدثوا تكلم تكلمت تكلموا قال قالت ذكر ذكرت أشار أشارت أوضح أوضحت شرح أضاف أضافت دعا دعت حث
    حثت حذر حذرت أكد أكدت رأى رأت شدد شددت نوه اقترح اقترحت أوصى طلب تناول تناولت ناقش ناقشت عرض عرضت شارك شاركت حضر
    تولى تولت أدار أدارت ألقى ألقت قدم قدمت عقد عقدت انعقد انعقدت جرى جرت تم يتم وقع شمل تشمل يشمل تضمن يتضمن يعد
    تعد يشكل تشكل مهم مهمة هام هامة أهم رئيسي رئيسية جديد جديدة كبير كبيرة يوم يومي ممثل ممثلة ممثلو ممثلون خبير
    خبراء متكلم متكلمون متحاور متحاورة متحاورون مشارك مشاركون وفد وفود دولة دول بلد بلدان حكومة حكومات جلسة جلسات
    حلقة تقرير فقرة لجنة كلمة تزايد تنامي زيادة ازدياد خطر أخطار مشكلة مشاكل حاجة ضرورة استعمال استخدام عمل أعمال
    سبيل طريق طريقة تنظر نظر
    """


@dataclass(frozen=True)
class Evidence:
    """The texts that a claim may rest on: `paragraphs` in every language, and their lead-ins."""

    paragraphs: tuple[Paragraph, ...]
    lead_ins: tuple[Paragraph, ...]

    @classmethod
    def of(cls, report: Report, refs: Iterable[Ref]) -> Evidence:
        """What the report says under these refs, which it must have."""
        cited = list(refs)
        parents = [ref.parent for ref in cited if ref.parent]
        return cls(
            tuple(rendering.by_ref[ref] for rendering in report.renderings for ref in cited),
            tuple(rendering.by_ref[ref] for rendering in report.renderings for ref in parents),
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """All texts."""
        return tuple(p.text for p in (*self.paragraphs, *self.lead_ins))

    @cached_property
    def folded(self) -> str:
        """All texts folded, as words between single spaces; ` | ` stands where punctuation ends a name."""
        parts = (part for text in self.texts for part in re.split(r"[.,;:()\[\]؛،]+", fold(text)))
        return f" {' | '.join(' '.join(words(part)) for part in parts)} "

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word, folded."""
        return frozenset(self.folded.split())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every number that is written in digits."""
        return frozenset(n for text in self.texts for n in _numbers(text))

    @cached_property
    def values(self) -> frozenset[int]:
        """Every number up to 99, in digits or spelled out."""
        spelled = {value for text in self.texts for value in _spelled(text)}
        return frozenset(spelled | {int(n) for n in self.numbers if n.isdecimal() and len(n) <= 4})

    def has(self, phrase: str) -> bool:
        """Whether these words stand next to each other in one of the texts, a clitic of Arabic aside.

        >>> evidence = Evidence.of(report, [Ref(3)])
        >>> evidence.has("Thomas Holt"), evidence.has("Thomas Morgan")
        (True, False)
        """
        first, *rest = words(phrase) or [""]
        wanted = " ".join((first, *rest)).removeprefix("لل") if first.startswith("لل") else " ".join((first, *rest))
        return any(f" {prefix}{wanted} " in self.folded for prefix in ("", *_CLITICS, "لل", "ال", "وال", "بال"))

    def has_quote(self, quote: str) -> bool:
        """Whether a paragraph has these very words, from word to word; a closing stop may be the claim's own.

        >>> evidence = Evidence.of(report, [Ref(9)])
        >>> evidence.has_quote("hybrid firearms"), evidence.has_quote("hybrid weapons"), evidence.has_quote("rid fire")
        (True, False, False)
        """
        wanted = [words for words in (quote, quote.rstrip(".,;:،؛!?؟")) if words]
        texts = [p.text.translate(ROUND) for p in self.paragraphs]
        return any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text) for text in texts for w in wanted)


def wrong_number(claim: str, evidence: Evidence) -> bool:
    """Whether a claim has a number, date or document symbol that its evidence lacks.

    >>> evidence = Evidence.of(report, [Ref(1)])
    >>> wrong_number("They met on 12 March.", evidence), wrong_number("They met on ١٠ March.", evidence)
    (True, False)
    """
    if set(_numbers(claim)) - evidence.numbers or any(v not in evidence.values for v in _spelled(claim)):
        return True
    known = frozenset(s for text in evidence.texts for s in symbols(text))
    months = {month for pair in _MONTH.findall(fold(claim)) for month in pair if month}
    quantities = months | {w for word in words(claim) for w in _without_clitics(word)} & _QUANTITIES
    return bool(symbols(claim) - known or any(not evidence.has(word) for word in quantities))


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(fold(text))


def _spelled(text: str) -> list[int]:
    """Numbers spelled out, in either language: `the fifth and twenty-first` → [5, 21]."""
    tokens = [part for word in _SPELLING.findall(fold_each(text).text) for part in _apart(word)]
    found, at = [], 0
    while at < len(tokens):
        number = spelled_number(tokens[at : at + 3])
        if number and not (tokens[at] in _UNCOUNTED and number.words == 1):
            found.append(number.value)
        at += number.words if number else 1
    return found


def _apart(word: str) -> list[str]:
    """`والعشرون` → و, العشرون: the و that joins a number."""
    return ["و", word[1:]] if word.startswith("و") and spelled_number([word[1:]]) else [word]


def _without_clitics(word: str) -> tuple[str, ...]:
    """A word and what is left of it without one clitic and the article, where it is long enough to have them."""
    bare = word[1:] if len(word) > 3 and word[0] in _CLITICS else word
    return word, bare, bare.removeprefix("ال"), word.removeprefix("ال").removeprefix("لل")


def stems(text: str) -> frozenset[str]:
    """The stems of a text, a clitic more or less: both of `بقرار` and `قرار`."""
    return _stems(set(words(text)))


def _stems(distinct: Collection[str]) -> frozenset[str]:
    return frozenset(t for word in distinct for form in _without_clitics(word) for t in terms(form))


def unknown_words(claim: str, vocabulary: frozenset[str]) -> list[tuple[str, ...]]:
    """Runs of words that neither the report, whose `stems` these are, nor ordinary prose has: they may be names.

    >>> unknown_words("The panel was led by ahmad salem.", vocabulary_of(report))
    [('ahmad', 'salem')]
    """
    runs: list[list[str]] = [[]]
    for word in words(claim):
        if len(word) == 1 or stems(word) & (vocabulary | ordinary_stems()):
            runs.append([])
        else:
            runs[-1].append(word)
    return [tuple(run) for run in runs if run]


def vocabulary_of(report: Report) -> frozenset[str]:
    """The stems of every word of the report, in every language."""
    texts = (p.text for rendering in report.renderings for p in report.texts(rendering))
    return _stems({word for text in texts for word in words(text)})


@cache
def ordinary_stems() -> frozenset[str]:
    """The stems of words that any paraphrase may add."""
    return stems(_JOINING) | stems(_REPORTING)


@cache
def joining_stems() -> frozenset[str]:
    """The stems of words that only join others."""
    return stems(_JOINING)
