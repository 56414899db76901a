"""The desk at `/admin/reports`: an editor hands documents in, sees what was read of them, and takes them in or not."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from service.desk.access import Desk
from service.desk.routes import BODIES, desk
from service.desk.sessions import Sessions
from service.desk.sheets import Sheets

__all__ = ["BODIES", "ROOM", "install"]

ROOM = Path(__file__).parent
"""Its templates and static files."""


def install(app: FastAPI) -> None:
    """Add the desk to the app."""
    state = app.state.fiqra
    app.state.desk = Desk(state, Sessions(), Sheets(state))
    app.include_router(desk)
