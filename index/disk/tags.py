"""Names that an operator gives to indexes; what has one is kept when a build removes what nobody needs.

index/TAGS      {"before-the-summer": "5cdb2335…"}
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexDamaged
from index.disk import durable

FILE = "TAGS"
TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TAGS = TypeAdapter(dict[str, str])


def read(index_dir: Path) -> dict[str, str]:
    """The index of each tag, by its full name. Raises IndexDamaged where the list cannot be read."""
    path = index_dir / FILE
    try:
        return _TAGS.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"{path} is no list of tags; remove it, and tag again what is to be kept") from error


def write(index_dir: Path, tags: dict[str, str]) -> None:
    """Replace the list; the caller holds the lock. Raises IndexNotWritten."""
    durable.replace_text(index_dir / FILE, json.dumps(tags, indent=1, sort_keys=True) + "\n")
