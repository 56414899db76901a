"""Whether an Arabic و begins a second question: before من and ما it mostly does not.

    "من أدار الجلسات ومن حضرها؟"      → and who attended them?
    "الدول الأعضاء ومن بينها إيطاليا" → among them
    "ما رمز الوثيقة وما عنوانها؟"      → and what is its title?
    "الأسلحة النارية وما يتصل بها"     → and what relates to them

Letters are as `fold` leaves them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.text import fold


def _folded(words: str) -> tuple[str, ...]:
    return tuple(fold(words).split())


_ALWAYS = frozenset(_folded("ماذا متى أين كيف كم لماذا هل بماذا لمن"))
_WHICH = ("اي", "ايه")
_OTHER = frozenset(_folded("آخر أخرى غيره غيرها"))
_IS = _folded("كان كانت كانوا هو هي هم هما الذي التي الذين اللذان سيكون يكون")
_DID = _folded(
    """
    أدار ترأس رأس مثل تكلم تحدث حضر شارك ألقى أدلى قدم نظم استضاف ساعد افتتح اختتم قال ذكر اقترح دعا أوصى أعد وضع أنشأ
    استحدث طور مول كتب نشر ناقش حدد أعرب أشار أشاد شدد أكد أجرى أصدر اعتمد وافق طلب أيد عارض انضم انتخب عين تولى قاد
    أسس جاء أتى رد أجاب عقد وجه أرسل استخدم نفذ رعى مثلت
    """
)
_THEY = frozenset(_folded("هم هي هو هما هن"))
_STANDING = frozenset(_folded("دون تحت فوق في من أقل أكثر أكبر أصغر بين على"))
_OF_THEM = re.compile(r"ي\w{3,}(?:ها|هم|هما|ه)")
_PERSON = _folded("متكلم متحدث مسؤول متحاور مشارك رئيس مدير منسق منظم محاضر مقرر ممثل خبير خبراء أمين ميسر مضيف")
_WHO = re.compile(
    rf"(?:{'|'.join(_IS)}|(?:{'|'.join(_DID)})(?:ت|وا|ن|ا|تا)?(?:ه|ها|هم|هما)?|ال(?:{'|'.join(_PERSON)})\w{{0,3}}"
    r"|(?!يوم|يوني|يولي|يناير)ي\w{3,})"
)
_THINGS = _folded(
    """
    رمز اسم أسماء دور أدوار عدد هدف أهداف غرض أغراض تاريخ مكان عنوان موضوع مواضيع رأي موقف نتائج نتيجة سبب أسباب معنى
    أبرز أهم مصدر مصادر مخاطر مزايا فوائد فائدة توصيات توصية مضمون محتوى نص فحوى أثر آثار تأثير علاقة طبيعة حجم نسبة
    قيمة وظيفة مهمة مهام أدوات أداة وسائل سبل طرق تدابير شروط معايير منصب لقب جنسية مدة قرار قرارات تحديات خلاصة ملخص
    رقم رأيه عمل استنتاجات أولويات خطة لغة مقر
    """
)
_WHAT = re.compile(
    rf"(?!الي$)ال\w+|هو|هي|هم|هما|(?:{'|'.join(_THINGS)})(?:ت)?(?:ه|ها|هم|هما)?"
    r"|[يت]قوله?|[يت]نص|[يت]ذكره?|فعلت?|فعله|فعلته|قالت?|قاله|قالته|يجب|ينبغي|يتعين"
)
_SAID = frozenset(_folded("قيل ورد جاء ذكر كتب نوقش"))
_ABOUT = frozenset(_folded("عن بشأن حول في بخصوص"))
# After a comma more is a question; these are none.
_FROM = re.compile(
    r"ثم|خلال\w*|بين\w*|اجل\w*|قبل\w*|جانب\w*|جه[هة]\w*|ناحي\w*|حيث|شان\w*|دون|غير\w*|هنا\w*|ه?ذ[اهل]\w*|تلك|ضمن\w*|بعد\w*|فوق"
    r"|تحت|ال(?!(?:"
    + "|".join(_PERSON)
    + r")).*|ا[هب](?:م|رز)\w*|امثل\w*|جراء|باب|كل|جميع|بعض\w*|جديد|جمل[ته]\w*|نتائج\w*|سوء|حسن"
)
_THAT = re.compile(
    r"الي|بعد\w*|قبل\w*|بين\w*|عدا\w*|خلا|دون\w*|زالت?|لم|لا|فوق|تحت|سوي|شابه\w*|نتج|نجم|ترتب|اذا|اكثر|اقل|حول\w*"
    r"|[يت](?:تصل|تعلق|رتبط|ترتب|صاحب|نتج|نجم|تبع|شبه|لي|ستتبع|نطوي|شابه|ماثل|قتضي|لزم|زال)\w*"
)


def begins_a_question(asks: str, follows: Sequence[str], *, led: bool, stop: bool, joined: bool) -> bool:
    """Whether a question begins with the word `asks`, before the words that follow.

    `led`: a preposition stands before it; `stop`: a comma does; `joined`: a و.

    >>> begins_a_question("من", ["حضر"], led=False, stop=False, joined=True)
    True
    >>> begins_a_question("من", ["بينها", "ايطاليا"], led=False, stop=True, joined=True)
    False
    """
    if not follows:
        return False
    first, second = (word.strip("؟?.,!") for word in (*follows[:2], "")[:2])
    if asks in _ALWAYS and not led:
        return True
    if not joined:
        return False
    if led:  # "in which meeting", "since when", but not "from what was said"
        return asks in {*_WHICH, "متي", "اين"} and second not in _OTHER
    if asks in _WHICH:
        return bool(second) and second not in _OTHER
    return _asks_who(first, second, stop=stop) if asks == "من" else _asks_what(first, second, stop=stop)


def _asks_who(first: str, second: str, *, stop: bool) -> bool:
    if first in _THEY and second in _STANDING:  # "and those who are under eighteen"
        return False
    if not stop and not second and _OF_THEM.fullmatch(first):  # "the borders and those who cross them"
        return False
    return bool(_WHO.fullmatch(first)) or (stop and not _FROM.fullmatch(first))


def _asks_what(first: str, second: str, *, stop: bool) -> bool:
    said = first in _SAID and second in _ABOUT
    return said or bool(_WHAT.fullmatch(first)) or (stop and not _THAT.fullmatch(first))
