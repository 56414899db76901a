"""What the command line prints controls no terminal: no word of a report, of a file's name, or given to it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from corpus.records import Paragraph, Rendering, Report, Span, TitleBlock
from corpus.refs import Ref
from service.terminal import plain
from tests.support.server_process import FIQRA

# Moves the cursor, sets the window's title, begins a sequence in one byte, turns text round, deletes.
EVIL = "a\x1b[2J\x1b]0;t\x07\x9b31m\u202ebc\u2066d\x7f\x08\re\u2028f"
CONTROLLING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a report whose every text is evil, as no reading would store it."""
    folder = tmp_path_factory.mktemp("terminal")
    paragraph = Paragraph(Ref(1), EVIL, (EVIL,), Span(0, 1))
    rendering = Rendering("en", True, (TitleBlock("title", EVIL),), (paragraph,), EVIL, "0" * 64, (EVIL,))
    report = folder / "reports" / "evil" / "report.json"
    report.parent.mkdir(parents=True)
    report.write_bytes(TypeAdapter(Report).dump_json(Report("evil", (rendering,), EVIL)))
    return folder


def printed(data_dir: Path, *words: str | bytes) -> tuple[int, str]:
    """The exit code, and all that was written to either stream, as text."""
    environment = {**os.environ, "FIQRA_DATA_DIR": str(data_dir), "PYTHONUTF8": "1"}
    done = subprocess.run([FIQRA, *words], capture_output=True, env=environment, timeout=120, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.mark.process
def test_words_that_would_do_something_are_shown_and_do_nothing(data_dir: Path, tmp_path: Path) -> None:
    """A report with such words, put on the disk past all checks, is set aside; a draft may hold any."""
    code, shown = printed(data_dir, "show", "1", "--report", "evil")
    assert (code, CONTROLLING.search(shown)) == (1, None)
    assert "evil is set aside" in shown
    draft = tmp_path / "draft.md"
    draft.write_text(f"“something that {EVIL} says” [21]", "utf-8")
    code, shown = printed(data_dir, "verify", str(draft))
    assert (code, CONTROLLING.search(shown)) == (1, None)
    assert "something that a" in shown


@pytest.mark.process
def test_json_for_a_terminal_is_the_same_json(data_dir: Path, tmp_path: Path) -> None:
    """A draft's words come back in escapes, and are the draft's words."""
    draft = tmp_path / "a\u202eb.md"
    draft.write_text(f"“something that {EVIL} says” [21]", "utf-8")
    code, shown = printed(data_dir, "verify", str(draft), "--json")
    assert (code, CONTROLLING.search(shown)) == (1, None)
    told, _ = json.JSONDecoder().raw_decode(shown)
    [said] = [each["text"] for each in told["results"] if each["kind"] == "quotation"]
    assert "that a\x1b[2J" in said


@pytest.mark.process
@pytest.mark.parametrize("word", ["\x1b[2J\u202e1", b"\xff\x9b31m"])
def test_no_word_of_the_command_line_comes_back_as_it_is(data_dir: Path, tmp_path: Path, word: str | bytes) -> None:
    """In a reference, an option, the name of a file that is there, of one that is not, and of a report."""
    given = word.encode() if isinstance(word, str) else word
    name = os.fsencode(tmp_path) + b"/" + given + b".md"
    Path(os.fsdecode(name)).write_text("only prose", "utf-8")
    for words in (
        [b"show", given],
        [b"show", b"1", b"--report", given],
        [given],
        [b"verify", name + b"x"],
        [b"verify", name + b"x.md", b"--report", b"evil"],
        [b"ingest", name, b"--id", b"new", b"--dry-run"],
        [b"ingest", name, b"--id", given, b"--dry-run"],
        [b"remove", given],
    ):
        code, shown = printed(data_dir, *words)
        assert CONTROLLING.search(shown) is None, (words, shown)
        assert "Traceback" not in shown, (words, shown)
        assert code in {0, 1, 2}


@given(st.text())
def test_what_is_told_is_plain_and_loses_nothing(text: str) -> None:
    shown = plain(text)
    assert CONTROLLING.search(shown) is None
    assert shown.encode().decode() == shown
    assert plain(shown) == shown
    assert all(c in shown for c in text if c.isalnum())
