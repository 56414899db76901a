"""HTTP/1.1 as RFC 9112 has it at its strictest: what a proxy and a server could read as different requests is refused.

h11 mends what it may (folded lines, `content-length: 5,5`, a length beside chunks), leaves bounds to the size of its
buffer, and matches lines by patterns that take time quadratic in their spaces. Here a head is looked at before h11 sees
it, and the chunks of a body are read in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

import h11

MAX_HEAD = 64 * 1024
MAX_LINE = 32 * 1024  # a question of 2,000 characters, each four bytes and each of those written %XX, takes 24 KB
MAX_FIELDS = 128
FRAMING = 16 * 1024  # what sizes, extensions and trailers may take beside an eighth of the body
_BLANK_LINE = re.compile(rb"\n\r?\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
_TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*\r\n")


class Unreadable(h11.RemoteProtocolError):
    """What is no request that all read alike. The message repeats nothing of it; `error_status_hint` is the status."""


class Connection(h11.Connection):
    """A server's side of a connection, as strict as this module says; `fault` is what ended it."""

    fault: h11.RemoteProtocolError | None = None

    def __init__(self) -> None:
        super().__init__(h11.SERVER, MAX_HEAD)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """See h11's. Raises Unreadable."""
        try:
            if self.their_state is h11.IDLE:
                check_head(self.trailing_data[0])
            event = super().next_event()
        except h11.RemoteProtocolError as fault:
            self.fault = fault
            raise
        if isinstance(event, h11.Request) and any(name == b"transfer-encoding" for name, _ in event.headers):
            self._reader = Chunks()  # h11 has no public way to choose it
        return event


def check_head(received: bytes) -> None:
    """Raises Unreadable where what has arrived of a request's head cannot become one."""
    first, line_ends, _ = received.partition(b"\n")
    if len(first) > MAX_LINE:
        raise Unreadable(f"the first line of the request is over {MAX_LINE // 1024} KiB", 414)
    version = first.rpartition(b" ")[2].removesuffix(b"\r")
    if line_ends and version not in {b"HTTP/1.1", b"HTTP/1.0"}:
        raise Unreadable("this is no request of HTTP/1.1, which is what is spoken here")
    end = _BLANK_LINE.search(received)
    if (end.start() if end else len(received)) > MAX_HEAD:
        raise Unreadable(f"the head of the request is over {MAX_HEAD // 1024} KiB", 431)
    if end is None:
        return
    lines = received[: end.start()].removesuffix(b"\r").split(b"\r\n")
    if len(lines) > MAX_FIELDS + 1:
        raise Unreadable(f"the head of the request has over {MAX_FIELDS} fields", 431)
    if received[: end.end()][-4:] != b"\r\n\r\n" or any(map(_CONTROL.search, lines)):
        raise Unreadable("a line of the head ends in something else than CR LF, or holds a control character")
    _check_fields(lines[1:], version)


def _check_fields(fields: Iterable[bytes], version: bytes) -> None:
    named: dict[bytes, list[bytes]] = {}
    for field in fields:
        name, colon, value = field.partition(b":")
        if not colon or not _NAME.fullmatch(name):
            raise Unreadable("a line of the head is no `name: value`, or goes on from the line before it")
        named.setdefault(name.lower(), []).append(value.strip(b" \t"))
    lengths, encodings = named.get(b"content-length", []), named.get(b"transfer-encoding", [])
    hosts = len(named.get(b"host", []))
    if hosts > 1 or (not hosts and version == b"HTTP/1.1"):
        raise Unreadable(f"the head has {hosts} host fields; send one")
    if lengths and (encodings or len(lengths) > 1 or not lengths[0].isdigit()):
        raise Unreadable("content-length is not one whole number, or stands beside transfer-encoding")
    if encodings and (version == b"HTTP/1.0" or [encoding.lower() for encoding in encodings] != [b"chunked"]):
        raise Unreadable("transfer-encoding is not `chunked` alone, in HTTP/1.1")


class _Buffer(Protocol):
    """What of h11's buffer a reader takes from."""

    def maybe_extract_at_most(self, count: int, /) -> bytearray | None: ...
    def maybe_extract_next_line(self) -> bytearray | None: ...


class Chunks:
    """A reader of chunks for h11: it is called with what has arrived, and gives the next event or None.

    Extensions and trailers are passed over. What waits for the end of its line is bounded by h11, as a head is.
    """

    def __init__(self) -> None:
        self._read = self._framing = self._left = 0
        self._next = self._size

    def __call__(self, buffer: _Buffer) -> h11.Data | h11.EndOfMessage | None:  # noqa: D102
        while self._left == 0:
            line = buffer.maybe_extract_next_line()
            if line is None:
                return None
            self._framing += len(line)
            if self._framing > FRAMING + self._read // 8:
                raise Unreadable("the body's chunks are small, or their extensions and trailers large; send it plainly")
            if self._next(line):
                return h11.EndOfMessage()
        data = buffer.maybe_extract_at_most(self._left)
        if data is None:
            return None
        self._left -= len(data)
        self._read += len(data)
        return h11.Data(data=bytes(data))

    def read_eof(self) -> None:
        """The caller left in the middle."""
        raise Unreadable("the body ended before its last chunk")

    def _size(self, line: bytearray) -> bool:
        found = _SIZE.fullmatch(line)
        if found is None:
            raise Unreadable("a chunk of the body does not begin with its size")
        self._left = int(found[1], 16)
        self._next = self._end if self._left else self._trailer
        return False

    def _end(self, line: bytearray) -> bool:
        if line != b"\r\n":
            raise Unreadable("a chunk of the body is longer than its size")
        self._next = self._size
        return False

    def _trailer(self, line: bytearray) -> bool:
        if line != b"\r\n" and not _TRAILER.fullmatch(line):
            raise Unreadable("a trailer of the body is no `name: value`")
        return line == b"\r\n"
