"""The OpenAPI document as a file: `python -m service.http.routes.openapi` writes it, `make openapi` with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from service.app import build_app
from service.http.work_queue import WorkQueue
from service.settings import Settings
from service.state import State

FILE = Path("docs/openapi.json")


def document(app: FastAPI) -> dict[str, Any]:
    """The document as any JSON reader sees it."""
    found: dict[str, Any] = json.loads(json.dumps(app.openapi()))
    return found


if __name__ == "__main__":
    text = json.dumps(document(build_app(State(Settings(), WorkQueue(1, 1.0)))), ensure_ascii=False, indent=1)
    FILE.write_text(text + "\n", "utf-8")
