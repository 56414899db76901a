"""The original: a paragraph shown on the printed page that it was read from, and the document where it may be had."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from service.originals.kept import Originals
from service.originals.pictures import Pictures
from service.originals.routes import originals

__all__ = ["ROOM", "install"]

ROOM = Path(__file__).parent
"""Its templates and static files."""


def install(app: FastAPI) -> None:
    """Add the pages to the app."""
    app.state.originals = Originals(app.state.fiqra.settings.library())
    app.state.pictures = Pictures()
    app.include_router(originals)
