"""Questions that name a paragraph: whether they want all of it, or something that it says."""

from __future__ import annotations

import re

from corpus.refs import find_refs
from corpus.text import fold

# Words that ask for a paragraph as such and say nothing of what is sought in it.
_FRAME = frozenset(
    """
    what does do did is are was were say says said state states mention contain contains about in of on to the a an me
    please show give read quote cite print display tell explain summarise summarize summary text content contents full
    whole entire exact wording words paragraph paragraphs and report it which can could you would i want need see
    ما ماذا ماهو ماهي هو هي نص مضمون محتوي فحوي جاء ورد يرد تقول تنص يقول ينص تتضمن تتناول تتحدث عن في من علي الي اذكر
    اعرض اقرا اكتب لخص تلخيص ملخص اشرح شرح وضح كامل كاملا الكامل الفقره الفقرات فقره و التقرير لي ان اريد بالنص
    الذي التي ما الوارد وارد اعطني هات موضوع
    """.split()
)
_WORD = re.compile(r"[^\W_]+")


def asks_for_all(question: str) -> bool:
    """Whether the question, its references aside, only asks what the paragraph says.

    >>> asks_for_all("What does paragraph 21 (k) say?"), asks_for_all("In para 9, who uses virtual assets?")
    (True, False)
    """
    rest, end = [], 0
    for mention in find_refs(question):
        rest.append(question[end : mention.start])
        end = mention.end
    rest.append(question[end:])
    words = _WORD.findall(fold(" ".join(rest)))
    return all(word in _FRAME or word.removeprefix("و") in _FRAME for word in words)
