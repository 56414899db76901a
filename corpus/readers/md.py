"""A Markdown file → its lines: headings, tables and footnotes known as such, escapes and links read as their text.

Front matter, comments and what is struck out are left out and counted; a block of code is listed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from corpus.layout.told import told
from corpus.readers.lines import NOTE_MARK, Account, DocumentLines, Line, beginning
from corpus.readers.raised import lowered, raised
from corpus.readers.safety import decoded
from corpus.readers.txt import lines_of

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_SETEXT = {"=": 1, "-": 2}
_RULE = re.compile(r"[\s:|-]*")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_LABEL = re.compile(r"!?\[(?=[^\]^])")
_ADDRESS = re.compile(r"[()\s]")
_TITLE = re.compile(r"\s+\"[^\"]*\"\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)")
_STRONG_END = {"**": re.compile(r"(?<=\S)(?=\*\*)"), "__": re.compile(r"(?<=\S)(?=__)")}
_QUOTE = re.compile(r"(?:>\s?)+")
_KEY = re.compile(r"[\w-]{1,64}\s*:")
_LONGEST_FRONT = 200
_FENCE = re.compile(r"(`{3,}|~{3,})")
_STRUCK = re.compile(r"~~([^~]+)~~|<(del|s|strike)>([^<]*)</\2>")
_RAISED = re.compile(r"<(sup|sub)>([^<]*)</\1>")
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|small|mark|code|kbd|a|font|ins|sup|sub)(?:\s[^<>]*)?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CODE = re.compile(r"`([^`]+)`")
_COMMENT = re.compile(r"<!--(?:(?!-->).)*-->")


def read(data: bytes, name: str) -> DocumentLines:
    r"""The lines of a Markdown file. Raises DocumentRefused for what is not text.

    >>> read(b"# Title\n\n1. One", "a.md").lines[0].level
    1
    """
    decoded_text, account = decoded(data, name), Account()
    reader = _Reader(account)
    read_lines = lines_of(decoded_text, account)
    start = _front_matter(read_lines, account)
    for line in read_lines:
        reader.take(replace(line, text="") if line.number <= start else line)
    return DocumentLines(tuple(reader.done()), decoded_text, account.findings, account.left_out)


def _front_matter(lines: Sequence[Line], account: Account) -> int:
    """The number of the last line of front matter, as `---`, `title: …`, `---` at the top of a file; 0 for none."""
    if len(lines) < 2 or lines[0].text != "---" or not _KEY.match(lines[1].text):
        return 0
    end = next((line.number for line in lines[1:_LONGEST_FRONT] if line.text in {"---", "..."}), 0)
    if end:
        account.take_out(told("front_matter"), " ".join(line.text for line in lines[1 : end - 1]), 1)
    return end


class _Reader:
    def __init__(self, account: Account) -> None:
        self._account = account
        self._lines: list[Line] = []
        self._fence = ""  # what a block of code began with, and must end with
        self._code: list[str] = []
        self._in_comment = False
        self._struck: set[str] = set()  # the marks of notes in what is struck out

    def take(self, line: Line) -> None:
        """Read the next line."""
        fence = _FENCE.match(line.text)
        if self._fence:
            if fence is not None and fence[1].startswith(self._fence) and fence[1] == line.text:
                self._end_code(line.number)
            else:
                self._code.append(line.text)
            self._lines.append(replace(line, text="", kind="text", mark=""))
        elif self._in_comment:
            self._in_comment = "-->" not in line.text
            self._account.take_out(told("comments"), line.text, line.number)
            self._lines.append(replace(line, text="", kind="text", mark=""))
        elif fence is not None and "`" not in line.text[fence.end(1) :]:
            self._fence = fence[1]
            self._lines.append(replace(line, text=""))
        else:
            self._read(line)

    def done(self) -> list[Line]:
        """All lines; notes that only struck text leads to are left out."""
        if self._fence:
            self._end_code(len(self._lines))
        met = {mark for line in self._lines if line.kind != "note" for mark in NOTE_MARK.findall(line.text)}
        gone = self._struck - met
        for line in self._lines:
            if line.kind == "note" and line.mark in gone:
                self._account.take_out(told("unseen_notes"), line.text, line.number)
        return [line for line in self._lines if not (line.kind == "note" and line.mark in gone)]

    def _end_code(self, number: int) -> None:
        if text := " ".join(filter(None, self._code)):
            self._account.find(told("code", text=beginning(text)), number)
        self._fence, self._code = "", []

    def _read(self, line: Line) -> None:
        lines = self._lines
        text = _QUOTE.sub("", line.text, count=1) if line.text.startswith(">") else line.text
        if heading := _HEADING.fullmatch(text):
            title = heading[2].rstrip("#").rstrip()
            lines.append(replace(line, text=self._inline(title, line), kind="heading", level=len(heading[1])))
        elif text.startswith("|"):
            if not ("-" in text and _RULE.fullmatch(text)):
                cells = tuple(self._inline(cell.strip(), line) for cell in re.split(r"(?<!\\)\|", text.strip("|")))
                lines.append(replace(line, text=" | ".join(cells), kind="row", cells=cells))
        elif text and len(set(text)) == 1 and text[0] in _SETEXT and len(text) > 2 and lines and lines[-1].text:
            lines[-1] = replace(lines[-1], kind="heading", level=_SETEXT[text[0]])
        elif text.startswith("<!--"):
            self._in_comment = "-->" not in text
            _leave_out(text, line.number, self._account, open_=self._in_comment)
            lines.append(replace(line, text=""))
        elif re.fullmatch(r"([-*_])(?:\s*\1){2,}", text):
            lines.append(replace(line, text=""))
        else:
            lines.append(replace(line, text=self._inline(text, line)))

    def _inline(self, text: str, line: Line) -> str:
        """A line's text without its markup; what is struck out is listed."""

        def strike(found: re.Match[str]) -> str:
            struck = found[1] or found[3] or ""
            self._struck.update(NOTE_MARK.findall(struck))
            self._account.take_out(told("struck_text"), struck, line.number)
            return ""

        text = _STRUCK.sub(strike, text)
        text = _RAISED.sub(lambda found: (raised if found[1] == "sup" else lowered)(found[2]), text)
        text = _BREAK.sub(" ", _TAG.sub("", text))
        return _ESCAPE.sub(r"\1", _CODE.sub(r"\1", _without_strong(_without_links(text))))


def _leave_out(text: str, number: int, account: Account, *, open_: bool) -> None:
    """A line that begins with a comment is left out, and listed where more than the comment stands on it."""
    if open_ or _COMMENT.fullmatch(text):
        account.leave_out(told("comments"), text)
    else:
        account.find(told("comment_line", text=beginning(text)), number)


def _without_links(text: str) -> str:
    """Links and pictures as their labels. No address is searched for its end twice, so that the cost is the text's.

    >>> _without_links('see [the report](a "b") and ![c](d), [^1] and [e](f')
    'see the report and c, [^1] and [e](f'
    """
    pieces: list[str] = []
    copied = at = 0
    ends = _ends_of_addresses(text) if "](" in text else {}
    titles: dict[int, int] = {}
    while (end := text.find("](", at)) >= 0:
        label = _LABEL.search(text, max(at, text.rfind("]", at, end) + 1), end)
        at = end + 2
        stop = ends.get(end + 1, len(text))
        if label is None:
            continue
        if text[stop : stop + 1] == ")":
            after = stop + 1
        else:
            if stop not in titles:  # labels may share it
                titled = _TITLE.match(text, stop)
                titles[stop] = titled.end() if titled else -1
            after = titles[stop]
        if after > 0:
            pieces += (text[copied : label.start()], text[label.end() : end])
            copied = at = after
    return "".join((*pieces, text[copied:]))


def _ends_of_addresses(text: str) -> dict[int, int]:
    """For each bracket that opens, the one that closes it, or the white space before that: `(a_(b))` is one."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for found in _ADDRESS.finditer(text):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == ")":
            if opened:
                ends[opened.pop()] = found.start()
        else:
            ends.update(dict.fromkeys(opened, found.start()))
            opened = []
    return ends


def _without_strong(text: str) -> str:
    """`**words**` and `__words__` as the words; where marks can end is found once.

    >>> _without_strong("a **b** and **c")
    'a b and **c'
    """
    ends = {mark: [end.start() for end in pattern.finditer(text)] for mark, pattern in _STRONG_END.items()}
    pieces: list[str] = []
    copied = at = 0
    while opening := _STRONG.search(text, at):
        start, following = opening.start(), ends[opening[1]]
        which = bisect_left(following, start + 3)
        if which == len(following):
            at = start + 1
            continue
        pieces += (text[copied:start], text[start + 2 : following[which]])
        copied = at = following[which] + 2
    return "".join((*pieces, text[copied:]))
