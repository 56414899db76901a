"""What tests of taking reports in share: a library of two reports, and a watched folder beside an empty one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.durability.library import make_template
from tests.support.watched import Place


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "data"
    make_template(folder)
    return folder


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    """A data folder with the reports `ports` (Arabic, English) and `other`."""
    return Path(shutil.copytree(template, tmp_path / "data"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
