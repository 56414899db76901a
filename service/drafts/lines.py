"""What was found in a draft → lines that a terminal, an editor or a commit hook shows.

draft.md:3: altered: “Member Nations are encouraged” (cites 21(k))
    - Member Nations are encouraged
    + Member States are encouraged
1 citation and 1 quotation: 1 supported, 1 altered
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.text import clean
from service.drafts.files import Draft
from service.schemas.drafts import Checked, VerifyResponse, WordChange

_CONTEXT = 4  # words shown on either side of a difference
_SHOWN = 80


def summary(response: VerifyResponse, draft: Draft) -> str:
    """Everything that is wrong, each with its place and the words that differ, and a last line that counts."""
    wrong = (result for result in response.results if result.status != "supported")
    return "\n".join([*(line for result in wrong for line in _problem(result, draft)), _counts(response)])


def _counts(response: VerifyResponse) -> str:
    counts = response.counts
    others = f"; {len(response.left_alone)} of other documents left alone" if response.left_alone else ""
    if not response.results:
        return f"no citation or quotation found{others}"
    kinds = " and ".join(
        f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("citation", "quotation")
    )
    statuses = ("supported", "altered", "not_found", "no_such_paragraph")
    found = ", ".join(f"{counts[status]} {status.replace('_', ' ')}" for status in statuses if counts[status])
    return f"{kinds}: {found}{others}{'; the draft has more than were checked' if response.truncated else ''}"


def _problem(result: Checked, draft: Draft) -> Iterator[str]:
    place = f"{draft.name}:{draft.place(result.start)}"
    text = clean(result.text)
    shown = f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
    cites = f" (cites {', '.join(result.refs[:5])})" if result.kind == "quotation" and result.refs else ""
    note = f": {result.note}" if result.note else ""
    yield f"{place}: {result.status.replace('_', ' ')}: “{shown}”{cites}{note}"
    for given, true in _differences(result.difference):
        yield f"    - {clean(given)}"
        yield f"    + {clean(true)}"


def _differences(changes: Sequence[WordChange]) -> Iterator[tuple[str, str]]:
    """Each difference, given and true, with a few words on either side that tell its place."""
    for number, change in enumerate(changes):
        if change.op == "equal":
            continue
        before = changes[number - 1].true.split()[-_CONTEXT:] if number else []
        after = changes[number + 1].true.split()[:_CONTEXT] if number + 1 < len(changes) else []
        yield (
            " ".join([*before, change.given, *after]),
            " ".join([*before, change.true, *after]),
        )
