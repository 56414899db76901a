"""What tests of the HTTP service share."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.records import Report
from tests.support.services import build


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, report: Report) -> Path:
    """A data folder with an index of word hashes, as `hashed_state` reads it."""
    folder = tmp_path_factory.mktemp("hashed")
    build(folder, report)
    return folder
