"""A paragraph as people and programs paste it: plain text and Markdown."""

from __future__ import annotations

from corpus.records import Rendering, Report
from corpus.refs import Ref
from service.citing import cite
from service.lookup import lead_in, permalink


def as_text(report: Report, rendering: Rendering, ref: Ref, before: str = "") -> str:
    """The words, how to cite them, and the link; `before` stands before its path.

    >>> print(as_text(report, report.rendering("en"), parse_ref("21k"), "https://fiqra.example"))
    The Chair … : Member States are encouraged to …
    <BLANKLINE>
    Report of Committee II: …, para. 21 (k) (unofficial English rendering)
    https://fiqra.example/p/kyoto-2021-workshop-4/21(k)?lang=en&v=1f3a9c02
    """
    return f"{_words(rendering, ref)}\n\n{cite(report, rendering, ref)}\n{_link(report, rendering, ref, before)}\n"


def as_markdown(report: Report, rendering: Rendering, ref: Ref, before: str = "") -> str:
    """The words as a block quote, with the citation as a link below."""
    cited = f"[{cite(report, rendering, ref)}](<{_link(report, rendering, ref, before)}>)"
    return f"> {_words(rendering, ref)}\n>\n> — {cited}\n"


def _words(rendering: Rendering, ref: Ref) -> str:
    """A sub-paragraph's words go on from its paragraph's, so those come first."""
    above = lead_in(rendering, ref)
    text = rendering.by_ref[ref].text
    return f"{above} {text}" if above else text


def _link(report: Report, rendering: Rendering, ref: Ref, before: str) -> str:
    return before + permalink(report, rendering.by_ref[ref], rendering.language)
