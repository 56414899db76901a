"""Whose paragraph it is: references in a text → the document that each belongs to.

    "paragraph 9 of resolution 74/247"        → of a document that is not loaded
    "فقرة ٩ من تقرير حلقة العمل ٤"            → of kyoto-2021-workshop-4
    "A/CONF.234/16, paras. 4 and 5"           → of the report with that symbol
    "What does paragraph 9 say?"              → of nobody in particular

One resolver for questions, look-ups, drafts, agents, chats and pages. A question is read more freely than a draft: in
it a document may stand apart from its paragraph ("In the Kyoto Declaration, what does paragraph 9 say?").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.refs import Mention, Ref, find_refs
from corpus.refs.tokens import KEYWORDS
from service.paragraphs.documents import Documents, Named, speaks_of
from service.paragraphs.naming import GENERIC, LINKS, ORGANS, SPECIFIC, Word, among, folded, words

_REACH = 24  # words before a reference that are looked at
_SAYING = folded(
    """say says state states provide provides stipulate stipulates decide decides request requests call urge urges read
    reads contain contains recommend recommends require requires mean means affirm affirms declare declares set
    يقول تقول قال قالت ينص تنص نص نصت يقرر قرر يطلب طلب يدعو دعا يرد ترد جاء ورد يتضمن تتضمن"""
)
_ASKED_OF = folded("does did do will يقول تقول قال قالت ينص تنص نص نصت عليه عليها يقرر قرر يطلب طلب يدعو دعا")
_OPENING = folded("in under per from within of according في من ضمن بموجب حسب بحسب وفقا طبقا استنادا")
_LEADING = folded("to the with ل إلى")
# What is said about a document does not make the next paragraph its own: "Regarding the Convention, paragraph 12 says".
_ABOUT = folded("about regarding concerning regard respect on بشأن عن بخصوص حول")
_NO_NAMES = frozenset(("the", "as", "see"))
_BETWEEN = folded("operative preambular its") | {",", "-", "–", "—", "’s", "'s"}
_SEARCHED = 20  # reports whose paragraph is looked into
_CHAIN = re.compile(r"[\s,،;؛]*+(?:(?:and|or|&|with|to)\b|و(?!\w))?\s*+|\s*+(?:،\s*+)?و", re.IGNORECASE)


_Found = tuple[Mention, Named | None]


@dataclass(frozen=True, slots=True)
class Belonging:
    """A reference and the document that it was written with; None where it stands alone.

    `start` and `end` span both, so that what is left of a text says what is asked of the paragraph.
    """

    mention: Mention
    document: Named | None
    start: int
    end: int

    @property
    def foreign(self) -> bool:
        """Whether it names a paragraph of a document that is not loaded."""
        return self.document is not None and self.document.foreign


def belongings(
    text: str, mentions: Sequence[Mention], documents: Documents, *, asking: bool = False
) -> tuple[Belonging, ...]:
    """Each reference with its document; in a list, "A/CONF.234/16, para. 4 and para. 5", that of its neighbour."""
    if not mentions:
        return ()
    reader = _Reader(text, words(text), documents, asking=asking)
    found = [each for mention in mentions for each in reader.documents_of(mention)]
    reader.pass_on(found)
    about = reader.asked_of() if asking else None
    return tuple(
        _belonging(mention, document or (about if about and about.end <= mention.start else None))
        for mention, document in found
    )


def _parted(text: str, mention: Mention) -> tuple[Mention, ...]:
    """A reference that names "para." twice, as two; itself where it does not."""
    keywords = [w.start for w in words(text[mention.start : mention.end]) if w.text in KEYWORDS and w.start]
    if not keywords:
        return (mention,)
    at = mention.start + keywords[-1]
    parts = []
    for start, end in ((mention.start, at), (at, mention.end)):
        parts += [Mention(m.targets, start + m.start, start + m.end) for m in find_refs(text[start:end])]
    return tuple(parts) if len(parts) == 2 else (mention,)


def _belonging(mention: Mention, document: Named | None) -> Belonging:
    if document is None:
        return Belonging(mention, None, mention.start, mention.end)
    return Belonging(mention, document, min(mention.start, document.start), max(mention.end, document.end))


class _Reader:
    """Looks around references in one text, a few words each."""

    def __init__(self, text: str, said: Sequence[Word], documents: Documents, *, asking: bool) -> None:
        self.text = text
        self.said = said
        self.starts = [word.start for word in said]
        self.documents = documents
        self.asking = asking

    def documents_of(self, mention: Mention) -> list[_Found]:
        """The reference with the document after it, or right before it. A marker, [9], is of the report.

        Where there is one on either side, as in "A/CONF.999/1, para. 12, and para. 9 of the report", it is parted.
        """
        if self.text[mention.start] == "[":
            return [(mention, Named(mention.start, mention.end, own=True))]
        after, before = self._after(mention), self._before(mention)
        if (after and before and after.report is not before.report) or (after and before and after.own):
            parts = _parted(self.text, mention)
            if len(parts) > 1:
                return [(parts[0], before), (parts[1], after)]
        return [(mention, after or before)]

    def pass_on(self, found: list[_Found]) -> None:
        """Give a reference that stands alone in a list the document of its neighbour."""
        ahead = range(1, len(found))
        for places, step in ((ahead, -1), (reversed(ahead), 0)):
            for i in places:
                (first, one), (second, two) = found[i - 1], found[i]
                if self.chained(first, second):
                    if step and two is None:
                        found[i] = second, one
                    elif not step and one is None:
                        found[i - 1] = first, two

    def chained(self, first: Mention, second: Mention) -> bool:
        """Whether nothing but "and" or a comma stands between two references."""
        return _CHAIN.fullmatch(self.text, first.end, second.start) is not None

    def asked_of(self) -> Named | None:
        """The document that a question begins with: "In the Kyoto Declaration, …", "وفقاً لإعلان كيوتو …"."""
        said = self.said
        if not said or said[0].text not in _OPENING:
            return None
        at = 1
        while at < len(said) and said[at].text in _LEADING:
            at += 1
        found = self.documents.phrase(said, at)
        return None if found is None or found.own else found

    def _after(self, mention: Mention) -> Named | None:
        """Of paragraph 9 of …, الفقرة 9 من …, paragraph 9 (A/CONF.234/16); in a question also "say in …"."""
        said, at = self.said, bisect_left(self.starts, mention.end)
        following = said[at : at + 3]
        if self.asking and following and following[0].text in _SAYING and following[1:2]:
            at, following = at + 1, said[at + 1 : at + 4]
        if not following:
            return None
        first = following[0]
        comma = first.text in (",", "(") and first.kind == "mark"
        if first.text in LINKS:
            found = self.documents.phrase(said, at + 1)
            return found if found is None or not self._passing(first, found) else None
        if first.kind in ("symbol", "pair") or (comma and following[1:2] and following[1].kind == "symbol"):
            return self.documents.phrase(said, at + comma)
        if comma and first.text == "(" and following[1:2] and among(following[1].text, SPECIFIC):
            return self.documents.phrase(said, at + 1)
        return None

    def _passing(self, link: Word, found: Named) -> bool:
        """Whether "in" leads to a body that is spoken of and not to a document: paragraph 9 in the workshop."""
        at = bisect_left(self.starts, found.start)
        return link.text in ("in", "في", "within", "under") and among(self.said[at].text, ORGANS)

    def _before(self, mention: Mention) -> Named | None:
        """Of "resolution 74/247, para. 9", "the Kyoto Declaration, paragraph 9", a report's title before it."""
        end, joined, bracket = self._gap(bisect_left(self.starts, mention.start))
        if end == 0:
            return None
        said, last = self.said, self.said[end - 1]
        if joined and not (self.asking and self._is_asked(end)):
            return None
        if title := self.documents.title_before(said, end):
            return title
        first = self._name_start(end)
        if first is None:
            return None
        found = self.documents.phrase(said[:end], first)
        if found is None or found.own or found.end < last.end or (bracket and self._cited_there(found, mention)):
            return None
        return found

    def _cited_there(self, document: Named, mention: Mention) -> bool:
        """Whether the paragraph in brackets is one of a report that speaks of the document before it.

        "… by resolution 74/247 (para. 11)" cites the report; "… in the Doha Declaration (para. 9)" does not.
        """
        name = document.name(self.text)
        refs = [target for target in mention.targets if isinstance(target, Ref)]
        return any(speaks_of(report, ref, name) for report in self.documents.reports[:_SEARCHED] for ref in refs)

    def _gap(self, end: int) -> tuple[int, bool, bool]:
        """Back over what may stand between a document and its paragraph: a comma, "operative", a bracket.

        In a question also "in", with a verb before it. Says whether that, and whether a bracket, was there.
        """
        joined = bracket = False
        while end:
            word = self.said[end - 1]
            if word.text in _BETWEEN or (self.asking and word.text == ":"):
                end -= 1
            elif word.text == "(" and not bracket:
                bracket, end = not self.asking, end - 1
            elif self.asking and not joined and (word.text in LINKS or word.text == "at"):
                joined, end = True, end - 1
            elif joined and word.text in _SAYING:
                end -= 1
            else:
                break
        return end, joined, bracket

    def _is_asked(self, end: int) -> bool:
        """Whether what ends here is asked to say something: "does … say in paragraph 9", "ماذا يقول … في الفقرة 9"."""
        first = self._name_start(end)
        if first is None:
            return False
        inside = False
        while first and self.said[first - 1].text in ("the", "في"):
            first, inside = first - 1, inside or self.said[first - 1].text == "في"
        return bool(first) and self.said[first - 1].text in (_SAYING if inside else _ASKED_OF)

    def _name_start(self, end: int) -> int | None:
        """Where the document's name begins whose last word stands before `end`; None where no name ends there."""
        said, first = self.said, None
        for at in range(end - 1, max(-1, end - _REACH), -1):
            word = said[at]
            heads = SPECIFIC | GENERIC if self.asking else SPECIFIC
            if word.kind in ("symbol", "pair") or (word.kind == "word" and among(word.text, heads)):
                first = at
                break
            if word.stops and not (word.text in (")", "(") or word.text in ("”", "»", '"')):
                return None
        if first is None or not self._runs_to(first, end):
            return None
        while first and self._belongs_before(first - 1):
            first -= 1
        around = {word.text for word in said[max(0, first - 4) : first]}
        return None if around & _ABOUT else first

    def _belongs_before(self, at: int) -> bool:
        """Whether a word before "Declaration" is a part of its name: a name's capital, or one that says which kind."""
        word = self.said[at]
        if word.kind != "word" or word.stops:
            return word.text in ("’s", "'s")
        return among(word.text, SPECIFIC) or (word.capital and word.text not in _OPENING | _NO_NAMES)

    def _runs_to(self, first: int, end: int) -> bool:
        """Whether the words from "Convention" on are one name: on Cybercrime; not: was adopted, as they said."""
        rest = self.said[first + 1 : end]
        if not rest or self.said[first].kind in ("symbol", "pair"):
            return all(word.kind == "mark" or word.numeral or word.text.isdigit() for word in rest)
        if not self.said[first].text.isascii():
            return len(rest) <= 5
        return all(
            w.capital or w.numeral or w.kind != "word" or w.text in ("on", "of", "the", "for", "no") for w in rest
        )
