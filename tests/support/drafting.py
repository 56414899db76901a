"""Drafts that tests check against the report, and what is said of them."""

from __future__ import annotations

from corpus.refs import parse_ref
from corpus.reports import load_report
from service.drafts.check import verify_draft
from service.schemas.drafts import Checked, VerifyResponse

REPORT = load_report("kyoto-2021-workshop-4")
K_EN = "Member States are encouraged to monitor and understand the risks"
K_AR = "تُشجّع الدول الأعضاء على رصد وفهم المخاطر"


def check(draft: str) -> VerifyResponse:
    """The response; whatever it says, every offset slices back."""
    response = verify_draft(REPORT, draft)
    for result in response.results:
        assert draft[result.start : result.end][:200] == result.text
        if (true := result.true_text) is not None:
            paragraph = REPORT.rendering(true.language).by_ref[parse_ref(true.ref)]
            assert paragraph.text[true.start : true.end] == true.text
            assert f"v={paragraph.text_sha256[:8]}" in true.url
    return response


def quotations(draft: str) -> list[Checked]:
    return [result for result in check(draft).results if result.kind == "quotation"]


def citations(draft: str) -> list[Checked]:
    return [result for result in check(draft).results if result.kind == "citation"]


def quotation(draft: str) -> Checked:
    [result] = quotations(draft)
    return result


def changed(result: Checked) -> list[tuple[str, str, str]]:
    return [(change.op, change.given, change.true) for change in result.difference if change.op != "equal"]
