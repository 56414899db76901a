"""A Markdown file → its lines: headings, tables and footnotes known as such, escapes and links read as their text."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from corpus.readers.lines import Account, DocumentLines, Line, beginning
from corpus.readers.safety import decoded
from corpus.readers.txt import lines_of

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_SETEXT = {"=": 1, "-": 2}
_RULE = re.compile(r"[\s:|-]*")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_LABEL = re.compile(r"!?\[(?=[^\]^])")
_ADDRESS_END = re.compile(r"[)\s]")
_TITLE = re.compile(r"\s+\"[^\"]*\"\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)")
_STRONG_END = {"**": re.compile(r"(?<=\S)(?=\*\*)"), "__": re.compile(r"(?<=\S)(?=__)")}
_QUOTE = re.compile(r"(?:>\s?)+")
_COMMENT = re.compile(r"<!--(?:(?!-->).)*-->")


def read(data: bytes, name: str) -> DocumentLines:
    r"""The lines of a Markdown file. Raises DocumentRefused for what is not text.

    >>> read(b"# Title\n\n1. One", "a.md").lines[0].level
    1
    """
    decoded_text, account = decoded(data, name), Account()
    lines: list[Line] = []
    for line in lines_of(decoded_text, account):
        text = _QUOTE.sub("", line.text, count=1) if line.text.startswith(">") else line.text
        if heading := _HEADING.fullmatch(text):
            title = heading[2].rstrip("#").rstrip()
            lines.append(replace(line, text=_inline(title), kind="heading", level=len(heading[1])))
        elif text.startswith("|"):
            if not ("-" in text and _RULE.fullmatch(text)):
                cells = tuple(_inline(cell.strip()) for cell in re.split(r"(?<!\\)\|", text.strip("|")))
                lines.append(replace(line, text=" | ".join(cells), kind="row", cells=cells))
        elif text and len(set(text)) == 1 and text[0] in _SETEXT and len(text) > 2 and lines and lines[-1].text:
            lines[-1] = replace(lines[-1], kind="heading", level=_SETEXT[text[0]])
        elif text.startswith("<!--"):
            _leave_out(text, line.number, account)
            lines.append(replace(line, text=""))
        elif re.fullmatch(r"([-*_])(?:\s*\1){2,}", text):
            lines.append(replace(line, text=""))
        else:
            lines.append(replace(line, text=_inline(text)))
    return DocumentLines(tuple(lines), decoded_text, account.findings, account.left_out)


def _leave_out(text: str, number: int, account: Account) -> None:
    """A line that begins with a comment is left out, and listed where more than the comment stands on it."""
    if _COMMENT.fullmatch(text):
        account.leave_out("comments", text)
    else:
        account.find(f"a line that begins with a comment is left out, all of it: {beginning(text)}", number)


def _inline(text: str) -> str:
    return _ESCAPE.sub(r"\1", _without_strong(_without_links(text)))


def _without_links(text: str) -> str:
    """Links and pictures as their labels. No address is searched for its end twice, so that the cost is the text's.

    >>> _without_links('see [the report](a "b") and ![c](d), [^1] and [e](f')
    'see the report and c, [^1] and [e](f'
    """
    pieces: list[str] = []
    copied = at = 0
    stop = after = -1
    while (end := text.find("](", at)) >= 0:
        label = _LABEL.search(text, max(at, text.rfind("]", at, end) + 1), end)
        at = end + 2
        if label is None:
            continue
        if stop < at:  # the first character that no address has; later labels may share it
            found = _ADDRESS_END.search(text, at)
            stop = found.start() if found else len(text)
            titled = _TITLE.match(text, stop)
            after = stop + 1 if text[stop : stop + 1] == ")" else titled.end() if titled else -1
        if after > 0:
            pieces += (text[copied : label.start()], text[label.end() : end])
            copied = at = after
    return "".join((*pieces, text[copied:]))


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
