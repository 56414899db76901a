"""What people import: fiqra over HTTP, in one's own process, and its grammar of paragraph references.

    from fiqra import Fiqra, open_index, parse_refs

    with Fiqra("http://127.0.0.1:8000") as service:
        print(service.ask("Who moderated the workshop?").answer)
    print(open_index().ask("من أدار جلسات حلقة العمل؟").answer)

`AsyncFiqra` is the first one awaited; `fiqra.langchain` and `fiqra.llamaindex` have retrievers for others. All of it is
a front: the work is done in `corpus`, `index` and `service`, which import nothing of it. Importing it loads no NumPy.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import FiqraError, UnknownParagraph, UnknownReport
from corpus.records import Language
from corpus.refs import Mention, Ref, RefRange, UnreadableReference, find_refs, parse_ref, parse_refs
from service.client import AsyncFiqra, Fiqra, Part, ServiceError
from service.schemas.answers import AskResponse, Citation, Statement
from service.schemas.drafts import VerifyResponse
from service.schemas.paragraphs import ParagraphOut
from service.schemas.passages import PassageOut, SearchResponse
from service.schemas.problems import Problem
from service.schemas.questions import Filters, Turn
from service.schemas.reports import ReportOut

if TYPE_CHECKING:
    from service.in_process import Library

__all__ = [
    "AskResponse",
    "AsyncFiqra",
    "Citation",
    "Filters",
    "Fiqra",
    "FiqraError",
    "Language",
    "Library",
    "Mention",
    "ParagraphOut",
    "Part",
    "PassageOut",
    "Problem",
    "Ref",
    "RefRange",
    "ReportOut",
    "SearchResponse",
    "ServiceError",
    "Statement",
    "Turn",
    "UnknownParagraph",
    "UnknownReport",
    "UnreadableReference",
    "VerifyResponse",
    "__version__",
    "find_refs",
    "open_index",
    "parse_ref",
    "parse_refs",
]

__version__ = version("fiqra")


def open_index(data_dir: Path | str | None = None) -> Library:
    """The index that `fiqra build` made, to be asked without a server: `Fiqra`'s calls, in this process.

    It lies below `data_dir`, or where `FIQRA_DATA_DIR` says; the other settings are the environment's too. Raises
    ModelError or IndexRefused, with what to do.

    >>> open_index().paragraphs("21(k)", language="en")[0].text
    'Member States are encouraged to …'
    """
    from service.in_process import Library  # noqa: PLC0415 - NumPy and FAISS, which a client does without
    from service.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    if data_dir is not None:
        settings = settings.model_copy(update={"data_dir": Path(data_dir)})
    return Library.load(settings)


if not TYPE_CHECKING:  # a type checker shall name what is not there

    def __getattr__(name: str) -> object:
        """`Library`, what `open_index` returns, once somebody asks for it by name."""
        if name == "Library":
            from service.in_process import Library  # noqa: PLC0415 - as above

            return Library
        raise AttributeError(f"module 'fiqra' has no attribute {name!r}")
