"""Documents that were changed in any way are read or refused: no reader raises anything else.

In this process, so that an error is seen and not turned into a refusal. PDFium, which a file can end, is tried apart.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.documents import DocumentDescription, read_document
from corpus.errors import CorpusError
from corpus.isolated.reading import read_apart
from tests.support.paths import DOCUMENTS
from tests.support.sizes import size

EACH = settings(max_examples=size(80, 1500), deadline=None, suppress_health_check=list(HealthCheck))
PIECES = {
    "txt": "\n¦1. ¦(a) ¦9999. ¦Annex\n¦¹¦[^1]¦____________\n¦\u00ad\n¦\ue000¦\x0c¦٩- ".split("¦"),
    "md": "\n¦# ¦| a | b |\n¦|---|\n¦**¦__¦[a](¦)¦<!-- ¦-->¦[^1]¦\n===\n¦> ¦\\".split("¦"),
    "html": (
        "<p>¦</p>¦<table>¦<tr>¦<td>¦<ol start=9>¦<li value=x>¦<sup><a href=#a>1</a></sup>¦<p id=a>¦<!--¦-->¦<script>¦"
        "</html>¦<a href='¦&#0;¦&notin¦<h1>¦<nav>¦<![CDATA[¦="
    ).split("¦"),
}


@cache
def document(name: str) -> bytes:
    return (DOCUMENTS / name).read_bytes()


def is_read_or_refused(data: bytes, name: str) -> None:
    try:
        found = read_document(data, name, DocumentDescription(None))
    except CorpusError:
        return
    for paragraph in found.rendering.paragraphs:
        places = [*(note.at for note in paragraph.notes), *(c.end for t in paragraph.tables for r in t.rows for c in r)]
        assert all(0 <= place <= len(paragraph.text) for place in places)
        assert 0 <= paragraph.source.start <= paragraph.source.end <= len(found.text)


@pytest.mark.parametrize("kind", sorted(PIECES))
def test_text_with_markup_put_anywhere_is_read_or_refused(kind: str) -> None:
    """Tried by hand: without the end of counting in `Marker.expected`, a number after 9999 raises ValueError."""
    language = st.sampled_from(["en", "ar"])
    puts = st.lists(st.tuples(st.integers(0, 10**5), st.sampled_from(PIECES[kind]) | st.text(max_size=4)), max_size=12)

    @EACH
    @given(language, puts, st.booleans())
    def tried(language: str, puts: list[tuple[int, str]], alone: bool) -> None:
        text = "" if alone else document(f"report.{language}.{kind}").decode()
        for place, piece in puts:
            at = place % (len(text) + 1)
            text = text[:at] + piece + text[at:]
        is_read_or_refused(text.encode("utf-8", "replace"), f"a.{kind}")

    tried()


@EACH
@given(st.data())
def test_a_word_file_with_any_part_changed_is_read_or_refused(data: st.DataObject) -> None:
    """Bytes of one part replaced, or XML put into it; the archive itself is whole.

    Tried by hand: with `DAMAGED` as it was, a footnotes part that is no XML raises XMLSyntaxError.
    """
    with zipfile.ZipFile(io.BytesIO(document("report.en.docx"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    part = parts[name]
    at = data.draw(st.integers(0, len(part)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"<w:p/>", b"<w:tbl/>", b"<w:tr><w:tc/></w:tr>", b'"', b">"])
    )
    parts[name] = part[:at] + put + part[at + cut :]
    if data.draw(st.booleans()):
        del parts[data.draw(st.sampled_from(sorted(parts)))]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    is_read_or_refused(buffer.getvalue(), "a.docx")


@EACH
@given(
    st.binary(max_size=12), st.integers(0, 10**6), st.integers(0, 30), st.sampled_from(["docx", "html", "md", "txt"])
)
def test_any_bytes_in_any_document_are_read_or_refused(put: bytes, at: int, cut: int, kind: str) -> None:
    whole = document(f"report.ar.{kind}")
    at %= len(whole)
    is_read_or_refused(whole[:at] + put + whole[at + cut :], f"a.{kind}")


@settings(max_examples=size(6, 200), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8))
def test_a_pdf_with_bytes_replaced_is_read_or_refused(puts: list[tuple[int, bytes]]) -> None:
    whole = bytearray(document("report.en.pdf"))
    for place, put in puts:
        at = place % (len(whole) - len(put))
        whole[at : at + len(put)] = put
    try:
        anyio.run(read_apart, bytes(whole), "a.pdf", DocumentDescription("en"))
    except CorpusError as error:
        assert "unforeseen" not in str(error)  # noqa: PT017 - it may be read as well
