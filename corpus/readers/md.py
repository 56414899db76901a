"""A Markdown file → its lines: headings, tables and footnotes known as such, escapes and links read as their text."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.readers.guards import decoded
from corpus.readers.lines import DocumentLines, Line
from corpus.readers.txt import read_lines

_HEADING = re.compile(r"(#{1,6})\s+(.*[^\s#]|)[\s#]*")
_SETEXT = {"=": 1, "-": 2}
_RULE = re.compile(r"(?=[\s:|]*-)[\s:|-]+")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_LINK = re.compile(r"!?\[([^\[\]^][^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1")
_QUOTE = re.compile(r"(?:>\s?)+")


def read(data: bytes, name: str) -> DocumentLines:
    r"""The lines of a Markdown file. Raises DocumentRefused for what is not text.

    >>> read(b"# Title\n\n1. One", "a.md").lines[0].level
    1
    """
    lines: list[Line] = []
    for line in read_lines(data, name):
        text = _QUOTE.sub("", line.text, count=1) if line.text.startswith(">") else line.text
        if heading := _HEADING.fullmatch(text):
            lines.append(replace(line, text=_inline(heading[2]), kind="heading", level=len(heading[1])))
        elif text.startswith("|"):
            if not _RULE.fullmatch(text):
                cells = tuple(_inline(cell.strip()) for cell in re.split(r"(?<!\\)\|", text.strip("|")))
                lines.append(replace(line, text=" | ".join(cells), kind="row", cells=cells))
        elif text and len(set(text)) == 1 and text[0] in _SETEXT and len(text) > 2 and lines and lines[-1].text:
            lines[-1] = replace(lines[-1], kind="heading", level=_SETEXT[text[0]])
        elif re.fullmatch(r"([-*_])(?:\s*\1){2,}", text) or text.startswith("<!--"):
            lines.append(replace(line, text=""))
        else:
            lines.append(replace(line, text=_inline(text)))
    return DocumentLines(tuple(lines), decoded(data, name))


def _inline(text: str) -> str:
    return _ESCAPE.sub(r"\1", _STRONG.sub(r"\2", _LINK.sub(r"\1", text)))
