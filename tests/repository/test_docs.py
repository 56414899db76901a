"""Documentation that works: every code block runs or is checked, every link leads somewhere.

What a block is, its language says. `python` blocks run, those of a page one after the other. In `sh` blocks `curl` runs
against a real server; `fiqra` commands that answer run with the tests' index, the others are held to the options that
exist; `make` to its targets; of other programs (docker, pandoc) the words must be a command line. `json`, `yaml` and
`html` must parse. `js` and `css` are the widget's, which its own browser tests run. `text` shows what is printed.
"""

from __future__ import annotations

import gc
import json
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
import yaml
from click.testing import CliRunner
from lxml import html

from service import cli
from service.state import State
from tests.support.paths import ROOT

pytestmark = [pytest.mark.model, pytest.mark.process]

PAGES = sorted([*ROOT.glob("README*.md"), ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
LANGUAGES = {"python", "sh", "json", "yaml", "html", "js", "css", "text"}
HERE = "http://127.0.0.1:8000"
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!`)!?\[[^\]\n]*\]\(<?([^)\s>]+)>?\)")
_ANSWERING = {"ask", "show", "search", "verify-index"}


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [Block(page, text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in _FENCE.finditer(text)]


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def of(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


def test_every_block_says_what_it_is_and_the_fences_close() -> None:
    for page in PAGES:
        assert page.read_text("utf-8").count("\n```") == 2 * len(blocks_of(page)), page.name
    assert {block.language for block in BLOCKS} <= LANGUAGES, [str(b) for b in BLOCKS if b.language not in LANGUAGES]


@pytest.mark.filterwarnings("ignore")  # other frameworks' imports warn of what they will have to change
@pytest.mark.parametrize("block", of("python"), ids=str)
def test_python_runs(block: Block, server: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIQRA_DATA_DIR", str(data_dir))
    names = {"__name__": "documentation"}
    exec(compile(block.code.replace(HERE, server), str(block), "exec"), names)  # noqa: S102
    names.clear()
    gc.collect()  # a short example leaves its connection to the collector, which warns of it here and not later


@pytest.mark.parametrize("block", of("sh"), ids=str)
def test_commands_run_or_exist(block: Block, server: str, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_state", lambda: state)
    monkeypatch.setenv("FIQRA_DATA_DIR", str(state.settings.data_dir))
    for line in commands(block.code):
        words = shlex.split(line, comments=True)
        while "=" in words[0]:
            words.pop(0)
        assert words, line
        if words[0] == "curl":
            curl(line.replace(HERE, server))
        elif words[0] == "fiqra":
            fiqra(words[1:])
        elif words[0] == "make":
            assert re.search(rf"^{words[1]}:", MAKEFILE, re.MULTILINE), line
        elif words[0] == "python":
            assert (ROOT / words[1]).is_file(), line
        elif words[0] == ".":
            assert re.search(rf"environment,{words[1].removesuffix('/bin/activate')}\)", MAKEFILE), line
        else:
            assert words[0] in {"docker", "jq", "kubectl", "pandoc", "pip", "python3", "sudo"}, line


def test_fiqra_is_installed_from_its_own_folder() -> None:
    """No index has the name: what it gives today is an error, and tomorrow may be somebody else's.

    In pages, messages and docstrings. Tried by hand: `pip install 'fiqra[otel]'` is named.
    """
    packages = ("corpus", "index", "service", "eval", "fiqra")
    for path in [*PAGES, *(path for package in packages for path in (ROOT / package).rglob("*.py"))]:
        assert not re.search(r"""pip install (-\S+ )*["']?fiqra\b""", path.read_text("utf-8")), path


def commands(code: str) -> list[str]:
    """The commands of a block; a quotation or a backslash may carry one over several lines."""
    found, open_ = list[str](), ""
    for line in code.splitlines():
        open_ += line + "\n"
        try:
            complete = bool(shlex.split(open_, comments=True)) and not line.endswith("\\")
        except ValueError:
            continue
        if complete:
            found.append(open_.strip())
            open_ = ""
    assert not open_.strip() or open_.strip().startswith("#"), f"never ends: {open_}"
    return found


def curl(line: str) -> None:
    result = subprocess.run(
        ["bash", "-c", f"{line} --fail-with-body --max-time 60"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{line}\n{result.stdout}{result.stderr}"
    assert result.stdout, line


def fiqra(words: list[str]) -> None:
    if words[0] in _ANSWERING:
        result = CliRunner().invoke(cli.main, words)
        assert result.exit_code == 0, f"{words}\n{result.output}"
        return
    command: click.Command | None = cli.main
    while isinstance(command, click.Group) and words:
        command = command.get_command(click.Context(command), words[0])
        assert command is not None, words
        words = words[1:]
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    assert {word for word in words if word.startswith("-") and word != "-"} <= options, words


@pytest.mark.parametrize("block", of("json", "yaml", "html"), ids=str)
def test_data_and_markup_parse(block: Block) -> None:
    if block.language == "json":
        assert json.loads(block.code)
    elif block.language == "yaml":
        assert yaml.safe_load(block.code)
    else:
        assert html.fragments_fromstring(block.code)


def slugs(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip()) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Pages elsewhere are not called; their addresses must at least be whole and encrypted."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    for target in _LINK.findall(text):
        parts = urlsplit(target)
        if parts.scheme:
            assert (parts.scheme == "https" and "." in parts.netloc) or parts.scheme == "mailto", target
            continue
        file = page.parent / unquote(parts.path) if parts.path else page
        assert file.exists(), f"{page.name}: {target}"
        assert not parts.fragment or parts.fragment in slugs(file), f"{page.name}: {target}"


def test_the_navigation_is_the_pages() -> None:
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    listed = [next(iter(entry.values())) if isinstance(entry, dict) else entry for entry in settings["nav"]]
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def test_the_arabic_readme_has_the_essentials_and_reads_from_the_right() -> None:
    text = (ROOT / "README.ar.md").read_text("utf-8")
    assert text.startswith('<div dir="rtl" lang="ar">')
    for word in ("make serve", "make test", "/v1/ask", "fiqra ask", "fiqra ingest", "/mcp", "README.md", "<picture>"):
        assert word in text
    assert "README.ar.md" in (ROOT / "README.md").read_text("utf-8")
