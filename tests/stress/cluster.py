"""Two services on one Milvus store and one folder, behind nginx as `ops/nginx.conf` has it: what callers notice."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx

from tests.stress.parts import Part, questions
from tests.support.milvus_server import milvus
from tests.support.paths import REPORT_ID, ROOT
from tests.support.server_process import FIQRA, free_port, wait_until_ready

CALLS = 2_000
CALLERS = 4
ASKED_EVERY = 10  # calls; the others look a paragraph up, since milvus-lite answers slowly
GONE_S = 30
BOATS = "Boats\n\n1. Tugboats pull barges.\n2. Ferries insure small vessels.\n"


@dataclass
class Replica:
    """A `fiqra serve` that is ended and started again at the same port."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        given = {**self.environment, "FIQRA_PORT": str(self.port)}
        self.process = subprocess.Popen([FIQRA, "serve"], env=given, stderr=subprocess.DEVNULL)
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60) as client:
            wait_until_ready(client, self.process)  # type: ignore[arg-type]  # whose output nobody reads

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        return self.process.wait(60)


@dataclass
class Heard:
    """What callers got: how often each status came, and in whose conversation an earlier index came after a later."""

    statuses: Counter[int] = field(default_factory=Counter)
    indexes: Counter[str] = field(default_factory=Counter)
    mixed: int = 0

    def __str__(self) -> str:
        """`3 of 2000 (503: 3)`."""
        others = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()) if status != 200)
        return f"{self.failed} of {self.statuses.total()}{f' ({others})' if others else ''}"

    @property
    def failed(self) -> int:
        """Calls that were not answered with 200."""
        return self.statuses.total() - self.statuses[200]


async def load(url: str, until: Callable[[Heard], bool]) -> Heard:
    """Callers that ask one after the other, each a conversation, until that holds.

    Each calls from a network of its own, 127.0.1.0/24 and so on: by that `ip_hash` tells one caller from another.
    """
    heard, numbers, asked = Heard(), count(), questions()

    async def caller(number: int) -> None:
        seen: list[str] = []
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.{number}.1")
        async with httpx.AsyncClient(base_url=url, timeout=90, transport=transport) as client:
            while not until(heard):
                number = next(numbers)
                question = f"{asked[number % len(asked)]} zq{number}x"
                is_asked = number % ASKED_EVERY == 0
                try:
                    response = await (
                        client.post("/v1/ask", json={"question": question})
                        if is_asked
                        else client.get(f"/v1/reports/{REPORT_ID}/paragraphs/21(k)")
                    )
                except httpx.TransportError:
                    heard.statuses[0] += 1
                    continue
                heard.statuses[response.status_code] += 1
                if response.status_code == 200 and is_asked:
                    index = response.json()["index"]
                    heard.indexes[index] += 1
                    heard.mixed += index in seen[:-1]
                    if seen[-1:] != [index]:
                        seen.append(index)

    await asyncio.gather(*(caller(1 + number) for number in range(CALLERS)))
    return heard


async def meanwhile(url: str, work: Callable[[], None], calls: int = 0) -> Heard:
    """The load while that is done, in a thread, and until so many calls were made."""
    doing: Awaitable[None] = asyncio.ensure_future(asyncio.to_thread(work))
    task = asyncio.ensure_future(doing)
    heard = await load(url, lambda so_far: task.done() and so_far.statuses.total() >= calls)
    await task
    return heard


@contextmanager
def nginx(folder: Path, ports: tuple[int, int], *, sticky: bool = False) -> Iterator[str]:
    """nginx with the repository's file, but for the ports; its address. `sticky`: a caller stays with one service."""
    folder, port = folder / ("sticky" if sticky else "by-turns"), free_port()
    folder.mkdir()
    text = (ROOT / "ops" / "nginx.conf").read_text("utf-8")
    for given, wanted in (("8000", ports[0]), ("8001", ports[1]), ("8080", port)):
        text = text.replace(f"127.0.0.1:{given}", f"127.0.0.1:{wanted}")
    if sticky:
        text = text.replace("upstream fiqra {", "upstream fiqra {\n        ip_hash;")
    (folder / "nginx.conf").write_text(f"pid {folder}/nginx.pid;\ndaemon off;\n{text}", "utf-8")
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def cluster(data_dir: Path) -> Part:
    """Rolling restarts under load, a swap, a replica that is killed, and a store that is gone for a while."""
    part = Part("cluster")
    if shutil.which("nginx") is None:
        part.add("several services behind nginx", "", "NOT run: nginx is not installed")
        return part
    folder = data_dir / "stress" / "cluster"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "models").symlink_to(data_dir / "models")
    shutil.copytree(data_dir / "index", folder / "index")
    store = free_port()
    settings = {"FIQRA_DATA_DIR": str(folder), "FIQRA_STORE": "milvus", "FIQRA_WATCH_S": "0.5"}
    settings["FIQRA_MILVUS_URI"] = f"http://127.0.0.1:{store}"
    environment = {**os.environ, **settings}
    with ExitStack() as stack:
        running = stack.enter_context(ExitStack())
        running.enter_context(milvus(folder / "milvus", store))
        _fiqra(environment, "build")
        replicas = (Replica(free_port(), environment), Replica(free_port(), environment))
        for replica in replicas:
            stack.callback(replica.end, signal.SIGKILL)
            replica.start()
        ports = (replicas[0].port, replicas[1].port)
        url, sticky = (stack.enter_context(nginx(folder, ports, sticky=each)) for each in (False, True))
        _restarts(part, url, replicas)
        _swap(part, url, folder, environment, "boats")
        _swap(part, sticky, folder, environment, "ships", sticky=True)
        _killed(part, url, replicas[0])
        _store_gone(part, url, running, folder / "milvus", store)
    return part


def _fiqra(environment: dict[str, str], *words: str) -> None:
    subprocess.run([FIQRA, *words], env=environment, check=True, capture_output=True, timeout=300)


def _restarts(part: Part, url: str, replicas: tuple[Replica, Replica]) -> None:
    codes: list[int] = []

    def roll() -> None:
        for replica in (*replicas, *replicas):
            codes.append(replica.end())
            replica.start()

    heard = asyncio.run(meanwhile(url, roll, CALLS))
    measured = f"{heard}; exit codes {sorted(set(codes))}"
    part.add("calls lost over two rolling restarts", "none", measured, heard.failed == 0 and not any(codes))


def _swap(
    part: Part, url: str, folder: Path, environment: dict[str, str], report: str, *, sticky: bool = False
) -> None:
    document = folder / f"{report}.txt"
    document.write_text(BOATS, "utf-8")

    def ingest() -> None:
        _fiqra(environment, "ingest", str(document), "--id", report)
        time.sleep(5)

    heard = asyncio.run(meanwhile(url, ingest))
    measured = f"{heard}, by {len(heard.indexes)} indexes"
    how = "ip_hash" if sticky else "by turns"
    held = heard.failed == 0 and len(heard.indexes) == 2
    part.add(f"calls lost over a swap of the index, {how}", "none", measured, held)
    what = f"answers of the old index after one of the new, in a conversation, {how}"
    part.add(what, "none" if sticky else "", f"{heard.mixed}", not heard.mixed if sticky else None)


def _killed(part: Part, url: str, replica: Replica) -> None:
    def kill() -> None:
        time.sleep(2)
        replica.end(signal.SIGKILL)
        time.sleep(5)

    heard = asyncio.run(meanwhile(url, kill))
    part.add("calls lost where a service is killed", "none", f"{heard}", not heard.failed)
    replica.start()


def _store_gone(part: Part, url: str, store: ExitStack, folder: Path, port: int) -> None:
    seen: list[tuple[int, int]] = []
    red = 0.0  # when `/readyz` was last green, in seconds after the store went

    def look(client: httpx.Client) -> tuple[int, int]:
        asked = client.post("/v1/ask", json={"question": f"Who moderated? zq{len(seen)}y"}).status_code
        return asked, client.get("/readyz").status_code

    with httpx.Client(base_url=url, timeout=90) as client:
        store.close()
        gone = time.monotonic()
        while time.monotonic() < gone + GONE_S:
            seen.append(look(client))
            red = time.monotonic() - gone if seen[-1][1] == 200 else red
            time.sleep(1)
        asked = sorted({row[0] for row in seen})
        part.add(f"questions while the store is gone for {GONE_S} s", "503", f"{asked}", set(asked) <= {200, 503})
        part.add("`/readyz` is red after", "≤ 5 s", f"{red:.1f} s", red <= 5)
        store.enter_context(milvus(folder, port))
        back = time.monotonic()
        while time.monotonic() < back + 120 and look(client) != (200, 200):
            time.sleep(0.5)
        took = time.monotonic() - back
        part.add("answers again after the store is back", "≤ 30 s", f"{took:.1f} s", took <= 30)
