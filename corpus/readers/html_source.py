"""A page's source, told apart into text and markup without building a tree: what a browser's tokenizer would swallow.

A comment, a tag or a script that never ends takes the rest of the page along, without a word of any parser's. Here it
is noticed, and the letters that are text can be counted against those that the tree holds.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from corpus.layout.told import Told, told
from corpus.readers.lines import Account, beginning
from corpus.text import alike_until

RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
"""Elements whose content is no markup, up to their end tag."""
_COMMENT_END = re.compile(r"--!?>")
_TAG = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_IN_TAG = re.compile(r"[>=]")
_VALUE = re.compile(r"\s*([\"']?)")
_UNQUOTED_END = re.compile(r"[\s>]")
_SWALLOWED = re.compile(r"</[a-zA-Z]")
_MAY_HOLD_MARKUP = re.compile(r"(?<![\w-])(?:on\w*|data-[\w-]*|srcdoc|style|content|title|alt)\s*$", re.IGNORECASE)
_LONGEST_NAME = 80
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Source:
    """The text of a page as its source has it, piece by piece, and what is found wrong with it."""

    page: str
    account: Account
    _pieces: list[str] = field(default_factory=list)
    _line: int = 1
    _counted: int = 0

    @classmethod
    def read(cls, page: str, account: Account) -> Source:
        """Go through the page once."""
        source = cls(page, account)
        at = 0
        while at < len(page):
            start = page.find("<", at)
            start = len(page) if start < 0 else start
            end = source._markup_end(start)
            if end == start:  # a bare `<` is text
                end += 1
                source._pieces.append(page[at:end])
            elif start > at:
                source._pieces.append(page[at:start])
            at = end
        return source

    def compare(self, tree: str) -> None:
        """List the first text that is in the source and not in the tree, where the tree has fewer letters."""
        pieces = [letters(html.unescape(piece)) for piece in self._pieces]
        here, there = "".join(pieces), letters(tree)
        if len(here) <= len(there):
            return
        which = bisect_right(list(accumulate(map(len, pieces))), alike_until(here, there))
        lost = len(here) - len(there)
        self.account.find(told("parser_lost", number=lost, text=beginning(self._pieces[which])))

    def _markup_end(self, at: int) -> int:
        """Where the markup that begins here ends; `at` itself where none does."""
        page = self.page
        if page.startswith("<!--", at):
            end = _COMMENT_END.search(page, at + 2)
            return end.end() if end else self._unclosed(told("comment"), at)
        tag = _TAG.match(page, at)
        if tag is not None:
            end_of_tag = self._tag_end(tag.end(), at)
            name = tag[1].lower()
            return self._raw_end(name, end_of_tag, at) if name in RAW and page[at + 1] != "/" else end_of_tag
        if page.startswith(("<!", "<?", "</"), at):
            end_of_tag = page.find(">", at)
            return end_of_tag + 1 if end_of_tag >= 0 else self._unclosed(told("declaration"), at)
        return at

    def _tag_end(self, at: int, start: int) -> int:
        page = self.page
        while (found := _IN_TAG.search(page, at)) is not None:
            if found[0] == ">":
                return found.end()
            value = _VALUE.match(page, found.end())
            assert value is not None  # noqa: S101 - it matches nothing at all, too
            if value[1]:
                end = page.find(value[1], value.end())
                if end < 0:
                    return self._unclosed(told("quotation_mark"), found.start())
                at = end + 1
                if _SWALLOWED.search(page, value.end(), end):
                    name = page[max(start, found.start() - _LONGEST_NAME) : found.start()]
                    if not _MAY_HOLD_MARKUP.search(name):
                        self._find(told("quotation_mark_missing"), page[value.end() : end], start)
            else:
                bare = _UNQUOTED_END.search(page, value.end())
                at = bare.start() if bare else len(page)
        return self._unclosed(told("tag"), start)

    def _raw_end(self, name: str, at: int, start: int) -> int:
        end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self.page, at)
        return end.start() if end else self._unclosed(told("element", tag=name), start)

    def _unclosed(self, what: Told, at: int) -> int:
        if letters(self.page[at:]):
            self._find(told("unclosed", what=what), self.page[at:], at)
        return len(self.page)

    def _find(self, what: Told, text: str, at: int) -> None:
        self._line += self.page.count("\n", self._counted, at)
        self._counted = max(self._counted, at)
        self.account.find(told("in_file", line=self._line, what=what, text=beginning(text)))


def letters(text: str) -> str:
    """A text's letters and digits alone."""
    return _NO_LETTERS.sub("", text)
