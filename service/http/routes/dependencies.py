"""FastAPI dependencies: the state that the app was built with, and parameters that several routes have."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator, Field

from corpus.records import Language
from service.state import State


def state_of(request: Request) -> State:
    """The state that the app was built with."""
    state: State = request.app.state.fiqra
    return state


async def _get_state(request: Request) -> State:
    """Hand a route the state; `async`, because FastAPI runs other functions in a thread, which takes far longer."""
    return state_of(request)


CurrentState = Annotated[State, Depends(_get_state)]


def _left_out(value: object) -> object:
    """Read an empty parameter, `?lang=`, like one that is left out."""
    return None if value == "" else value


Empty = BeforeValidator(_left_out)
Lang = Annotated[Language | None, Empty, Query(description="The report's first language where it is left out.")]
ReportName = Annotated[str, Field(max_length=200)]
# The bounds belong to the inner type: on the outer one they would be compared with the None of `?year=` too.
Year = Annotated[Annotated[int, Field(ge=1900, le=2100)] | None, Empty, Query(description="Only reports of this year.")]
