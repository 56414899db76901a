"""The address of a report as PDF."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from service.answering.asking import unless_left
from service.http import problems
from service.pages import negotiate
from service.pages.downloads import claimed, to_keep
from service.pages.routes import Lang, PageRoute, loaded_reports
from service.paragraphs.citing import title_of
from service.paragraphs.lookup import choose_report
from service.typeset.press import Press

MEDIA_TYPE = "application/pdf"
_ADDRESS = "/reports/{report_id}/report.pdf"
_FILE = {200: {"content": {MEDIA_TYPE: {}}, "description": "The file."}}

typeset = APIRouter(route_class=PageRoute)


@typeset.head(_ADDRESS, include_in_schema=False)
@typeset.get(
    _ADDRESS,
    operation_id="report_as_pdf",
    tags=["reading"],
    response_class=Response,
    responses=_FILE | problems.REFUSALS | problems.OTHERS,
)
async def report_as_pdf(request: Request, report_id: str, lang: Lang = None) -> Response:
    """The whole report in one language as a PDF: its numbers, headings and notes, to be searched and copied from.

    `lang` left out is the language that the caller prefers. A report of over 2,000,000 letters is not set (404).
    """
    report = choose_report(loaded_reports(request), report_id)
    own = report.rendering(lang or negotiate.preferred(request, report.languages))
    press: Press = request.app.state.press
    content = await unless_left(request, press.report(title_of(report, own.language), own, claimed(own)))
    if content is None:
        return Response(status_code=problems.CALLER_LEFT)
    return to_keep(content, f"{report.id}-{own.language}.pdf", MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Add the address to the app."""
    app.state.press = Press()
    app.include_router(typeset)
