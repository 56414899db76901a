"""Greetings and thanks: said to fiqra, not asked of the report."""

from __future__ import annotations

import re

from corpus.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"[(\[]\s?+\w\s?+[)\]]")  # of a sub-paragraph, on its own: "and (a)?"
# A text of these words alone asks nothing of a report.
_WORDS = frozenset(
    fold(
        """
        hello hi hey there good morning afternoon evening night day dear thanks thank thx you u so very much a lot many
        please ok okay bye goodbye see later how are is it going your name who what can do for me help welcome again
        yes no great nice cheers test testing bot robot human real
        مرحبا اهلا وسهلا هلا السلام عليكم ورحمه الله وبركاته صباح مساء الخير النور تحيه طيبه شكرا جزيلا لك لكم كثيرا
        مع السلامه وداعا الي اللقاء كيف حالك الحال انت من ما ماذا اسمك هل تسمعني تستطيع يمكنك مساعدتي تفعل عفوا نعم لا
        طيب حسنا تجربه يا عزيزي يعطيك العافيه ممتاز رائع هناك احد موجود
        """
    ).split()
)


_THANKS = frozenset(fold("thanks thank thx شكرا").split())


def is_thanks(text: str) -> bool:
    """Whether small talk gives thanks.

    >>> is_thanks("Thanks a lot!"), is_thanks("Hello")
    (True, False)
    """
    return not _THANKS.isdisjoint(_WORD.findall(fold(text)))


def is_small_talk(text: str) -> bool:
    """Whether a text only greets, thanks or chats. Where a number or a bracketed letter is, a paragraph may be meant.

    >>> is_small_talk("Hello, how are you?"), is_small_talk("Who are the panellists?"), is_small_talk("21 (a)")
    (True, False, False)
    """
    if any(map(str.isnumeric, text)) or _LETTER.search(text):
        return False
    words = _WORD.findall(fold(text))
    return bool(words) and all(word in _WORDS for word in words)
