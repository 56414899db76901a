"""Runs one kind of fault and prints what broke as JSON."""

from __future__ import annotations

import argparse
import json
import sys

from tests.durability.builder import audit
from tests.durability.crowds import full, race
from tests.durability.kills import kill
from tests.durability.library import full_changes, kill_changes, power_changes
from tests.durability.power import power


def main() -> None:
    """Run one kind of fault and print what broke as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["kill", "power", "race", "full"])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--losses", type=int, default=200)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--ignore", choices=["", "file", "folder"], default="")
    parser.add_argument("--of", choices=["index", "library"], default="index")
    given = parser.parse_args()
    sys.addaudithook(audit)
    found = {
        "kill": lambda: (kill if given.of == "index" else kill_changes)(given.every),
        "power": lambda: (power if given.of == "index" else power_changes)(given.losses, given.ignore),
        "race": lambda: race(6),
        "full": lambda: (full if given.of == "index" else full_changes)(given.points),
    }[given.kind]()
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
