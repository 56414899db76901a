"""What routes get handed: the state that the app was built with, and what several of them read from the address."""

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
    """Awaited, since FastAPI sends what is not through a thread, twice the way of a question for a look at a field."""
    return state_of(request)


CurrentState = Annotated[State, Depends(_get_state)]


def _left_out(value: object) -> object:
    """Take `?lang=` for what it says: nothing."""
    return None if value == "" else value


Empty = BeforeValidator(_left_out)
Lang = Annotated[Language | None, Empty, Query(description="The report's first language where it is left out.")]
ReportName = Annotated[str, Field(max_length=200)]
# A bound stands on the number inside: on the whole it would meet the None of `?year=` too.
Year = Annotated[Annotated[int, Field(ge=1900, le=2100)] | None, Empty, Query(description="Only reports of this year.")]
