r"""Text → Markdown that shows exactly this text: what a report says is never markup where it is pasted or answered.

    literal("![x](http://evil) <b>21_a</b>") → !\[x\](http\://evil) &lt;b>21\_a&lt;/b>

Written for CommonMark and for what renderers add to it: tables, strikethrough, formulas, addresses that become links by
themselves. `<` and `&` become entities, since not every renderer takes a backslash before them.
"""

from __future__ import annotations

import re

_LINE_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_INLINE = re.compile(
    r"""[\\`*_\[\]~^|$] | =(?==) | \+(?=\+)               # emphasis, code, links, tables, formulas, marks
      | [<&]                                              # tags and entities
      | (?<=[A-Za-z]) : (?=//)                            # https://example.org
      | (?<=[^\W_]) \. (?=[A-Za-z]{2}|[^\x00-\x7f])       # example.org
      | (?<=[wW]{3}) \.                                   # www.1.org
      | (?<=[^\W_]) @ (?=[^\W_])                          # somebody@example.org
    """,
    re.VERBOSE,
)
_AT_THE_START = re.compile(r"(\d{0,9})([#>+=:.)-])")  # a heading, a quotation, a list
_ENTITIES = {"<": "&lt;", "&": "&amp;"}


def literal(text: str) -> str:
    r"""The text as one line of Markdown, or a part of one, that loses no letter and means nothing else.

    >>> literal("1. *Assets* & <script>")
    '1\\. \\*Assets\\* &amp; &lt;script>'
    """
    line = _LINE_BREAKS.sub(" ", text).lstrip(" \t")
    escaped = _INLINE.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), line)
    return _AT_THE_START.sub(r"\1\\\2", escaped, count=1) if _AT_THE_START.match(escaped) else escaped
