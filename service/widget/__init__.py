"""The chat widget, `/widget.js`: modules and a style sheet, served as the one file that a page loads."""

from __future__ import annotations

from fastapi import FastAPI

from service.widget import routes
from service.widget.bundle import bundle

__all__ = ["install"]


def install(app: FastAPI) -> None:
    """Add the widget's address to the app."""
    app.state.widget = routes.Script(bundle())
    app.include_router(routes.widget)
