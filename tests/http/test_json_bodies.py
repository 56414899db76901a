"""What a body must be before any schema sees it."""

from __future__ import annotations

import pytest

from service.http.guards import Refused, parse


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b"[-Infinity]", "-Infinity is no JSON number"),
        (b"[1e999]", "beyond what a double holds"),
        (b"[" + b"9" * 21 + b"]", "over 20 digits"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'["\\udc00"]', "surrogate"),
        (b"[" * 40 + b"]" * 40, "nesting"),
        (b"\xff", "no UTF-8"),
        (b"{", "no JSON"),
    ],
)
def test_json_that_readers_read_differently_is_refused_before_any_schema(body: bytes, reason: str) -> None:
    """Each fails with its check taken out of `parse`; the schemas behind it would let some of them through."""
    with pytest.raises(Refused, match=reason):
        parse(body)
