"""Small files after public reports of what readers of documents get wrong; `cases/expected.txt` says what each gives.

In it, a file's name begins a block; then its title, its closing lines, each paragraph with its headings and its notes,
the kinds of what is listed, and what was left out, word for word. "refused" is the reason.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.documents import DocumentDescription, ReadDocument, read_document
from corpus.errors import CorpusError, NumberingError
from corpus.exchange import akn, jsonl
from corpus.records import CLOSING, Report
from tests.support.paths import DOCUMENTS

CASES = DOCUMENTS / "cases"


def expected() -> dict[str, list[str]]:
    """What each file gives, a line each, in the words of `as_lines`."""
    blocks = (CASES / "expected.txt").read_text("utf-8").strip().split("\n\n")
    return {name.removeprefix("# "): lines for name, *lines in map(str.splitlines, blocks)}


EXPECTED = expected()


def read(path: Path, *, strict: bool = False) -> ReadDocument:
    return read_document(path.read_bytes(), path.name, DocumentDescription(None), strict=strict)


def as_lines(path: Path) -> list[str]:
    """What a file gives, as `expected.txt` writes it."""
    try:
        found = read(path)
    except CorpusError as error:
        return [f"refused | {str(error).split(': ', 1)[1].split(';')[0]}"]
    lines = [f"title | {found.rendering.title()}"]
    lines += [f"closing | {block.text}" for block in found.rendering.front_matter if block.role == CLOSING]
    for paragraph in found.rendering.paragraphs:
        heading = f"{' / '.join(paragraph.heading)} | " if paragraph.heading else ""
        notes = "".join(f" [note at {note.at}: {note.text}]" for note in paragraph.notes)
        lines.append(f"{paragraph.ref} | {heading}{paragraph.text}{notes}")
    if kinds := [finding.kind for finding in found.reading.findings]:
        lines.append(f"findings | {', '.join(kinds)}")
    return lines + [f"left out | {what}" for what in found.reading.left_out]


def test_every_file_has_its_expectation() -> None:
    assert {path.name for path in CASES.iterdir()} - {"expected.txt"} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_case_is_read_as_it_should_be(name: str) -> None:
    """Of these, the readers before them read six right."""
    assert as_lines(CASES / name) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_strict_takes_a_case_only_where_nothing_is_listed(name: str) -> None:
    listed = any(line.startswith(("findings", "refused")) for line in EXPECTED[name])
    if listed:
        with pytest.raises(NumberingError):
            read(CASES / name, strict=True)
    else:
        assert read(CASES / name, strict=True).reading.findings == ()


@pytest.mark.parametrize(
    "path", [*sorted(CASES.iterdir()), *sorted(DOCUMENTS.glob("report.*"))], ids=lambda path: path.name
)
def test_what_is_read_goes_out_and_comes_back_the_same(path: Path) -> None:
    if path.name == "expected.txt" or EXPECTED.get(path.name, [""])[0].startswith("refused"):
        pytest.skip("no report comes of it")
    found = read(path)
    report = Report("a-case", (found.rendering,), found.symbol, found.year)
    assert jsonl.read("\n".join(jsonl.write(report)).encode(), "a.jsonl") == report
    back = akn.read(akn.write(report, report.languages[0]), "a.xml")
    assert back == replace(report, renderings=back.renderings)
    assert back.renderings == report.renderings
