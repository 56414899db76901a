"""The words around a topic that ask nothing of it but what, whether and where the report speaks of it.

"What does the report say about children?"     → "children"
"Is money laundering mentioned in the report?" → "money laundering"
"أي فقرة تتناول إدارة المخزونات؟"                 → "إدارة المخزونات"
"""

from __future__ import annotations

import re

_ALIKE = str.maketrans("أإآىة’", "ااايه'")  # one spelling for what people write in several ways, as long as it was

_REPORT = "(?:the |this |that )?(?:report|document|paper|text)"
_SUBJECT = rf"(?:{_REPORT}|(?:the )?(?:workshop|chair|speakers|panell?ists|participants)|it|they|you|any(?:one|body))"
_OF = "(?:about|on|of|regarding|concerning)"
_MENTION = (
    "(?:mentions?|discuss(?:es|ed)?|address(?:es|ed)?|covers?|describes?|concerns?|contains?|includes?|treats?"
    "|mentioned|covered|described|(?:speaks?|spoke) (?:of|about)|(?:talks?|talked) (?:of|about)|(?:deals?|dealt) with"
    rf"|refer(?:s|red)? to|touch(?:es|ed)? (?:up)?on|(?:says?|said|states?|has|have) (?:any|some)thing {_OF}"
    rf"|makes? (?:any )?(?:mention|reference) (?:of|to)|(?:is|are|was|were) {_OF})"
)
_MENTIONED = (
    "(?:mentioned|discussed|addressed|covered|described|noted|raised|named|referred to|dealt with|spoken of"
    "|(?:talked|spoken|written) about|touched (?:up)?on|brought up)"
)
_PARAGRAPHS = "(?:paragraphs?|paras?|parts?|sections?|sentences?)"
_PLACE = (
    rf"(?:where|(?:in )?(?:which|what) {_PARAGRAPHS}|how (?:often|many times|many {_PARAGRAPHS}))"
    rf"(?: (?:in|of) {_REPORT})?"
)
_ENGLISH = (
    rf"what(?: is|'?s| was|'?re| were| are| has been| have been) "
    rf"(?:being )?(?:said|written|stated|mentioned|reported|noted|discussed) {_OF}"
    rf"|what (?:does|do|did) {_SUBJECT} (?:say|said|state|mention|report|note|contain|have) {_OF}"
    rf"|(?:what|how) about|(?:is |was |are )?(?:there )?(?:any|some)thing(?: said| written)?(?: in {_REPORT})? {_OF}"
    r"|(?:tell|show) me (?:more |something |everything |all )?(?:about|on)"
    r"|(?:information|details|more|everything) (?:about|on|regarding)|search for|look for|look up"
    rf"|(?:(?:find|show|give)(?: me)? )?(?:the |all |a |any )?{_PARAGRAPHS} "
    rf"(?:about|on|regarding|concerning|(?:that |which )?{_MENTION})|find"
    rf"|{_PLACE} {_MENTION}|(?:{_PLACE} )?(?:does|do|did|has|have) {_SUBJECT} (?:ever |even |also )?{_MENTION}"
    rf"|(?:{_PLACE} |is |are |was |were )?(?:there )?(?:any |a )?(?:mention|discussion|reference)s? (?:of|to)"
    rf"|where (?:can|do|could) (?:i|we) (?:find|read)(?: (?:any|some)thing)? {_OF}"
)
_PASSIVE = rf"(?:{_PLACE} )?(?:is|are|was|were|has|have)"
_DOCUMENT = "(?:(?:هذا )?(?:التقرير|المستند|النص)|(?:هذه )?الوثيقة)"
_IN_IT = rf"(?: في {_DOCUMENT})?"
_SPEAKS = (
    "(?:(?:[يت]?ذكر|ذكرت|[يت]?تناول|تناولت|[يت]?ناقش|ناقشت|[يت]?عالج|[يت]?تضمن|[يت]خص)"
    rf"|(?:[يت]شير|أشارت?|[يت]?تطرق|تطرقت)(?: {_DOCUMENT})? إلى"
    rf"|(?:[يت]?تحدث|تحدثت|[يت]?تكلم|تكلمت)(?: {_DOCUMENT})? (?:عن|حول|بشأن))"
)
_STANDS = rf"(?:وردت?|[يت]رد|جاءت?|ذكرت?|[يت]ذكر|نوقشت?|أشير){_IN_IT}(?: فيها| فيه)?(?: (?:أي )?(?:ذكر|إشارة إلى|إلى))?"
_ABOUT = "(?:عن|حول|بشأن|في شأن|بخصوص)"
_OF_THEM = rf"(?:فقرة|فقرات|الفقرة|الفقرات|أجزاء|جزء|الأجزاء|قسم)(?: (?:من|في) {_DOCUMENT})?"
_ARABIC = (
    rf"(?:ماذا|ما الذي|ما) (?:قيل|كتب|ورد|جاء|ذكر|نوقش|يقول|يقوله|قال|قاله|يذكر|يقال)(?: (?:في )?{_DOCUMENT})? {_ABOUT}"
    rf"|ماذا عن|(?:حدثني|أخبرني|كلمني|معلومات|تفاصيل|ابحث) {_ABOUT}"
    rf"|هل(?: (?:ورد|قيل|جاء|يوجد|هناك|ثمة))?{_IN_IT} (?:أي )?شيء{_IN_IT} {_ABOUT}"
    rf"|هل (?:يوجد|هناك|ثمة|تم){_IN_IT} (?:أي )?(?:ذكر|إشارة إلى|حديث عن)"
    rf"|(?:هل|أين|كم مرة) (?:{_DOCUMENT} )?(?:{_SPEAKS}|{_STANDS})(?: (?:في )?{_DOCUMENT})?"
    rf"|(?:في )?(?:أي|أية|ما|ما هي|ماهي|كم|كم من) {_OF_THEM}(?: التي| الذي)? (?:{_SPEAKS}|{_STANDS})"
    rf"|(?:(?:أعطني|هات|اعرض|أرني|ابحث عن) )?(?:ال)?(?:فقرة|فقرات) (?:{_ABOUT}|(?:التي )?(?:{_SPEAKS}|{_STANDS}))"
)
_RELATED = "(?:(?:أعطني|هات|اعرض|أرني|ابحث عن) )?(?:الفقرة|الفقرات) (?:المتعلقة|المتصلة|الخاصة|المعنية) ب"


def _alike(pattern: str) -> str:
    return pattern.translate(_ALIKE)


_BEFORE = re.compile(
    _alike(
        rf"(?:and |please |so )?(?:(?:{_ENGLISH}) (?:the |this |any )?|و?(?:(?:{_ARABIC}) |{_RELATED})(?:هذا |هذه )?)"
    ),
    re.IGNORECASE,
)
_BEFORE_PASSIVE = re.compile(_alike(rf"(?:and |so )?{_PASSIVE} (?:the |this |any )?"), re.IGNORECASE)
_AFTER_PASSIVE = re.compile(_alike(rf" (?:been )?(?:ever |even |also )?{_MENTIONED}$"), re.IGNORECASE)
_IN_THE_REPORT = re.compile(
    _alike(
        r"(?: at all| (?:any|some)where)?"
        rf"(?: (?:in|by|of|throughout) {_REPORT}| في {_DOCUMENT})?(?: at all| (?:any|some)where)?$"
    ),
    re.IGNORECASE,
)
# What follows is no topic but a clause: "Does the report mention whether it rained?"
_CLAUSE = re.compile(_alike(r"(?:whether|if|that|to|ما إذا|إذا|أن|إن|بأن|أنه|أنها)\b"), re.IGNORECASE)
# What asks for the words themselves, so that a likeness of meaning is no answer.
_WHETHER = re.compile(
    _alike(
        r"(?:and |so )?(?:does|do|did|is|are|was|were|has|have|where|(?:in )?which|how (?:many|often)) "
        r"|و?(?:(?:في )?أي|أية|هل|أين|كم) "
    ),
    re.IGNORECASE,
)


def asks_whether(text: str) -> bool:
    """Whether a question for a topic asks if, or where, the report has it.

    >>> asks_whether("Does the report mention children"), asks_whether("What was said about children")
    (True, False)
    """
    return bool(_WHETHER.match(text.translate(_ALIKE))) and framed_topic(text) is not None


def framed_topic(text: str) -> str | None:
    """The topic within such words; None where a text has no such words, or a clause within them.

    >>> framed_topic("Where is privacy mentioned in the report"), framed_topic("هل ورد ذكر الفساد")
    ('privacy', 'الفساد')
    >>> framed_topic("Who moderated the workshop") is None
    True
    """
    plain = text.translate(_ALIKE)
    end = len(_IN_THE_REPORT.sub("", plain))
    if before := _BEFORE.match(plain, 0, end):
        start = before.end()
    elif (before := _BEFORE_PASSIVE.match(plain, 0, end)) and (
        after := _AFTER_PASSIVE.search(plain, before.end(), end)
    ):
        start, end = before.end(), after.start()
    else:
        return None
    return None if _CLAUSE.match(plain, start, end) else text[start:end]
