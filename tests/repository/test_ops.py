"""`ops/` is held to the image, the settings and the service: what it names is there, and its files are what they say.

Kubernetes objects are checked by its own schemas (`kubernetes-validate`), compose files by compose-spec's, the
Dockerfile by hadolint, and the unit by systemd where it is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from service.cli import main
from service.settings import PREFIX, Settings
from tests.support.paths import ROOT
from tests.support.services import hashed_state, service

OPS = ROOT / "ops"
COMPOSE = sorted(OPS.glob("compose*.yaml"))
MANIFESTS = [each for path in sorted(OPS.glob("kubernetes/*.yaml")) for each in yaml.safe_load_all(path.read_text())]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
RUN_STAGE = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
UNITS = sorted(OPS.glob("*.service"))
KUBERNETES = "1.37"
MOST_EXPOSED = 2.0  # of 10, as `systemd-analyze security` counts


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [each for each in MANIFESTS if each["kind"] == kind]


PODS = [each["spec"]["template"]["spec"] for kind in ("Job", "Deployment") for each in of_kind(kind)]
CONTAINERS = [container for pod in PODS for container in pod["containers"]]


def compose_services() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the compose files make of fiqra's own image."""
    for path in COMPOSE:
        for name, found in yaml.safe_load(path.read_text("utf-8"))["services"].items():
            if found.get("image", "").startswith("fiqra:"):
                yield f"{path.name}:{name}", found


def commands() -> list[tuple[str, list[str]]]:
    """Every command line of `ops/` and the image that fiqra's own image runs, with where it stands."""
    found = [(name, each["command"]) for name, each in compose_services() if "command" in each]
    found += [(f"kubernetes:{c['name']}", [*c.get("command", []), *c.get("args", [])]) for c in CONTAINERS]
    return [
        *found,
        *(("Dockerfile", yaml.safe_load(cmd)) for cmd in re.findall(r"^CMD (\[.*\])$", RUN_STAGE, re.MULTILINE)),
    ]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda each: f"{each['kind']}/{each['metadata']['name']}")
def test_kubernetes_takes_every_object(manifest: dict[str, Any]) -> None:
    """By its schema, where nothing may be misspelt. Tried by hand: `readOnlyRootFileSystem` is named."""
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_compose_files_are_what_its_specification_says(path: Path) -> None:
    """Tried by hand: `read-only` in the place of `read_only` is named."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_dockerfile_passes_its_linter() -> None:
    """Tried by hand: a package of apt without its version is named."""
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    hadolint = shutil.which("hadolint", path=beside)
    assert hadolint, "run `make setup`"
    done = subprocess.run([hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("where", "command"), commands(), ids=lambda each: each if isinstance(each, str) else "")
def test_every_command_is_one_that_the_image_has(where: str, command: list[str]) -> None:
    """`fiqra`, found on the image's path, and a command of it. Tried by hand: `/app/.venv/bin/fiqra` is named."""
    assert re.search(r"ENV PATH=/app/\.venv-serve/bin:\$PATH", RUN_STAGE)
    program, verb, *_ = command
    assert program == "fiqra", where
    assert verb in main.commands, where


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_unit_runs_commands_that_there_are(unit: Path) -> None:
    lines = re.findall(r"^ExecStart(?:Pre)?=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
    assert lines
    for line in lines:
        program, verb, *words = line.split()
        assert program == "/opt/fiqra/bin/fiqra"
        assert len(words) <= len(main.commands[verb].params)


def test_the_units_share_a_user_and_a_folder_and_confine_alike() -> None:
    """What one may not, the other may not either."""
    serving, watching = (
        dict(re.findall(r"^(\w+)=(.*)$", (OPS / name).read_text("utf-8"), re.MULTILINE))
        for name in ("fiqra.service", "fiqra-watch.service")
    )
    own = {"Description", "After", "Wants", "User", "ExecStart", "ExecStartPre", "ExecReload", "TimeoutStartSec"}
    own |= {"LimitNOFILE"}
    assert {k: v for k, v in serving.items() if k not in own} == {k: v for k, v in watching.items() if k not in own}
    assert watching["User"] == "fiqra"  # the name of the other unit, which is that of its dynamic user


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_unit_leaves_what_the_runtime_reads(unit: Path) -> None:
    """`/proc/cpuinfo`. Tried by hand, in systemd: with it the log begins with five lines that are no JSON."""
    assert not re.search(r"^ProcSubset=", unit.read_text("utf-8"), re.MULTILINE)


def test_every_setting_is_one_and_fits() -> None:
    """In the image, in compose, in the cluster and in the unit. Tried by hand: a variable misspelt is named."""
    pairs = re.findall(rf"({PREFIX}\w+)=(\S+)", RUN_STAGE + "".join(unit.read_text("utf-8") for unit in UNITS))
    pairs += [pair for _, each in compose_services() for pair in each.get("environment", {}).items()]
    pairs += [pair for config in of_kind("ConfigMap") for pair in config["data"].items()]
    text = "".join(path.read_text("utf-8") for path in [*COMPOSE, *OPS.glob("kubernetes/*"), *UNITS])
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    for name in {*re.findall(rf"{PREFIX}[A-Z_]+", text), *(name for name, _ in pairs)}:
        assert name in known, name
    given = {known[name]: re.sub(r"\$\{\w+:-(.*)\}", r"\1", str(value)) for name, value in pairs}
    Settings(**given)  # type: ignore[arg-type]


def test_whoever_serves_nothing_is_not_asked_how_he_is() -> None:
    """The image's health check asks `/readyz`, which whoever builds or watches never answers: he counts as unhealthy.

    Tried by hand: without it at `watch`, that is named; in Docker it was `unhealthy` after two minutes, at work.
    """
    for name, found in compose_services():
        if "command" in found:  # what the second file adds to keeps the command of the first
            is_asked = found.get("healthcheck") != {"disable": True}
            assert is_asked == (found["command"][1] == "serve"), name


def test_ports_volumes_and_users_are_the_images() -> None:
    """Tried by hand: another port, another folder or another user in one of them is seen."""
    [port] = re.findall(r"^EXPOSE (\d+)$", RUN_STAGE, re.MULTILINE)
    [volume] = yaml.safe_load(re.findall(r"^VOLUME (.*)$", RUN_STAGE, re.MULTILINE)[0])
    [user] = re.findall(r"^USER (\d+):\d+$", RUN_STAGE, re.MULTILINE)
    assert f"FIQRA_PORT={port}" in RUN_STAGE
    assert f"FIQRA_DATA_DIR={volume}" in RUN_STAGE
    for pod in PODS:
        assert str(pod["securityContext"]["runAsUser"]) == str(pod["securityContext"]["fsGroup"]) == user
        named = {each["name"] for each in pod["volumes"]}
        for container in pod["containers"]:
            mounted = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
            assert mounted.keys() == {volume, "/tmp"}  # noqa: S108
            assert {*mounted.values()} == named
            assert [each["containerPort"] for each in container.get("ports", [])] in ([], [int(port)])
    for name, found in compose_services():
        others = [each for each in found.get("volumes", []) if not re.fullmatch(rf"var:{volume}(:ro)?", each)]
        watched = [found["command"][2]] if found.get("command", [])[:2] == ["fiqra", "watch"] else []
        assert [re.sub(r"^\$\{REPORTS:-\./reports\}:(.*):ro$", r"\1", each) for each in others] == watched, name
        assert all(each.endswith(f":{port}") and each.startswith("127.0.0.1:") for each in found.get("ports", [])), name


def test_who_probes_gets_an_answer_under_any_name(tmp_path: Path, report: Any) -> None:
    """Every path that is probed, and the image's health check, with `FIQRA_ALLOWED_HOSTS` as the manifest sets it."""
    from tests.support.services import build

    build(tmp_path, report)
    [config] = of_kind("ConfigMap")
    paths = {
        probe["httpGet"]["path"]
        for container in CONTAINERS
        for name, probe in container.items()
        if name.endswith("Probe")
    }
    [health] = re.findall(r"^HEALTHCHECK .*?CMD (\[.*\])$", RUN_STAGE, re.MULTILINE)
    paths |= set(re.findall(r"'GET', '(/\w+)'", health))
    assert paths == {"/livez", "/readyz"}
    hosts = tuple(config["data"]["FIQRA_ALLOWED_HOSTS"].split(","))
    with service(hashed_state(tmp_path, allowed_hosts=hosts)) as client:
        assert {client.get(path, headers={"host": "10.0.0.7:8000"}).status_code for path in paths} == {200}
        assert client.get("/v1/reports", headers={"host": "10.0.0.7:8000"}).status_code == 400
        assert client.get("/v1/reports", headers={"host": hosts[0]}).status_code == 200


def test_containers_are_confined() -> None:
    """Tried by hand: each of these taken out of the deployment is seen."""
    for pod in PODS:
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in CONTAINERS:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"].keys() == {"requests", "limits"}
    [base] = [yaml.safe_load(path.read_text("utf-8")) for path in COMPOSE if path.name == "compose.yaml"]
    for found in base["services"].values():
        assert found["read_only"] is True
        assert found["cap_drop"] == ["ALL"]
        assert found["security_opt"] == ["no-new-privileges:true"]


def test_what_selects_finds_what_it_means() -> None:
    """Service, budget and policy name labels that pods have; grace periods fit; the cluster keeps pods to answer."""
    [deployment] = of_kind("Deployment")
    [budget], [policy], [exposed] = of_kind("PodDisruptionBudget"), of_kind("NetworkPolicy"), of_kind("Service")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert exposed["spec"]["selector"].items() <= labels.items()
    assert budget["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert 0 < budget["spec"]["minAvailable"] < deployment["spec"]["replicas"]
    [expression] = policy["spec"]["podSelector"]["matchExpressions"]
    jobs = {job["spec"]["template"]["metadata"]["labels"]["app"] for job in of_kind("Job")}
    assert {*expression["values"]} == {labels["app"], *jobs}
    assert not jobs & {exposed["spec"]["selector"]["app"]}  # nobody is led to a build
    pod = deployment["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] >= Settings().grace_s + 5 + 5
    claims = {claim["metadata"]["name"] for claim in of_kind("PersistentVolumeClaim")}
    mounted = {v["persistentVolumeClaim"]["claimName"] for p in PODS for v in p["volumes"] if "emptyDir" not in v}
    assert mounted == claims
    [config] = of_kind("ConfigMap")
    startup = pod["containers"][0]["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] > int(config["data"]["FIQRA_WAIT_S"])


def test_nothing_secret_stands_in_a_file_and_no_image_is_the_latest() -> None:
    for path in [*COMPOSE, *OPS.glob("kubernetes/*"), *UNITS]:
        text = path.read_text("utf-8")
        assert not re.search(r"(?i)(password|token|api_key)[\"']?\s*[:=]\s*[\"']?[\w/+-]{8,}", text), path.name
        for image in re.findall(r"image: (\S+)", text):
            assert re.search(r":(v?\d[\w.-]+|local|milvus)$", image), image


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit_and_rates_it(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", done.stdout)
    if found is None:
        pytest.skip(f"systemd-analyze does not rate units without systemd: {done.stderr[:200]}")
    assert float(found[1]) <= MOST_EXPOSED
