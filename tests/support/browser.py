"""A real Chromium and a real server, for the tests that look at pages.

Debian's `chromium` drives Playwright for Python; nothing is downloaded. Without one these tests skip and say so,
but on a build machine (CI=true) they fail.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(os.environ.get("FIQRA_DATA_DIR", "var")).absolute() / "pictures"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def find_chromium() -> str:
    """The path of a Chromium. Skips the test where there is none, or fails it on a build machine."""
    if found := next(filter(None, map(shutil.which, _NAMES)), None):
        return found
    reason = f"no Chromium: none of {', '.join(_NAMES)} is installed (Debian: apt-get install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def launched() -> Iterator[Browser]:
    """A Chromium without a window and without calls of its own."""
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The app behind a real server on the loopback, on a free port where none is named: its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                pytest.fail("the server did not start")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page: `color-contrast: .status, .number`."""
    page.evaluate(_AXE)
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", _AXE_OPTIONS)
    return [
        f"{violation['id']}: {', '.join(str(node['target'][0]) for node in violation['nodes'][:5])}"
        for violation in result["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
