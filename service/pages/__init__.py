"""The pages people read: front page, reading page, permalink, look-up, API reference. None needs a script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI

from service.pages import headers, routes
from service.pages.api_reference import Described
from service.pages.downloads import downloads
from service.pages.site import Site
from service.paragraphs.links import below, shared_by

__all__ = ["install"]


def install(app: FastAPI, rooms: Sequence[Path] = ()) -> None:
    """Add the pages to the app, and the headers that each of its responses has. Call it last.

    `rooms` are the folders of other pages that stand in the same frame.
    """
    settings = app.state.fiqra.settings
    app.state.pages = Site(shared_by(settings), below(settings), rooms)
    app.state.api = Described(app.openapi, below(settings))
    app.include_router(downloads)
    app.include_router(routes.pages)
    routes.install_not_found(app)
    headers.install(app)
