"""What XML cannot hold, for the formats that are XML."""

from __future__ import annotations

import re

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    r"""The text with U+FFFD in the place of each character that XML has no way to write, so that offsets stay.

    >>> xml_text("a\x07b")
    'a\ufffdb'
    """
    return _NO_XML.sub("\ufffd", text)
