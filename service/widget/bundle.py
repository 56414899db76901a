r"""The widget's modules and its style sheet → the one file that a page loads.

    import { el } from "./dom.js";                                  → dom.js, earlier in the file
    import styles from "./widget.css" with { type: "css" };         → const styles = new CSSStyleSheet(); …
    export function card(…) {                                       → function card(…) {

The modules share one scope, so a top-level name stands in one of them only; a second one does not get past the tests.
Comments, and white space that says nothing, are left out. Nothing is renamed: a browser's debugger shows what is in the
folder, line by line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ENTRY = "mount.js"
_MODULE = re.compile(r'import \{ [\w, ]+ \} from "\./(\w+\.js)";')
_SHEET = re.compile(r'import (\w+) from "\./(\w+\.css)" with \{ type: "css" \};')
_LAST_COMMENT = re.compile(r"(?<=[;{},)]) // .*")
_CSS_SPACE = re.compile(r"(?<!\s)\s++(?=[{};,])|(?<=[{};,])\s++|(?<=[\w-]:) (?=\S)")
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_TOP_LEVEL = re.compile(r"^(?:export )?(?:const|let|class|import|(?:async )?function\*?) (\w+)", re.MULTILINE)


def bundle(folder: Path = HERE, entry: str = ENTRY) -> str:
    """The file. Raises ValueError where a module imports in another way than the two above, or a name stands twice."""
    parts: dict[str, str] = {}
    _add(folder, entry, parts)
    text = "// fiqra chat widget, Apache-2.0\n" + "".join(parts.values())
    names = [name for module in parts for name in _TOP_LEVEL.findall((folder / module).read_text("utf-8"))]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"top-level names stand in two of the widget's modules: {', '.join(twice)}; rename one")
    return text


def _add(folder: Path, name: str, parts: dict[str, str]) -> None:
    """Add a module after all that it imports."""
    lines: list[str] = []
    for line in (folder / name).read_text("utf-8").splitlines():
        if module := _MODULE.fullmatch(line):
            if module[1] not in parts:
                _add(folder, module[1], parts)
        elif sheet := _SHEET.fullmatch(line):
            lines += _sheet(sheet[1], (folder / sheet[2]).read_text("utf-8"))
        elif line.startswith("import "):
            raise ValueError(f"{name}: {line!r} is not how the widget's modules import; see service/widget/bundle.py")
        elif line.strip() and not line.lstrip().startswith("//"):
            lines.append(_LAST_COMMENT.sub("", line.strip()).removeprefix("export "))
    parts[name] = "\n".join(lines) + "\n"


def _sheet(name: str, css: str) -> Iterator[str]:
    rules = _CSS_SPACE.sub("", _CSS_COMMENT.sub("", css)).replace(";}", "}")
    yield f"const {name} = new CSSStyleSheet();"
    yield f"{name}.replaceSync({json.dumps(rules.strip(), ensure_ascii=False)});"
