"""Where the repository, the test documents and the built index lie, and which report all of it is about."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = ROOT / "tests" / "documents"
REPORT_ID = "kyoto-2021-workshop-4"
DATA_DIR = Path(os.environ.get("FIQRA_DATA_DIR", "var")).absolute()
