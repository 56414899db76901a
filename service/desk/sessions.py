"""Who is signed in to the desk: a cookie that only the browser holds, and a word in each form that only its pages have.

The cookie is `SameSite=Strict` and `HttpOnly`; what it holds is kept here as a digest, so that nothing in memory signs
anybody in. A form without its word is refused: another page of the same site may send one, but cannot read it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

LASTS_S = 8 * 60 * 60
MOST = 100  # the oldest goes when one more signs in


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in; `form` is the word that his forms carry, `until` is on the monotonic clock."""

    form: str
    until: float

    def is_own(self, given: object) -> bool:
        """Whether a form carries this session's word."""
        return isinstance(given, str) and secrets.compare_digest(given.encode(), self.form.encode())


class Sessions:
    """The sessions of one service, which end with it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, Session] = OrderedDict()

    def open(self) -> str:
        """Sign somebody in; returns what his cookie is to hold."""
        cookie = secrets.token_urlsafe(32)
        self._known[_digest(cookie)] = Session(secrets.token_urlsafe(32), self._clock() + LASTS_S)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return cookie

    def get(self, cookie: str) -> Session | None:
        """The session of a cookie, unless it has ended."""
        found = self._known.get(_digest(cookie))
        return found if found is not None and self._clock() < found.until else None

    def close(self, cookie: str) -> None:
        """Sign somebody out."""
        self._known.pop(_digest(cookie), None)


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()
