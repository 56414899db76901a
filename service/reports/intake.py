"""Documents that are handed in, and the jobs that take reports in and out: one way for programs and for the page.

form, uploads = await read_form(request)
read = await state.documents.read(uploads, form.wanted())
job = start_adding(state, read, form.wanted())
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.datastructures import FormData, UploadFile

from corpus.errors import FiqraError, IndexMissing, Overloaded, UploadNotKept
from corpus.layout.told import refused
from corpus.readers.safety import LARGEST, MIB
from corpus.records import Language, Report
from index.disk.report_library import Decide
from index.disk.shelf import Added
from service.reports.indexing import bring_up_to_date
from service.reports.ingest import Upload, Wanted, take_in, take_out
from service.reports.jobs import Job, Progress
from service.reports.plans import plan_json
from service.state import State

MAX_UPLOAD = LARGEST + MIB
MOST_FILES = 4


class IntakeForm(BaseModel):
    """The fields of a form beside its files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    lang: tuple[Language, ...] = ()
    title: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    symbol: Annotated[str, StringConstraints(max_length=80)] | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    official: bool = False
    strict: bool = False
    force: bool = False
    dry_run: bool = False
    ocr: bool = False
    offer_original: bool = False

    def wanted(self) -> Wanted:
        """What the caller wants of the report."""
        return Wanted(**self.model_dump(exclude={"lang", "dry_run"}))


async def read_form(request: Request) -> tuple[IntakeForm, list[Upload]]:
    """The form's fields and files.

    Raises RequestValidationError, HTTPException for a body that is no such form, UploadNotKept for lack of room.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415, "send the documents as multipart/form-data, in fields named `file`")
    async with uploaded(request) as form:
        fields: dict[str, Any] = {key: value for key, value in form.multi_items() if key not in {"file", "lang"}}
        return await handed_in({**fields, "lang": tuple(form.getlist("lang"))}, form)


@asynccontextmanager
async def uploaded(request: Request) -> AsyncIterator[FormData]:
    """A form with its files, as long as it is needed. Raises UploadNotKept where there is no room for them."""
    try:
        async with request.form(max_files=MOST_FILES, max_fields=20, max_part_size=64 * 1024) as form:
            yield form
    except OSError as error:
        raise _not_kept(error) from error


async def handed_in(fields: Mapping[str, Any], form: FormData) -> tuple[IntakeForm, list[Upload]]:
    """The fields, checked, and the form's files. Raises RequestValidationError or DocumentRefused."""
    files = [value for value in form.getlist("file") if isinstance(value, UploadFile)]
    try:
        read = IntakeForm.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error
    if not files or (read.lang and len(read.lang) != len(files)):
        detail = f"{len(files)} files and {len(read.lang)} lang; send `file` once a language, and `lang` once a file"
        raise RequestValidationError([{"loc": ("body", "file"), "msg": detail, "type": "value_error"}])
    uploads = []
    for position, file in enumerate(files):
        if (file.size or 0) > LARGEST:
            raise refused("upload_too_large", size=file.size or 0, most=LARGEST)
        name = (file.filename or "document").replace("\\", "/").rsplit("/", 1)[-1][:120]
        uploads.append(Upload(name, await file.read(), read.lang[position] if read.lang else None))
    return read, uploads


def _not_kept(error: OSError) -> FiqraError:
    """Why the documents could not be laid down while they came in: starlette puts what is large into files."""
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return Overloaded("too many files are open here to take the documents in; try again in a moment")
    where = tempfile.tempdir or "the folder for temporary files"
    return UploadNotKept(
        f"the documents cannot be laid down in {where} while they come in ({error.strerror or error}): "
        "make room there, or start fiqra with TMPDIR naming a folder that has it, then send them again"
    )


def start_adding(
    state: State, read: Sequence[Upload], wanted: Wanted, afterwards: Callable[[], None] | None = None
) -> Job:
    """Take documents in that were read, and then do what comes `afterwards`. Raises Overloaded or Abandoned."""

    def work(progress: Progress) -> dict[str, Any]:
        plan, name = take_in(state.settings.library(), read, wanted, partial(_build, state, progress))
        if afterwards is not None:
            afterwards()
        return plan_json(plan, name)

    return state.running_jobs().start("ingest", wanted.id, work)


def start_removing(state: State, report_id: str, language: Language | None = None) -> Job:
    """Take an added report, or one language of it, out of the library and the index.

    Raises UnknownReport, Overloaded or Abandoned.
    """
    library = state.settings.library()
    library.must_have(report_id)

    def work(progress: Progress) -> dict[str, Any]:
        name = take_out(library, report_id, partial(_build, state, progress), language=language)
        return {"removed": report_id, "language": language, "index": name[:12]}

    return state.running_jobs().start("remove", report_id, work)


def _build(
    state: State,
    progress: Progress,
    base: tuple[Report, ...],
    added: tuple[Added, ...],
    decide: Decide,
) -> str:
    if state.embedder is None:
        raise IndexMissing("this service was started without a model, so that it can index nothing")
    return bring_up_to_date(state.settings, state.embedder, base, added, progress, decide=decide)
