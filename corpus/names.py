"""The names in a report, in both scripts, from the table that lies beside its texts.

    {"ar": "توماس هولت", "en": "Thomas Holt"} → Name("توماس هولت", "Thomas Holt", "person")

A report without such a table has no names that are known; its names are then found by their spelling alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.reports import BUNDLED

Kind = Literal["person", "organisation", "country"]
_LISTS: dict[str, Kind] = {"persons": "person", "organisations": "organisation", "countries": "country"}


@dataclass(frozen=True, slots=True)
class Name:
    """One person, organisation or country as the Arabic and the English text write it."""

    ar: str
    en: str
    kind: Kind
    unverified: bool = False  # no publication with the English spelling was found

    @property
    def forms(self) -> tuple[str, ...]:
        """Every spelling: `Civil Guard [Guardia Civil]` counts as two; the Arabic has not what stands in brackets.

        >>> Name("الحرس المدني", "Civil Guard [Guardia Civil]", "organisation").forms
        ('الحرس المدني', 'Civil Guard', 'Guardia Civil')
        """
        return (self.ar, *(part.strip() for part in self.en.rstrip("]").split("[") if part.strip()))


def load_names(report_id: str, folder: Path = BUNDLED) -> tuple[Name, ...]:
    """The names of a report, in the order of its table; none where it has no table."""
    path = folder / report_id / "names.json"
    if Path(report_id).name != report_id or not path.is_file():
        return ()
    table = json.loads(path.read_text("utf-8"))
    return tuple(
        Name(row["ar"], row["en"], kind, row.get("basis") == "unverified")
        for key, kind in _LISTS.items()
        for row in table.get(key, ())
    )
