"""The desk at `/admin/reports`: who may come, what is shown of a document, and what becomes of it."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from fastapi.testclient import TestClient

from corpus.layout.told import Told
from corpus.records import LANGUAGES
from index.disk import durable, shared_folders
from service.app import build_app
from service.desk.access import COOKIE, PATH, POLICY
from service.desk.routes import BODIES
from service.desk.sessions import LASTS_S, MOST, Sessions
from service.desk.wording import DESK
from service.reports import queue
from service.reports.ingest import Upload, Wanted
from service.reports.tray import Tray
from tests.ingest.test_uploads import SHORT, ids, state_on
from tests.support.asgi import addresses
from tests.support.html_pages import BROWSER, Tree
from tests.support.paths import DOCUMENTS
from tests.support.services import LOCAL

TOKEN = "a-token-of-the-tests"
FINDINGS = (
    b"Report on ports\n\nI. Deliberations\n\n1. Tugboats pull barges.\n\n2. Cranes lift crates.\n\nA loose line "
    b"without a number.\n\n4. Divers dive.\n1. A quoted list.\n\n5. The end.\n"
)
LEFT_OUT = (
    "<html lang='ar'><body><nav>الرئيسية</nav><h1>تقرير عن المرافئ</h1><h2>أولا- الملاحة</h2><p>1- تجر القاطرات الصنادل"
    "<span hidden>ليلا</span>.</p><p>2- ترفع الرافعات <s>بعض</s> الصناديق <img alt='رافعة'>.</p>"
    "<p>سطر بلا رقم ينتهي بنقطة، وهو يستمر طويلا جدا حتى لا يبدو عنوانا من العناوين التي تعلو الفقرات.</p>"
    "<p>3- وبعد.</p></body></html>"
)
SCRIPT = b"Report\n\n1. One <script>alert(1)</script> & <img src=x onerror=alert(2)>.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index, to be copied."""
    folder = tmp_path_factory.mktemp("built")
    state_on(folder)
    return folder


@pytest.fixture
def tmp_path(tmp_path: Path, built: Path) -> Path:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A browser that nobody has signed in with, at a service that has a token."""
    state = state_on(tmp_path, admin_token=TOKEN)
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False, headers=BROWSER) as opened:
        yield opened


@pytest.fixture
def editor(client: TestClient) -> TestClient:
    """One that somebody has signed in with."""
    assert client.post("/admin/sign-in", data={"token": TOKEN}).status_code == 200
    return client


def form_of(client: TestClient, path: str = PATH) -> str:
    """The word that the forms of a page carry."""
    found = re.search(r'name="form" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def hand_in(client: TestClient, *files: tuple[str, bytes], **fields: str) -> Any:
    """What is shown after the form with documents was sent."""
    data = {"form": form_of(client), "id": "ports", "title": "", "lang": "", **fields}
    return client.post(PATH, data=data, files=[("file", file) for file in files])


def send(client: TestClient, action: str, **fields: str) -> Any:
    return client.post(f"{PATH}/{action}", data={"form": form_of(client), **fields})


def entry_of(page: Any) -> str:
    return str(page.url.path.rpartition("/")[2])


def ended(client: TestClient, page: Any) -> Any:
    """The page of a job, once it has ended."""
    for _ in range(600):
        if "refresh" not in page.headers:
            return page
        time.sleep(0.1)
        page = client.get(page.url)
    pytest.fail("the job did not end within a minute")


def test_nobody_comes_in_without_signing_in(client: TestClient) -> None:
    """Walks the app's routes, so that one added later cannot forget it."""
    own = [a for a in addresses(client.app) if a.path.startswith("/admin") and a.path != "/admin/sign-in"]  # type: ignore[arg-type]
    assert len(own) > 8
    for address in own:
        path = re.sub(r"\{.*?\}", "1", address.path)
        for method in address.methods - {"HEAD"}:
            page = client.request(method, path)
            assert (page.status_code, page.headers["www-authenticate"]) == (401, 'Bearer realm="fiqra"'), path
            assert 'type="password"' in page.text, path
            problem = client.request(method, path, headers={"accept": "application/json"})
            assert problem.json()["status"] == 401, path
            page = client.request(method, path, headers={"authorization": f"Bearer {TOKEN}", "cookie": f"{COOKIE}=x"})
            assert page.status_code == 401, path
    assert {address.path for address in own if "POST" in address.methods} | {"/admin/sign-in"} == BODIES.keys()


def test_the_desk_is_off_without_a_token(tmp_path: Path) -> None:
    with TestClient(build_app(state_on(tmp_path)), base_url=LOCAL, headers=BROWSER) as client:
        for page in (client.get(PATH), client.post("/admin/sign-in", data={"token": ""})):
            assert page.status_code == 403
            assert "FIQRA_ADMIN_TOKEN" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_takes_the_token_and_gives_a_strict_cookie(client: TestClient, language: str) -> None:
    words = DESK["ar" if language == "ar" else "en"]
    page = client.post(f"/admin/sign-in?lang={language}", data={"token": "another-token-of-16"})
    assert (page.status_code, COOKIE in client.cookies) == (401, False)
    assert words.wrong_token in page.text
    to = f"/admin/sign-in?lang={language}&to=//example.org/"
    page = client.post(to, data={"token": TOKEN}, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, f"{PATH}?lang={language}")
    cookie = page.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/admin", f"Max-Age={LASTS_S}"} <= set(cookie.split("; "))
    assert TOKEN not in cookie
    page = client.get(f"{PATH}?lang={language}")
    assert (page.status_code, words.title in page.text) == (200, True)
    assert (page.headers["cache-control"], page.headers["content-security-policy"]) == ("no-store", POLICY)
    assert TOKEN not in page.text


def test_who_signs_out_has_to_sign_in_again(editor: TestClient) -> None:
    cookie = editor.cookies[COOKIE]
    assert editor.post("/admin/sign-out", data={"form": form_of(editor)}).status_code == 401
    assert editor.get(PATH, headers={"cookie": f"{COOKIE}={cookie}"}).status_code == 401


def test_sessions_end_by_themselves_and_are_bounded() -> None:
    now = 0.0
    sessions = Sessions(lambda: now)
    first = sessions.open()
    assert sessions.get(first) is not None
    now = LASTS_S + 1.0
    assert sessions.get(first) is None
    cookies = [sessions.open() for _ in range(MOST + 1)]
    assert [sessions.get(cookie) is None for cookie in cookies[:2]] == [True, False]


def test_findings_are_in_the_language_of_the_page(editor: TestClient) -> None:
    page = hand_in(editor, ("a.txt", FINDINGS))
    path = page.url.path
    said = {language: Tree(editor.get(f"{path}?lang={language}").text).text for language in LANGUAGES}
    assert "where 3 was expected" in said["en"]
    assert "وكان المتوقع ورود الفقرة 3" in said["ar"]
    assert "was expected" not in said["ar"]


def test_an_arabic_page_tells_what_is_left_out_and_what_differs_in_arabic(editor: TestClient) -> None:
    """Tried by hand: with `left_out`, or the differences' English, on the page, both are found."""
    page = hand_in(editor, ("a.ar.html", LEFT_OUT.encode()), ("b.en.txt", SHORT[1]), lang="")
    path = page.url.path
    english = Tree(editor.get(f"{path}?lang=en").text).text
    for said in ("hidden text, at line", "text that is struck out, at line", "navigation: “", "pictures: “"):
        assert said in english
    for said in ("paragraph 3 is in ar (a.ar.html) and not in en (b.en.txt)", "1 headings in ar (a.ar.html), 0 in en"):
        assert said in english
    shown = lxml.html.document_fromstring(editor.get(f"{path}?lang=ar").text)
    for said in ("نص مخفي، في السطر", "نص مشطوب، في السطر", "روابط للتصفح: “", "الفقرة 3 واردة في النص العربي"):
        assert said in shown.text_content()
    for foreign in shown.xpath("//*[@lang='en'] | //pre | //script | //style"):
        foreign.drop_tree()
    assert re.findall(r"[A-Za-z]{2,} [A-Za-z]{2,}", " ".join(shown.text_content().split())) == []


def test_a_form_of_another_site_or_of_another_sign_in_is_refused(editor: TestClient) -> None:
    word = form_of(editor)
    for given, headers in (("", {}), (word, {"sec-fetch-site": "cross-site"}), (word, {"sec-fetch-site": "same-site"})):
        page = editor.post(PATH, data={"form": given, "id": "ports"}, files=[("file", SHORT)], headers=headers)
        assert page.status_code == 403
        for action in ("accept", "discard", "remove"):
            assert editor.post(f"{PATH}/{action}", data={"form": given}, headers=headers).status_code == 403
    assert DESK["en"].nothing_waiting in editor.get(f"{PATH}?lang=en").text


def test_a_report_is_looked_at_taken_in_exported_and_removed(editor: TestClient) -> None:
    """The account is that of `fiqra ingest --dry-run`: the same plan, of the same reading."""
    files = [
        (f"report.{language}.docx", (DOCUMENTS / f"report.{language}.docx").read_bytes()) for language in LANGUAGES
    ]
    page = hand_in(editor, *files, id="harbours", official="true")
    assert page.status_code == 200
    assert ids(editor) == ["kyoto-2021-workshop-4"]  # nothing is taken in by looking
    assert "A fund for small ports." in page.text
    assert "صندوق للمرافئ الصغيرة" in page.text
    assert "&lt;w:t&gt;" in page.text  # what Word has of it
    page = ended(editor, send(editor, "accept", entry=entry_of(page)))
    assert "/reports/harbours" in page.text
    assert ids(editor) == ["kyoto-2021-workshop-4", "harbours"]
    overview = editor.get(f"{PATH}?lang=en").text
    assert DESK["en"].nothing_waiting in overview
    for form in ("jsonl", "tmx", "akn&text=en"):
        export = editor.get(f"{PATH}/export/harbours?form={form}")
        assert export.headers["content-disposition"].startswith('attachment; filename="harbours')
        assert b"A fund for small ports." in export.content
    ended(editor, send(editor, "remove", report="harbours"))
    assert ids(editor) == ["kyoto-2021-workshop-4"]
    assert send(editor, "remove", report="harbours").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_look_at_is_shown_at_its_place_with_what_to_do(editor: TestClient, language: str) -> None:
    words = DESK["ar" if language == "ar" else "en"]
    page = editor.get(f"{hand_in(editor, ('a.txt', FINDINGS)).url.path}?lang={language}").text
    rows = {id_: row for row in page.split("<article ")[1:] if (id_ := row.split('id="')[1].split('"')[0])}
    assert list(rows) == ["front", "para_1", "para_2", "para_4", "para_5"]
    shown = {
        id_: [k for k in words.finding_titles if f"<strong>{words.finding_titles[k]}" in r] for id_, r in rows.items()
    }
    assert shown == {"front": [], "para_1": [], "para_2": ["joined"], "para_4": ["gap", "repeat"], "para_5": []}
    assert words.finding_advice["joined"] in rows["para_2"]
    assert rows["para_2"].count("<mark>A loose line without a number.</mark>") == 2  # as read, and in the file
    assert "<mark>" not in rows["para_1"]
    assert f'#para_4">{words.at_line.format(line=11)}</a>' in page


def test_a_page_of_a_pdf_is_shown_beside_what_was_read_of_it(editor: TestClient) -> None:
    page = hand_in(editor, ("report.ar.pdf", (DOCUMENTS / "report.ar.pdf").read_bytes()))
    picture = re.search(r'<image href="([^"]+)" width="595.0" height="841.9"', page.text)
    assert picture is not None
    shown = editor.get(picture[1])
    assert (shown.headers["content-type"], shown.headers["cache-control"]) == ("image/png", "private, max-age=600")
    assert shown.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert editor.get(picture[1].replace("/1", "/99")).status_code == 422
    assert editor.get(re.sub(r"/0/1$", "/7/1", picture[1])).status_code == 404


def test_what_a_document_says_is_only_text(editor: TestClient) -> None:
    page = hand_in(editor, ("<b>.txt", SCRIPT))
    assert page.status_code == 200
    tree = Tree(page.text)
    assert not any(tag == "img" or name.startswith("on") for tag, attributes in tree.tags for name in attributes)
    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" in unescape(page.text)


def test_a_document_that_cannot_be_read_says_why_and_a_mended_one_takes_its_place(editor: TestClient) -> None:
    refused = hand_in(editor, ("a.txt", b"no numbers at all"))
    assert refused.status_code == 422
    said = {language: editor.get(f"{refused.url.path}?lang={language}").text for language in LANGUAGES}
    assert "no numbered paragraph found" in unescape(said["en"])
    assert "لم يُعثر على أي فقرة مرقّمة" in said["ar"]
    assert "no numbered" not in said["ar"]
    assert 'value="ports"' in refused.text
    mended = hand_in(editor, SHORT, instead=entry_of(refused))
    assert mended.status_code == 200
    assert editor.get(refused.url.path).status_code == 404
    assert editor.get(mended.url.path).status_code == 200


def test_languages_that_differ_are_taken_in_by_who_says_so(editor: TestClient) -> None:
    arabic = "تقرير\n\n1- تجر القاطرات الصنادل.\n2- ترفع الرافعات الصناديق.\n3- وبعد.\n".encode()
    page = hand_in(editor, SHORT, ("a.ar.txt", arabic))
    assert DESK["en"].differences in page.text or DESK["ar"].differences in page.text
    assert 'name="force"' in page.text
    refused = {language: send(editor, f"accept?lang={language}", entry=entry_of(page)) for language in LANGUAGES}
    assert [each.status_code for each in refused.values()] == [409, 409]
    assert "do not have the same structure (1 difference: paragraph 3 is in ar" in refused["en"].text
    assert '<p lang="ar" dir="rtl">ports: بنية النصين غير متطابقة (اختلاف واحد: الفقرة 3 واردة' in refused["ar"].text
    assert ended(editor, send(editor, "accept", entry=entry_of(page), force="true")).status_code == 200
    assert "ports" in ids(editor)


@pytest.mark.parametrize("fields", [{"id": "../x"}, {"id": "kyoto-2021-workshop-4"}, {"year": "x"}, {"other": "1"}])
def test_a_form_that_does_not_fit_is_a_page_that_says_why(editor: TestClient, fields: dict[str, str]) -> None:
    page = hand_in(editor, SHORT, **fields)
    assert page.status_code == 422
    assert page.headers["content-type"].startswith("text/html")
    assert editor.get(f"{PATH}/waiting/{'0' * 32}").status_code == 404
    assert editor.get(f"{PATH}/jobs/none").status_code == 404


def test_what_a_program_sets_aside_waits_with_the_reason(editor: TestClient, tmp_path: Path) -> None:
    """The tray is a folder: another process puts documents there, and this service shows them."""
    tray = Tray(tmp_path / "tray")
    why = Told("3 things to look at", "ملاحظات عددها 3")
    entry = tray.put([Upload("a.txt", FINDINGS)], Wanted("ports"), why)
    for language, said, other in (("en", why.en, why.ar), ("ar", why.ar, why.en)):
        for path in (PATH, f"{PATH}/waiting/{entry}"):
            page = editor.get(path, params={"lang": language})
            assert (page.status_code, said in page.text, other in page.text) == (200, True, False)
    (tmp_path / "tray" / entry / "0").write_bytes(b"1. Another.\n")  # by somebody's hand
    fresh = tray.put([Upload("b.txt", SHORT[1])], Wanted("more"))
    (tmp_path / "tray" / fresh / "0").write_bytes(b"1. Another.\n")
    assert editor.get(f"{PATH}/waiting/{fresh}").status_code == 404


def test_what_a_watched_folder_has_set_aside_waits_here_too(editor: TestClient, tmp_path: Path) -> None:
    """With its account and the command; what was taken in does not."""
    command = "fiqra ingest /srv/<in>/cranes.txt --id cranes"
    aside = queue.Entry("cranes", "aside", {}, why="3 is missing", why_ar="سقطت 3", lines="  2 lines", command=command)
    entries = {"cranes": aside, "boats": queue.Entry("boats", "taken", {})}
    where = queue.place(tmp_path, Path("/srv/<in>"))
    where.mkdir(parents=True)
    queue.write(where, queue.Queue("/srv/<in>", entries))
    page = editor.get(f"{PATH}?lang=en").text
    for shown in ("cranes", "3 is missing", "  2 lines", "/srv/&lt;in&gt;/cranes.txt --id cranes"):
        assert shown in page
    assert "boats" not in page
    arabic = editor.get(f"{PATH}?lang=ar").text
    assert ("سقطت 3" in arabic, "3 is missing" in arabic) == (True, False)


def test_what_an_earlier_fiqra_set_aside_is_still_read_and_shown(editor: TestClient, tmp_path: Path) -> None:
    """It wrote down why in English alone; the Arabic page shows that, marked as English."""
    where = queue.place(tmp_path, Path("/srv/in"))
    where.mkdir(parents=True)
    seen = {"cranes.txt": {"stamp": {"size": 9, "modified_ns": 9}, "language": None, "sha256": ""}}
    kept = {"report": "cranes", "standing": "aside", "documents": seen, "since": "2026-11-27T22:10:00+00:00"}
    entry = {**kept, "why": "3 is missing", "account": None, "lines": None, "command": None}
    (where / queue.FILE).write_text(json.dumps({"folder": "/srv/in", "entries": {"cranes": entry}}))
    with durable.staged_folder(tmp_path / "tray") as partial:
        note = {"wanted": {"id": "ports"}, "files": [{"name": "a.txt", "language": None}], "why": "4 is missing"}
        (partial / "waiting.json").write_text(json.dumps({**note, "since": "2026-11-27T22:10:00Z"}))
        (partial / "0").write_bytes(FINDINGS)
        shared_folders.put(partial, tmp_path / "tray")
    for language in ("en", "ar"):
        page = editor.get(PATH, params={"lang": language}).text
        for why in ("3 is missing", "4 is missing"):
            assert f'<span lang="en" dir="ltr">{why}</span>' in page


def test_the_tray_refuses_more_than_anybody_looks_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.reports.tray.MOST", 1)
    tray = Tray(tmp_path / "tray")
    entry = tray.put([Upload("a.txt", b"1. One.")], Wanted("ports"))
    with pytest.raises(Exception, match="wait to be looked at already"):
        tray.put([Upload("b.txt", b"1. One.")], Wanted("ports"))
    assert [json.loads((tmp_path / "tray" / entry / "waiting.json").read_text())["wanted"]["id"]] == ["ports"]
    tray.discard(entry)
    assert tray.look() == ()
