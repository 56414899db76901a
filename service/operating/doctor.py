"""`fiqra doctor`: everything that serving needs, looked at one by one, each with what was found and what mends it."""

from __future__ import annotations

import errno
import resource
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import httpx

from corpus.errors import FiqraError
from corpus.records import Language
from index import contents
from index.disk import agreement, sealed
from index.model.centring import Centre
from index.model.embedding import Embedder
from index.model.loading import fingerprint, load_embedder
from index.model.names import DEFAULT_MODEL
from index.reader.loading import NoReader, load_reader
from service.http.announce import needed_files
from service.reports.indexing import open_store
from service.settings import ANY_ADDRESS, Settings

LEAST_FREE = 1 << 30  # bytes below the data folder; an index of the report that comes with fiqra takes 6 MB, a model 90
LEAST_TEMPORARY = 200 << 20  # what the largest documents take that may be uploaded at once
OLDEST = 1_767_225_600  # the beginning of 2026, before which no fiqra was built
ASKED_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is as it should be, what was found, and what to do where it is not."""

    what: str
    ok: bool
    found: str
    fix: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything; what is refused with a reason is a finding too."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        *(_disk, _temporary, _model, _index, _clock, _port, _files, _language_model),
    )
    for check in checks:
        yield from _or_refused(check.__name__.strip("_").replace("_", " "), check(settings))


def _or_refused(what: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings, and where looking ends in a refusal, that as one more."""
    try:
        yield from findings
    except FiqraError as error:
        yield Finding(what, ok=False, found=str(error))


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = _existing(settings.data_dir)
    free = shutil.disk_usage(folder).free
    found = f"{_size(free)} free below {settings.data_dir}"
    if not _can_write(folder):
        is_built = (settings.index_dir / sealed.CURRENT).is_file()
        fix = "" if is_built else "let the user that fiqra runs as write there, or fill it with `fiqra build` elsewhere"
        yield Finding("disk", is_built, f"{folder} is not to be written, so that nothing is built here", fix)
    else:
        yield Finding(
            "disk", free >= LEAST_FREE, found, "make room: a change that finds none is refused, not half done"
        )


def _temporary(_: Settings) -> Iterator[Finding]:
    folder = Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free
    fix = "make room there, or let TMPDIR name another folder: documents that are uploaded pass through it"
    yield Finding("temporary files", free >= LEAST_TEMPORARY and _can_write(folder), f"{_size(free)} in {folder}", fix)


def _model(settings: Settings) -> Iterator[Finding]:
    if fingerprint(settings.model, settings.data_dir) is None:
        found = f"{settings.model} is not exported below {settings.data_dir}"
        yield Finding("model", ok=False, found=found, fix="run `fiqra build`")
        return
    embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
    begun = time.perf_counter()
    embedder.encode(["paragraph"], "query")
    took = 1e3 * (time.perf_counter() - begun)
    yield Finding("model", ok=True, found=f"{settings.model}, {embedder.dimension} numbers a text, {took:.0f} ms")
    yield _reader(settings, embedder)


def _reader(settings: Settings, embedder: Embedder) -> Finding:
    if settings.reader == "off":
        return Finding("reader", ok=True, found="off, by FIQRA_READER")
    try:
        load_reader(embedder, settings.data_dir)
    except NoReader as reason:
        fix = "" if settings.model != DEFAULT_MODEL else "run `fiqra build`, or set FIQRA_READER=off"
        return Finding("reader", not fix, f"answers are given without a second look: {reason}", fix)
    return Finding("reader", ok=True, found="reads again what leaves doubt")


def _index(settings: Settings) -> Iterator[Finding]:
    """The index, and what else it takes to look at: the reports and the store. It is read once for all three."""
    index = sealed.read(settings.index_dir)
    manifest = index.manifest
    encoder = fingerprint(settings.model, settings.data_dir) or "not exported yet"
    centres = contents.load(index, encoder, manifest.dimension).centres
    found = f"{index.name[:12]}, {len(manifest.reports)} reports, {manifest.paragraphs} paragraphs"
    yield Finding("index", ok=True, found=f"{found}, by fiqra {manifest.fiqra}")
    yield from _or_refused("reports", _reports(settings, manifest, centres))
    yield from _or_refused("store", _store(settings, index))


def _reports(settings: Settings, manifest: sealed.Manifest, centres: Mapping[Language, Centre]) -> Iterator[Finding]:
    aside = list(agreement.doubts(settings.library().shelf, manifest, centres))
    for doubt in aside:
        yield Finding("reports", ok=False, found=doubt.why)
    if not aside:
        yield Finding("reports", ok=True, found=f"{len(manifest.parts)} added, as the index has them")


def _store(settings: Settings, index: sealed.SealedIndex) -> Iterator[Finding]:
    if settings.store == "milvus":
        open_store(settings, index)
        yield Finding("store", ok=True, found="Milvus has the index's vectors and words")


def _clock(settings: Settings) -> Iterator[Finding]:
    now, current = time.time(), settings.index_dir / sealed.CURRENT
    built = current.stat().st_mtime if current.is_file() else OLDEST
    fix = "set the clock, and keep it set: `timedatectl set-ntp true`"
    found = f"{_day(now)}, and the index was built {_day(built)}" if current.is_file() else _day(now)
    yield Finding("clock", now >= max(built - 60, OLDEST), found, fix)


def _port(settings: Settings) -> Iterator[Finding]:
    address = f"{settings.host}:{settings.port}"
    try:
        with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
        yield Finding("port", ok=True, found=f"{address} is free")
    except OSError as error:
        if error.errno == errno.EADDRINUSE and _is_fiqra(settings):
            yield Finding("port", ok=True, found=f"fiqra answers on {address} already")
        elif error.errno == errno.EADDRINUSE:
            fix = "end what listens there (`ss -ltnp` names it), or set FIQRA_PORT"
            yield Finding("port", ok=False, found=f"another program listens on {address}", fix=fix)
        else:
            fix = "set FIQRA_HOST to an address of this machine and FIQRA_PORT to one from 1024 on"
            yield Finding("port", ok=False, found=f"{address}: {error.strerror or error}", fix=fix)


def _files(settings: Settings) -> Iterator[Finding]:
    may, needed = resource.getrlimit(resource.RLIMIT_NOFILE)[0], needed_files(settings)
    fix = "raise `ulimit -n` (LimitNOFILE in a unit), or lower FIQRA_CONNECTIONS"
    yield Finding("open files", may >= needed, f"{may} may be open, {needed} are for FIQRA_CONNECTIONS", fix)


def _language_model(settings: Settings) -> Iterator[Finding]:
    if settings.llm_base_url is None:
        return
    url = str(settings.llm_base_url).rstrip("/")
    key = settings.llm_api_key
    headers = {"authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    meanwhile = "answers go out in the report's words meanwhile"
    try:
        response = httpx.get(f"{url}/models", headers=headers, timeout=min(ASKED_S, settings.llm_timeout_s))
        listed = [str(each["id"]) for each in response.json()["data"]] if response.is_success else []
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fix = f"start it, or correct FIQRA_LLM_BASE_URL; {meanwhile}"
        yield Finding("language model", ok=False, found=f"{url}: {type(error).__name__}", fix=fix)
        return
    except (ValueError, KeyError, TypeError):
        listed = []
    if response.status_code in {401, 403}:
        fix = f"correct FIQRA_LLM_API_KEY; {meanwhile}"
        yield Finding("language model", ok=False, found=f"{url} answers {response.status_code}", fix=fix)
    elif listed and settings.llm_model not in listed:
        fix = f"set FIQRA_LLM_MODEL to one that it has: {', '.join(listed)[:200]}"
        yield Finding("language model", ok=False, found=f"{url} has no {settings.llm_model}", fix=fix)
    else:
        known = "has it" if listed else "does not say which models it has"
        yield Finding("language model", ok=True, found=f"{url} answers, and {known}")


def _is_fiqra(settings: Settings) -> bool:
    """Whether what listens there is a fiqra that is ready."""
    host = "127.0.0.1" if settings.host in ANY_ADDRESS else settings.host
    connection = HTTPConnection(host, settings.port, timeout=ASKED_S)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status == 200 and b'"index"' in response.read(1000)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that there is."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _size(size: int) -> str:
    """A size for people.

    >>> _size(3 << 30)
    '3.0 GiB'
    """
    return f"{size / (1 << 30):.1f} GiB"


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
