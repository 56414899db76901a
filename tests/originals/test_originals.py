"""The original over HTTP: a paragraph on its printed page, its words in boxes; the document where it may be had."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.errors import Overloaded
from corpus.isolated.reading import picture_apart
from corpus.records import LANGUAGES, Original, Report
from corpus.reports import BUNDLED, load_reports
from index.disk.shelf import BOXES
from service.app import build_app
from service.desk.wording import DESK
from service.originals import pictures
from service.originals.pictures import Pictures
from service.originals.wording import ORIGINALS
from service.pages.site import CONTENT_SECURITY_POLICY
from service.paragraphs.original import IN_ORIGINAL, THE_DOCUMENT
from service.reports.reading_room import Turns
from tests.ingest.test_uploads import SHORT, TOKEN, finished, send, state_on
from tests.support.html_pages import BROWSER, Tree
from tests.support.paths import DOCUMENTS
from tests.support.services import LOCAL

PDFS = [(f"report.{language}.pdf", (DOCUMENTS / f"report.{language}.pdf").read_bytes()) for language in LANGUAGES]
RECT = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/>')


def opened(folder: Path) -> TestClient:
    state = state_on(folder, admin_token="a-token-of-the-tests")
    return TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False, headers=BROWSER)


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a report that is offered, one that is not, and a text file."""
    folder = tmp_path_factory.mktemp("taken-in")
    with opened(folder) as client:
        word = ("report.en.docx", (DOCUMENTS / "report.en.docx").read_bytes())
        finished(client, send(client, *PDFS, id="offered", offer_original="true"))
        finished(client, send(client, PDFS[1], id="shown"))
        finished(client, send(client, word, id="word", offer_original="true"))
        finished(client, send(client, SHORT, id="ports"))
    return folder


@pytest.fixture
def folder(tmp_path: Path, taken_in: Path) -> Path:
    """A copy of it, to be spoilt."""
    shutil.copytree(taken_in, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def client(taken_in: Path) -> Iterator[TestClient]:
    with opened(taken_in) as client:
        yield client


def boxes(page: Any) -> list[tuple[float, ...]]:
    assert page.status_code == 200, page.text
    return [tuple(map(float, found)) for found in RECT.findall(page.text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_quoted_words_are_boxed_on_their_page(client: TestClient, language: str) -> None:
    paragraph = client.get(f"/v1/reports/offered/paragraphs/2?lang={language}&format=json").json()["paragraphs"][0]
    assert paragraph["original"] == f"/original/offered/2?lang={language}"
    whole, quoted = client.get(paragraph["original"]), client.get(f"{paragraph['original']}&start=0&end=10")
    strip, in_full = boxes(whole)[0], boxes(quoted)[0]
    assert in_full[2] < strip[2] / 2
    assert (strip[1], strip[3]) == (in_full[1], in_full[3])
    right_end = in_full[0] + in_full[2], strip[0] + strip[2]
    assert (right_end[0] == right_end[1]) == (language == "ar")
    words = ORIGINALS["ar" if language == "ar" else "en"]
    [label, _] = [svg["aria-label"] for svg in Tree(quoted.text).all("svg", role="img")]
    assert label == words.boxed.format(page="1", words=paragraph["text"][:10])
    assert quoted.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_pages_and_answers_lead_there(client: TestClient) -> None:
    for path in ("/p/offered/2?lang=ar", "/reports/offered?lang=ar"):
        page = client.get(path).text
        assert 'href="/original/offered/2?lang=ar"' in page
        assert 'href="/original/offered/2?lang=en"' in page
    quoting = client.get("/p/offered/2?lang=en&start=0&end=9").text
    assert 'href="/original/offered/2?lang=en&amp;start=0&amp;end=9"' in quoting
    assert THE_DOCUMENT["en"].format(language="Arabic") in client.get("/reports/offered?lang=en").text
    asked = {"question": "What does paragraph 2 say?", "report": "offered"}
    citation = client.post("/v1/ask", json=asked).json()["citations"][0]
    start, end = citation["start"], citation["end"]
    assert citation["original"] == f"/original/offered/2?lang=en&start={start}&end={end}"
    front = client.get("/", params={"q": asked["question"], "report": "offered", "lang": "en"}).text
    assert IN_ORIGINAL["en"] in front


def test_other_ways_to_write_a_number_lead_to_the_page_of_it(client: TestClient) -> None:
    answer = client.get("/original/offered/٢?lang=ar&start=0&end=5", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/original/offered/2?lang=ar&start=0&end=5")


def test_a_picture_is_the_page_and_is_drawn_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waited for the same picture looks again before drawing it."""
    drawn = []
    draw = picture_apart

    async def counted(*args: Any, **kwargs: Any) -> bytes:
        drawn.append(args)
        return await draw(*args, **kwargs)

    monkeypatch.setattr(pictures, "picture_apart", counted)
    path = re.search(r'<image href="([^"]+)"', client.get("/original/shown/2?lang=en").text)
    assert path is not None
    answer = client.get(path[1])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.content[:4] == b"\x89PNG"
    assert client.get(path[1].partition("?")[0]).headers["cache-control"] == "public, max-age=60"
    assert len(drawn) == 1

    async def at_once() -> list[bytes]:
        own = Pictures()
        return await asyncio.gather(*(own.get(drawn[0][0], 1) for _ in range(4)))

    assert set(asyncio.run(at_once())) == {answer.content}
    assert len(drawn) == 2
    for page in ("0", "-1", "4", "99999999999999999999"):
        assert client.get(f"/pictures/shown/en/{page}").status_code in {404, 422}


def test_pictures_that_are_kept_take_no_more_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at longest ago goes first."""
    drawn = []

    async def blank(document: Path, name: str, page: int, **_: object) -> bytes:
        drawn.append(page)
        return bytes(400)

    monkeypatch.setattr(pictures, "picture_apart", blank)

    async def look() -> None:
        own = Pictures(kept=1_000)
        for page in (1, 2, 1, 3, 1, 2):  # 2 goes for 3, since 1 was looked at after it
            await own.get(Path("a.pdf"), page)

    asyncio.run(look())
    assert drawn == [1, 2, 3, 2]


def test_who_waits_too_long_for_a_picture_is_told_so() -> None:
    async def wait() -> None:
        own = Pictures()
        own._turns = Turns("pictures of pages", 1, 0.05)
        async with own._turns.next():
            await own.get(Path("a.pdf"), 1)

    with pytest.raises(Overloaded, match="pictures of pages waited over"):
        asyncio.run(wait())


def test_the_document_is_offered_where_its_editor_says_so_and_never_shown_in_place(client: TestClient) -> None:
    """The pages of the other are shown, and it is not to be had."""
    answer = client.get("/documents/offered/ar")
    assert (answer.status_code, answer.content) == (200, PDFS[0][1])
    assert answer.headers["content-disposition"] == 'attachment; filename="report.ar.pdf"'
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.head("/documents/offered/ar").headers["content-length"] == str(len(PDFS[0][1]))
    assert client.get("/documents/word/en").headers["content-disposition"].startswith("attachment")
    for path in ("/documents/shown/en", "/documents/offered/fr", "/documents/ports/en", "/documents/word/ar"):
        assert client.get(path).status_code in {404, 422}, path
    assert "/documents/" not in client.get("/reports/shown").text + client.get("/original/shown/2").text
    listed = client.get("/v1/reports/offered").json()["renderings"][0]
    assert listed["original"] == {"pages": 3, "document": "/documents/offered/ar"}
    assert client.get("/v1/reports/shown").json()["renderings"][0]["original"] == {"pages": 3, "document": None}


def test_a_word_file_is_offered_and_has_no_pages_to_show(client: TestClient) -> None:
    page = client.get("/original/word/2?lang=en").text
    assert ORIGINALS["en"].not_printed in page
    assert 'href="/documents/word/en"' in page
    assert "<svg" not in page
    assert client.get("/pictures/word/en/1").status_code == 404


def test_a_report_without_an_original_is_as_it_was(client: TestClient) -> None:
    for report in ("ports", "kyoto-2021-workshop-4"):
        assert client.get(f"/v1/reports/{report}/paragraphs/1?format=json").json()["paragraphs"][0]["original"] is None
        assert all(each["original"] is None for each in client.get(f"/v1/reports/{report}").json()["renderings"])
        pages = client.get(f"/p/{report}/1").text + client.get(f"/reports/{report}").text
        assert "/original/" not in pages
        assert client.get(f"/original/{report}/1").status_code == 404
        assert client.get(f"/pictures/{report}/ar/1").status_code in {404, 422}


def versions(folder: Path, report: str) -> Path:
    [version] = (folder / "reports" / report).iterdir()
    return version


def test_what_was_changed_on_the_disk_is_not_served(folder: Path) -> None:
    """Also where it was right before."""
    version = versions(folder, "offered")
    document = next(version.glob("ar-*.pdf"))
    with opened(folder) as client:
        assert client.get("/documents/offered/ar").status_code == 200
        document.write_bytes(document.read_bytes()[:-1] + b"!")
        assert client.get("/documents/offered/ar").status_code == 404
        assert client.get("/original/offered/2?lang=ar").status_code == 404
        places = next(version.glob(f"en-*{BOXES}"))
        places.write_text(places.read_text().replace('"page":1', '"page":2'))
        page = client.get("/original/offered/2?lang=en").text
        assert ORIGINALS["en"].not_placed in page
        assert "<svg" not in page
        (folder / "reports" / "word").rename(folder / "elsewhere")
        assert client.get("/documents/word/en").status_code == 404


def test_it_goes_with_its_document_and_stays_with_an_export(folder: Path) -> None:
    """In another library, or under another id, an export has no document."""
    with opened(folder) as client:
        assert client.post("/admin/sign-in", data={"token": "a-token-of-the-tests"}).status_code == 200
        exported = client.get("/admin/reports/export/offered?form=jsonl").content
        finished(client, send(client, ("offered.jsonl", exported), id="offered"))
        assert boxes(client.get("/original/offered/2?lang=ar"))
        assert client.get("/documents/offered/en").status_code == 200
        finished(client, send(client, ("offered.jsonl", exported), id="copy"))
        assert client.get("/original/copy/2?lang=ar").status_code == 404
        word = ("report.en.docx", (DOCUMENTS / "report.en.docx").read_bytes())
        finished(client, send(client, word, id="offered"))
        assert client.get("/original/offered/2?lang=en").status_code == 404
        assert boxes(client.get("/original/offered/2?lang=ar"))
        finished(client, client.delete("/v1/reports/offered", headers=TOKEN))
        assert client.get("/original/offered/2?lang=ar").status_code == 404


STAMPED = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots [4 0 R]>> endobj
4 0 obj <</Type /Annot /Subtype /Stamp /Rect [0 0 100 200] /AP <</N 5 0 R>>>> endobj
5 0 obj <</Type /XObject /Subtype /Form /BBox [0 0 100 200] /Length 16>> stream
0 0 100 200 re f
endstream endobj
trailer <</Root 1 0 R>>
"""


def test_what_people_laid_over_a_page_is_not_shown_to_readers(tmp_path: Path) -> None:
    """Comments and stamps are for the editor, who sees them on the desk."""
    (tmp_path / "stamped.pdf").write_bytes(STAMPED)
    (tmp_path / "plain.pdf").write_bytes(STAMPED.replace(b"/Annots [4 0 R]", b""))

    async def drawn(name: str, *, notes: bool) -> bytes:
        return await picture_apart(tmp_path / name, name, 1, notes=notes)

    plain = asyncio.run(drawn("plain.pdf", notes=False))
    assert asyncio.run(drawn("stamped.pdf", notes=False)) == plain
    assert asyncio.run(drawn("stamped.pdf", notes=True)) != plain


def test_the_desk_has_a_tick_for_it(client: TestClient) -> None:
    assert client.post("/admin/sign-in", data={"token": "a-token-of-the-tests"}).status_code == 200
    tick = 'id="offer_original" name="offer_original" type="checkbox" value="true"'
    assert tick in client.get("/admin/reports?lang=ar").text
    assert DESK["ar"].offer_original in client.get("/admin/reports?lang=ar").text


def test_what_earlier_reports_lack_is_nothing() -> None:
    """A stored report without the field is read as one that has nothing to look at."""
    report: Report = load_reports(BUNDLED)[0]
    assert {rendering.original for rendering in report.renderings} == {None}
    assert Original() == Original(0, offered=False)
