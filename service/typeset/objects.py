"""The numbered objects of a PDF, and the table at its end that says where each is (ISO 32000-1, 7.5)."""

from __future__ import annotations

import zlib


class Objects:
    """The numbered objects of a file."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def reserve(self) -> int:
        """A number whose object comes later."""
        self._objects.append(b"null")
        return len(self._objects)

    def put(self, number: int, content: str | bytes) -> None:
        """The object of that number."""
        self._objects[number - 1] = content.encode("ascii") if isinstance(content, str) else content

    def add(self, content: str | bytes) -> int:
        """A new object; its number."""
        self.put(number := self.reserve(), content)
        return number

    def stream(self, data: bytes, about: str = "") -> int:
        """A new stream; its number."""
        packed = zlib.compress(data)
        head = f"<< {about} /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode("ascii")
        return self.add(head + packed + b"\nendstream")

    def done(self, catalog: int, about: int) -> bytes:
        """The whole file."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, content in enumerate(self._objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\n" % (len(places) + 1, catalog, about)
        out += b"startxref\n%d\n%%%%EOF\n" % table
        return bytes(out)


def string(text: str) -> str:
    """Text as a string of the file."""
    return f"<FEFF{utf16(text)}>"


def utf16(text: str) -> str:
    """Text as digits: `utf16("ab")` → `00610062`."""
    return text.encode("utf-16-be").hex().upper()
