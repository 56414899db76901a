"""Which overview a question asks for, if any.

    "What is this report about?"              → subject
    "Summarise the report", "أبرز ما جاء فيه"  → summary
    "List all recommendations on firearms"    → recommendations, on "firearms"
    "Who spoke?", "ما البلدان التي تكلمت؟"      → speakers, countries
    "How is the report divided?"              → parts

A question is one of these where, beside the words that make it so, it has only words that say nothing of what is
sought: "the", "report", "list". Any other word makes it a question of its own, to be looked for in the report; only
recommendations can be on a topic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.text import fold, folded

OverviewKind = Literal["subject", "summary", "recommendations", "speakers", "countries", "parts"]
MOST_WORDS = 24  # nobody asks for an overview at greater length

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


# What may stand around each kind's own words. Arabic ones are met with and without a joined و.
_FRAME = folded(
    """
    a an the this that these those it its of in on for to by from with at me us please you your can could would will i
    want need like know is are was were be been do does did has have had what what's whats which who all any every
    some
    and or so about there here how give show tell list name write make get see find say says said out full
    complete whole
    entire short brief briefly quick main most important overall general just only exactly contained held there's up
    report report's document document's paper text file meeting meetings workshop workshop's committee congress
    session
    hi hello thanks thank
    ما ماذا بماذا بم مم كيف من هو هي هم هل في عن على إلى من التي الذي الذين هذا هذه ذلك تلك كل جميع كافة أي أية لي
    لنا أن أريد أرجو
    من فضلك رجاء اعرض أعرض اذكر أذكر اكتب عدد قائمة اعطني أعطني أعط هات قدم بين هناك فيه فيها به بها ورد وردت جاء جاءت
    الوارد الواردة كانت كان تم أهم أبرز الرئيسية الرئيسي الأساسية كامل كاملة كله باختصار بإيجاز موجز
    التقرير تقرير للتقرير الوثيقة وثيقة للوثيقة المستند النص الاجتماع الاجتماعات حلقة العمل اللجنة المؤتمر الدورة لو
    سمحت بالتقرير
    """
)
_KEYS: dict[OverviewKind, frozenset[str]] = {
    "parts": folded(
        """
    parts part sections section chapters structure structured organised organized divided contents headings
    outline
        table layout arranged consist composed made
        أقسام الأقسام أجزاء الأجزاء فصول الفصول هيكل بنية محتويات المحتويات عناوين العناوين فهرس ينقسم يقسم مقسم قسم
        يتكون يتألف أقسامه أجزاؤه هيكله بنيته مم
        """
    ),
    "summary": folded(
        """
        summarise summarize summarised summarized summary overview gist points point takeaways takeaway highlights key
        synopsis digest abstract tldr tl dr recap findings messages nutshell sum conclusion conclusions results
        لخص تلخيص ملخص ملخصا ملخصاً خلاصة خلاصته موجزا موجزاً الموجز نبذة لمحة النقاط نقاط عرض استعرض إيجاز نتائج
        النتائج استنتاجات الاستنتاجات لخصه
        """
    ),
    "subject": folded(
        """
        about title titled topic topics subject subjects theme themes cover covers covered concern concerns
        concerned deal deals
        dealing address addresses discuss discusses discussed purpose content treat treats
        عنوان عنوانه موضوع موضوعه الموضوع مواضيع موضوعات الموضوعات يتناول تتناول يتحدث تتحدث يدور محور محاور محوره
        مضمون مضمونه
        محتوى محتواه فحوى فحواه عم عما بم يتعلق حول بشأن غرض هدف يعالج ناقش نوقش يناقش نوقشت
        """
    ),
}
_REPORT = folded("report report's document document's paper text التقرير تقرير للتقرير الوثيقة المستند")
_SUBJECT_OF = _REPORT | folded(
    """
    it this topics themes subjects workshop meeting هذا هذه النص حلقة الاجتماع فيه المواضيع الموضوعات المحاور
    """
)
_TITLE = folded("title titled عنوان عنوانه")
SPEAKERS = folded(
    """
    took taken spoke speak spoken speakers speaker took take floor statement statements made intervened
    participants participated
    participate part attended attend present addressed delivered people persons panellists panelists
    تكلم تكلمت تكلموا تكلمن المتكلمون المتكلمين متكلمون المتكلم المشاركون المشاركين شارك شاركت شاركوا حضر حضروا الحضور
    أدلى أدلت بيان ببيان ببيانات بيانات الكلمة أخذ أخذت أخذوا المتحدثون المتحدثين تحدث تحدثت تحدثوا كلمة
    المتحاورون المتحاورين
    الأشخاص
    """
)
_WHO = folded(
    """
    who speakers participants panellists panelists من المتكلمون المتكلمين المشاركون المشاركين المتحدثون المتحدثين
    المتحاورون المتحاورين
    """
)
SPOKE = SPEAKERS - folded("made part take took present people persons بيان كلمة الأشخاص")
COUNTRIES = folded(
    """
    country countries state states delegation delegations representatives representative governments nations
    البلدان بلدان دول الدول دولة وفود الوفود ممثلو ممثلون الممثلون ممثلي الحكومات ممثلوها
    """
)
_RECOMMENDS = re.compile(
    r"recommend(?:ations?|ed|s)?|و?(?:ال|ب|ل|بال|لل)?توصي(?:ات|ه|اته|اتها)|و?(?:ي|ت|ا)وص[يت]\w{0,2}"
)
# Whom recommendations are made to, and who makes them: no topic of theirs.
_AROUND_RECOMMENDATIONS = folded(
    """
    member states countries governments participants chair chair's chairs speakers panellists participant invited
    invite
    invites asked consider considered considering made make makes adopted given proposed agreed contain contains
    containing come came how many should them they been include includes included concerning regarding related
    relating
    addressed issued put forward points must ought
    الدول الأعضاء للدول الحكومات المشاركون المشاركين للمشاركين الرئيس رئيس دعا دعيت دعي مدعوة النظر بالنظر فيها اعتمدت
    قدمت المقدمة الموجهة وجهت صدرت صادرة اقترحت طرحت الخاصة المتعلقة المتصلة تتعلق بشأن حول بخصوص بها يتضمنها يتضمن
    تضمنها تضمن الصادرة الموجه اتخذت كم
    ينبغي يتعين يجب تفعل تفعله فعله القيام تقوم به
    """
)
_INVITED = re.compile(
    r"\b(?:invit|ask|encourag)(?:e|ed|es)? (?:the |all )?(?:(?:participants|member states|states|them) )?to consider\b"
    r"|\bwhat (?:should|must|ought) (?:the )?(?:member states|states|countries|governments|participants) (?:to )?do\b"
    r"|\b(?:ماذا|ما الذي) (?:ينبغي|يتعين|يجب) .{0,30}\b(?:تفعل|تفعله|فعله|القيام به|تقوم به)\b"
    r"|\bدع[ايت]\w* .{0,40}\bالنظر في(?:ه|ها)\b"
)
_SAYS = folded("say says in there held contain contained جاء ورد وردت يقول يتضمن محتوي فيه")


@dataclass(frozen=True, slots=True)
class Overview:
    """What kind of overview is asked for, and on which topic, as it is folded; an empty topic is none."""

    kind: OverviewKind
    topic: str = ""


def overview_asked(question: str) -> Overview | None:
    """The overview that a question asks for; None where it asks something else.

    >>> overview_asked("What is this report about?")
    Overview(kind='subject', topic='')
    >>> overview_asked("ما التوصيات بشأن الأسلحة النارية؟")
    Overview(kind='recommendations', topic='الاسلحه الناريه')
    >>> overview_asked("What is the discussion guide about?") is None
    True
    """
    words = WORD.findall(fold(question))
    if not 0 < len(words) <= MOST_WORDS:
        return None
    if any(_RECOMMENDS.fullmatch(word) for word in words):
        return _recommendations(words)
    if _INVITED.search(fold(question)) and not rest_of(words, _AROUND_RECOMMENDATIONS):
        return Overview("recommendations")
    held = {bare for word in words for bare in (word, word.removeprefix("و"))}
    if (held & SPOKE or held & {"floor", "part"} or "الكلمه" in held) and not rest_of(words, SPEAKERS | COUNTRIES):
        return _speakers(held)
    for kind, keys in _KEYS.items():
        if not held & keys or rest_of(words, keys):
            continue
        if kind != "subject" or (held & (_REPORT if held & _TITLE else _SUBJECT_OF)):
            return Overview(kind)
    says_all = held & _SAYS and held & _SUBJECT_OF and not rest_of(words, _SAYS)
    return Overview("summary") if says_all else None


def _speakers(held: set[str]) -> Overview | None:
    if held & COUNTRIES:
        return Overview("countries")
    return Overview("speakers") if held & _WHO else None


def _recommendations(words: list[str]) -> Overview | None:
    """All of them, or those on the words that remain."""
    rest = rest_of([word for word in words if not _RECOMMENDS.fullmatch(word)], _AROUND_RECOMMENDATIONS)
    if {"who", "when", "where", "why", "متي", "اين", "لماذا"} & set(words):
        return None
    return Overview("recommendations", " ".join(rest))


def rest_of(words: list[str], known: frozenset[str]) -> list[str]:
    """The words that are neither in the frame nor among those that are known."""
    return [
        word
        for word in words
        if not {word, word.removeprefix("و"), word.removeprefix("و").removeprefix("ل")} & (_FRAME | known)
    ]
