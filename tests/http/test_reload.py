"""A new index is taken into service under load; a bad one is refused; nobody's question is lost or mixed."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import signal
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from corpus.errors import IndexDamaged
from corpus.records import Report
from index.build import build_index
from index.disk import durable, sealed
from index.model.fakes import HashEmbedder
from service.app import build_app
from service.http.routes.admin import same_secret
from service.settings import SettingsError, load_settings
from tests.support.server_process import running
from tests.support.services import QUESTION, base_of, build, eventually, hashed_state, service
from tests.support.sizes import size

TOKEN = "canary-token-0123456789abcdef"


BEARER = {"authorization": f"Bearer {TOKEN}"}


def test_admin_calls_are_off_without_a_token(tmp_path: Path, report: Report) -> None:
    """Taken out by hand (an empty token in place of the refusal), a caller is asked for a token that is not set."""
    build(tmp_path, report, 0)
    with service(hashed_state(tmp_path)) as client:
        for headers in ({}, BEARER, {"authorization": "Bearer "}, {"authorization": "Bearer None"}):
            response = client.post("/v1/admin/reload", headers=headers)
            assert response.status_code == 403
            assert "FIQRA_ADMIN_TOKEN" in response.json()["detail"]


@pytest.mark.parametrize(
    "given",
    [
        None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN.upper()}",
        f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN} {TOKEN}", "Bearer \u00e9\u00e8", "Bearer null", "Bearer *",
    ],
)  # fmt: skip
def test_only_the_token_opens_admin_calls(tmp_path: Path, report: Report, given: str | None) -> None:
    """Taken out by hand (`same_secret` always true), every row but the malformed ones fails."""
    build(tmp_path, report, 0)
    with service(hashed_state(tmp_path, admin_token=SecretStr(TOKEN))) as client:
        headers = [] if given is None else [(b"authorization", given.encode("latin-1"))]
        response = client.post("/v1/admin/reload", headers=headers)
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in response.text
        assert client.post("/v1/admin/reload", headers=BEARER).json()["changed"] is False


def test_every_admin_call_asks_for_the_token(tmp_path: Path, report: Report) -> None:
    """Walks the OpenAPI document, so that a call added below /v1/admin, or one that adds a report, cannot forget it."""
    build(tmp_path, report, 0)
    with service(hashed_state(tmp_path, admin_token=SecretStr(TOKEN))) as client:
        document = client.get("/openapi.json").json()
        admin = [
            (method, path)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if path.startswith("/v1/admin") or (path.startswith("/v1/reports") and method != "get")
        ]
        assert ("post", "/v1/admin/reload") in admin
        for method, path in admin:
            assert client.request(method, path.replace("{", "").replace("}", "")).status_code == 401, path


def test_metrics_are_anybodys_until_they_have_a_token_of_their_own(tmp_path: Path, report: Report) -> None:
    """The admin's does not open them. Tried by hand: without the dependency of the route, all of them do."""
    build(tmp_path, report, 0)
    with service(hashed_state(tmp_path)) as client:
        assert client.get("/metrics").status_code == 200
    own = "canary-metrics-0123456789abcdef"
    with service(hashed_state(tmp_path, admin_token=SecretStr(TOKEN), metrics_token=SecretStr(own))) as client:
        for headers in ({}, BEARER, {"authorization": f"Basic {own}"}):
            refused = client.get("/metrics", headers=headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
            assert "fiqra_" not in refused.text
        assert "fiqra_requests_total" in client.get("/metrics", headers={"authorization": f"Bearer {own}"}).text
        assert {client.get(path).status_code for path in ("/livez", "/readyz")} == {200}


def test_the_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides go through `compare_digest` at one length. Taken out by hand (`==` in its place), it is not called."""
    lengths: list[tuple[int, int]] = []

    def compare(one: bytes, other: bytes) -> bool:
        lengths.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr(secrets, "compare_digest", compare)
    assert not same_secret("short", SecretStr(TOKEN))
    assert same_secret(TOKEN, SecretStr(TOKEN))
    assert lengths == [(32, 32)] * 2


def test_a_token_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for token, reason in (("hunter2", "16 characters"), ("with a space in it, long", "no key has")):
        monkeypatch.setenv("FIQRA_ADMIN_TOKEN", token)
        with pytest.raises(SettingsError, match=reason) as error:
            load_settings()
        assert token not in str(error.value)


def test_the_admin_call_takes_the_new_index_into_service(tmp_path: Path, report: Report) -> None:
    build(tmp_path, report, 0)
    with service(hashed_state(tmp_path, admin_token=SecretStr(TOKEN), watch_s=0)) as client:
        before = client.get("/readyz").json()["index"]
        name = build(tmp_path, report, 1)
        assert client.get("/readyz").json()["index"] == before
        assert client.post("/v1/admin/reload", headers=BEARER).json() == {"index": name[:12], "changed": True}
        assert client.get("/readyz").json()["index"] == name[:12]
        assert len(client.get("/v1/reports").json()["reports"]) == 2


def test_a_rebuilt_index_is_noticed(tmp_path: Path, report: Report) -> None:
    """By watching CURRENT. Taken out by hand (`stamp != self._seen` never true), the old one serves on."""
    build(tmp_path, report, 0)
    with service(hashed_state(tmp_path, watch_s=0.02)) as client:
        name = build(tmp_path, report, 1)
        assert eventually(lambda: client.get("/readyz").json()["index"] == name[:12])


@pytest.mark.parametrize("damage", ["flip", "missing", "gone", "garbage", "nowhere", "another model"])
def test_a_bad_new_index_is_refused_and_the_old_one_serves(tmp_path: Path, report: Report, damage: str) -> None:
    """Taken out by hand (an IndexRefused that leaves no engine behind), readiness and the question fail."""
    first = build(tmp_path, report, 0)
    index_dir = tmp_path / "index"
    with service(hashed_state(tmp_path, admin_token=SecretStr(TOKEN), watch_s=0)) as client:
        new = index_dir / (_foreign(tmp_path, report) if damage == "another model" else build(tmp_path, report, 1))
        if damage == "flip":
            data = (base_of(index_dir) / "chunks.json").read_bytes()
            (base_of(index_dir) / "chunks.json").write_bytes(bytes([data[0] ^ 1]) + data[1:])
        elif damage == "missing":
            (base_of(index_dir) / "tokens.npy").unlink()
        elif damage == "gone":
            shutil.rmtree(new)
        elif damage in {"garbage", "nowhere"}:
            durable.replace_text(index_dir / "CURRENT", "\x00\n" if damage == "garbage" else "0" * 32 + "\n")
        response = client.post("/v1/admin/reload", headers=BEARER)
        assert response.status_code == 503
        assert "fiqra build" in response.json()["detail"]
        assert client.get("/readyz").json()["index"] == first[:12]
        assert client.post("/v1/ask", json={"question": QUESTION}).json()["index"] == first[:12]


def _foreign(folder: Path, report: Report) -> str:
    return build_index(folder / "index", (report,), HashEmbedder(dimension=8), "other")


def test_a_refused_index_changes_nothing_and_says_why(tmp_path: Path, report: Report) -> None:
    build(tmp_path, report, 0)
    state = hashed_state(tmp_path, watch_s=0)
    before = state.engine
    build(tmp_path, report, 1)
    (base_of(tmp_path / "index") / "chunks.json").write_bytes(b"[]")
    with pytest.raises(IndexDamaged, match=r"chunks\.json.*fiqra build"):
        asyncio.run(state.reload())
    assert state.engine is before


def test_swaps_under_load_fail_no_request(tmp_path: Path, report: Report) -> None:
    """Twenty swaps here, 200 in `make stress`; every request is answered, by one index or the other.

    Taken out by hand (the engine set to None while the next one loads), requests are answered 503.
    """
    names = [build(tmp_path, report, kind) for kind in (0, 1)]
    state = hashed_state(tmp_path, watch_s=0)
    swaps = size(20, 200)
    known = {name[:12] for name in names}

    async def ask(client: httpx.AsyncClient, done: asyncio.Event, seen: list[tuple[int, str]]) -> None:
        while not done.is_set():
            for call in (
                client.post("/v1/ask", json={"question": QUESTION, "report": report.id}),
                client.post("/v1/ask", json={"question": QUESTION, "stream": True}),
                client.get("/v1/paragraphs/21(k)", params={"report": report.id}),
            ):
                response = await call
                body = response.json() if "json" in response.headers["content-type"] else {}
                seen.append((response.status_code, body.get("index", "")))

    async def scenario() -> list[tuple[int, str]]:
        done, seen = asyncio.Event(), list[tuple[int, str]]()
        transport = httpx.ASGITransport(build_app(state), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            asking = [asyncio.create_task(ask(client, done, seen)) for _ in range(4)]
            for swap in range(swaps):
                durable.replace_text(tmp_path / "index" / "CURRENT", f"{names[swap % 2]}\n")
                assert await state.reload()
                await asyncio.sleep(0)
            done.set()
            await asyncio.gather(*asking)
        return seen

    seen = asyncio.run(asyncio.wait_for(scenario(), 240))
    assert {status for status, _ in seen} == {200}
    assert {index for _, index in seen} - {""} == known
    assert len(seen) > swaps / 2


def test_a_question_is_answered_by_the_index_it_started_with(tmp_path: Path, report: Report) -> None:
    """The swap comes between finding and answering."""
    build(tmp_path, report, 0)
    state = hashed_state(tmp_path, watch_s=0)

    async def scenario() -> tuple[str, str]:
        from service.answering.asking import answers, begin
        from service.schemas.questions import AskRequest

        first = state.ready_engine().name
        asked = await begin(state, AskRequest(question=QUESTION))
        build(tmp_path, report, 1)
        await state.reload()
        assert state.ready_engine().name != first
        [answer] = [answer async for answer in answers(state, asked)]
        return first, answer.index

    first, answered = asyncio.run(scenario())
    assert first == answered


@pytest.mark.process
@pytest.mark.model
def test_a_hangup_signal_reloads_a_running_service(data_dir: Path, report: Report, tmp_path: Path) -> None:
    """SIGHUP to a real process whose watch is off. Taken out by hand (the handler), it ends the process."""
    shutil.copytree(data_dir / "index", tmp_path / "index")
    (tmp_path / "models").symlink_to((data_dir / "models").resolve())
    with running(tmp_path, FIQRA_WATCH_S="0") as process, httpx.Client(base_url=process.url, timeout=60) as client:
        before = client.get("/readyz").json()["index"]
        name = _renamed(tmp_path / "index")
        process.server.send_signal(signal.SIGHUP)
        assert eventually(lambda: client.get("/readyz").json()["index"] == name[:12], 30)
        assert name[:12] != before


def _renamed(index_dir: Path) -> str:
    """The current index under another name: its manifest says that an earlier fiqra built it."""
    import hashlib

    old = index_dir / sealed.current_name(index_dir)
    text = (old / sealed.MANIFEST).read_text("utf-8").replace('"fiqra": "', '"fiqra": "0.0.0+', 1)
    name = hashlib.sha256(text.encode()).hexdigest()[:32]
    shutil.copytree(old, index_dir / name)
    (index_dir / name / sealed.MANIFEST).write_text(text, "utf-8")
    durable.replace_text(index_dir / sealed.CURRENT, f"{name}\n")
    return name
