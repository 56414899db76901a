"""A text cut into the tokens that a paragraph reference is made of.

    tokenize("وبالفقرة ٢١-ك") → and و, paragraph الفقره, number 21, -, word ك, end

A token keeps where it was written, whether white space stood before it, and what it can be. Words that play a
part are given a kind here, so that the parser in `corpus.refs.parser` never compares spellings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus.refs.numerals import called_letter, fold_each, is_numeral, letter_position, roman_value
from corpus.refs.types import FRONT_NAME, MAX_ITEM, MAX_NUMBER


class Keyword(NamedTuple):
    """A word for "paragraph", and what its form says about the numbers that may follow."""

    plural: bool = False
    arabic: bool = False
    definite: bool = False
    short: bool = False  # an abbreviation or a sign: a full stop after it ends no sentence


class Token(NamedTuple):
    """One word, number or mark; `glued` when nothing but invisible marks stands between it and the one before."""

    kind: str
    text: str  # folded
    start: int  # code points of the source
    end: int
    glued: bool = False

    def number(self) -> int:
        """`0021` → 21; 0 for what is no number from 1 to 9999. Longer digits are not converted: that is quadratic."""
        return int(self.text) if self.kind == "number" and len(self.text) <= len(str(MAX_NUMBER)) else 0

    def letter(self) -> int:
        """`k` → 11, what is no letter of a sub-paragraph → 0."""
        return letter_position(self.text)

    def item(self) -> int:
        """`iii` and a glued `3` → 3, what names no item of a sub-paragraph → 0."""
        return roman_value(self.text) or (self.number() if self.number() <= MAX_ITEM else 0)

    def runs_on(self) -> bool:
        """Tell whether this goes on with the word or number before it, as `kg` in `5kg`."""
        return self.glued and self.kind in ("word", "numeral")


def _folded(words: str) -> list[str]:
    return fold_each(words).text.split()


def _with_article(words: str) -> list[str]:
    """`فقرة` → `فقره`, `الفقره`."""
    return [article + word for word in _folded(words) for article in ("", "ال")]


KEYWORDS = {
    "paragraph": Keyword(),
    "paragraphs": Keyword(plural=True),
    **dict.fromkeys(("para", "par", "§", "¶"), Keyword(short=True)),
    **dict.fromkeys(("paras", "pars", "§§", "¶¶"), Keyword(plural=True, short=True)),
    **dict.fromkeys(_folded("فقرة"), Keyword(arabic=True)),
    **dict.fromkeys(_folded("الفقرة"), Keyword(arabic=True, definite=True)),
    **dict.fromkeys(_folded("فقرتان فقرتين فقرات"), Keyword(arabic=True, plural=True)),
    **dict.fromkeys(_folded("الفقرتان الفقرتين الفقرات"), Keyword(arabic=True, plural=True, definite=True)),
    "ف": Keyword(arabic=True, short=True),
}
ANNEX = frozenset(("annex", *_with_article("مرفق")))
_SUB_ADJECTIVES = frozenset(_with_article("فرعية فرعيتان فرعيتين فرعيات"))

_KINDS = {
    **dict.fromkeys(KEYWORDS, "paragraph"),
    **dict.fromkeys(("subparagraph", "subparagraphs", "subpara", "subparas"), "sub"),
    **dict.fromkeys(
        ("item", "items", "letter", "lit", "litt", "littera", *_with_article("بند بندان بندين بنود حرف")), "item"
    ),
    **dict.fromkeys(("no", "nos", "number", "numbers", "#", *_folded("رقم الرقم أرقام")), "no"),
    **dict.fromkeys(("to", "through", "thru", "until", "till", "–", *_folded("إلى حتى لغاية")), "to"),
    **dict.fromkeys(("and", "or", "&", *_folded("و أو")), "and"),
    **dict.fromkeys((",", ";"), ","),
    "of": "of",
    "from": "from",
    "من": "of/from",
    **dict.fromkeys(("in", "under", *_folded("في")), "in"),
    **dict.fromkeys(("the", "see", *_folded("انظر راجع")), "lead"),
    FRONT_NAME: "front",
    # What else is numbered: "article 3 (b)", "resolution 74/247", "agenda item 5 (a)".
    **dict.fromkeys(
        _folded(
            """article articles art arts rule rules section sections chapter chapters annex annexes appendix part parts
            resolution resolutions decision decisions goal goals target targets principle principles table tables figure
            figures page pages clause clauses regulation regulations workshop committee step option question"""
        ),
        "thing",
    ),
    **dict.fromkeys(
        _with_article(
            """مادة المادتان مادتين مواد قاعدة قواعد فصل فصول فرع فروع باب جزء مرفق مرفقات قرار قرارات مقرر مقررات
            هدف أهداف غاية غايات مبدأ مبادئ جدول جداول شكل صفحة صفحات توصية توصيات حلقة لجنة سؤال"""
        ),
        "thing",
    ),
}

TITLE_PAGE = "title page"
_PAGE = frozenset(_folded("صفحة"))
_OF_THE_TITLE = frozenset(_folded("العنوان"))

# Alternatives that exclude one another, so matching is linear. An underscore separates, as in para_21__subpara_k;
# an accent stays with its letter, so that ñ is a letter no paragraph has.
_LEXEME = re.compile(
    r"(?P<number>[0-9]+)|(?P<word>(?:[^\W\d_]|[\u0300-\u036f])+)|(?P<gap>[\s_]+)|(?P<mark>§§|¶¶|.)", re.DOTALL
)


def tokenize(source: str) -> list[Token]:
    """Cut a text into tokens, the last of kind `end`; a blank line is one too, of kind `break`."""
    tokens: list[Token] = []
    for lexeme in _lexemes(source):
        token = lexeme
        for kind, text, parts in (
            ("sub", "subparagraph", _sub_parts(tokens, lexeme)),
            ("front", TITLE_PAGE, _title_parts(tokens, lexeme)),
        ):
            if parts:
                first = tokens[-parts]
                token = Token(kind, text, first.start, lexeme.end, first.glued)
                del tokens[-parts:]
        tokens.append(token)
    tokens.append(Token("end", "", len(source), len(source)))
    return tokens


def with_letters(tokens: list[Token]) -> list[Token]:
    """The tokens of a reference, with letters for their Arabic names: `21`, `ألف`, `وباء` → `21`, `ا`, `و`, `ب`."""
    found: list[Token] = []
    for token in tokens:
        rest = token.text.removeprefix("و") if token.kind == "word" else ""
        if rest and (letter := called_letter(token.text)):
            found.append(token._replace(text=letter))
        elif rest and (letter := called_letter(rest)):
            found += [token._replace(kind="and", text="و"), token._replace(text=letter, glued=True)]
        else:
            found.append(token)
    return found


def with_sure_letters(tokens: list[Token]) -> list[Token]:
    """The same in running text, where it may be another word: only `الفقرة 21 هاء`, `الفقرة 21 (هاء)`, `البند هاء`."""
    return [
        token._replace(text=called_letter(token.text)) if token.kind == "word" and _is_letter(tokens, at) else token
        for at, token in enumerate(tokens)
    ]


def _is_letter(tokens: list[Token], at: int) -> bool:
    """Whether a word is a letter's name that ends a reference, or that `البند` announces."""
    if not called_letter(tokens[at].text):
        return False
    before, after = tokens[max(0, at - 3) : at], tokens[at + 1].text
    if before and before[-1].text == "(":
        before, after = before[:-1], "" if after == ")" else "-"
    kinds = [token.kind for token in before[-2:]]
    return kinds[-1:] in (["sub"], ["item"]) or (
        kinds in (["paragraph", "number"], ["no", "number"]) and not after[:1].isalnum()
    )


def _sub_parts(before: list[Token], token: Token) -> int:
    """Count the tokens that become one word with this one: 1 in `sub paragraph` and الفقرة الفرعية, 2 in `sub-para`."""
    if not before:
        return 0
    if token.text in _SUB_ADJECTIVES:
        return int(before[-1].kind == "paragraph")
    if token.kind != "paragraph":
        return 0
    if before[-1].text == "sub":
        return 1
    return 2 if [part.text for part in before[-2:]] == ["sub", "-"] else 0


def _title_parts(before: list[Token], token: Token) -> int:
    """The same for the title page: 1 in `title page` and صفحة العنوان, 2 in `title-page`."""
    if before and token.text == "page":
        ahead = [part.text for part in before[-2:]]
        return 2 if ahead == ["title", "-"] else int(ahead[-1] == "title")
    return int(bool(before) and token.text in _OF_THE_TITLE and before[-1].text in _PAGE)


def _lexemes(source: str) -> Iterator[Token]:
    folded = fold_each(source)
    glued = False
    for match in _LEXEME.finditer(folded.text):
        text = match[0]
        start, end = folded.starts[match.start()], folded.ends[match.end() - 1]
        if match.lastgroup == "gap":
            if text.count("\n") > 1:
                yield Token("break", "", start, end)
        elif match.lastgroup == "number":
            yield Token("number", text, start, end, glued)
        elif match.lastgroup == "mark":
            yield Token(_KINDS.get(text, text), text, start, end, glued)
        else:
            conjunction, word = _peel(text)
            if conjunction:
                yield Token("and", conjunction, start, folded.ends[match.start()], glued)
            # A word without its و still starts where it is written, so that no highlight cuts a word in two.
            yield Token(_kind(word), word, start, end, glued or bool(conjunction))
        glued = match.lastgroup != "gap"


_PREFIXED = ("paragraph", "item", "thing")  # what ب ف ك ل are taken off: بالفقرة, للمادة


def _kind(word: str) -> str:
    return _KINDS.get(word) or ("numeral" if is_numeral(word) else "word")


def _peel(word: str) -> tuple[str, str]:
    """Take off the prefixes written together with an Arabic word: وبالفقره → (و, الفقره), والعشرون → (و, العشرون).

    Only for the sake of a word that the grammar knows: واحد keeps its و, and بج is no letter ج.
    """
    if word.isascii() or _kind(word) != "word":
        return "", word
    conjunction, rest = ("و", word[1:]) if word[0] == "و" else ("", word)
    if conjunction and (_kind(rest) in (*_PREFIXED, "numeral") or letter_position(rest)):
        return conjunction, rest
    rest = rest.removeprefix("ف")
    if rest.startswith("لل"):
        rest = "ال" + rest[2:]  # لل is ل and ال with the alif gone
    elif rest.startswith(("ب", "ك", "ل")):
        rest = rest[1:]
    return (conjunction, rest) if _kind(rest) in _PREFIXED else ("", word)
