"""What a route gets handed: the state that the app was built with."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from service.state import State


def state_of(request: Request) -> State:
    """The state that the app was built with."""
    state: State = request.app.state.fiqra
    return state


async def _get_state(request: Request) -> State:
    """Awaited, since FastAPI sends what is not through a thread, twice the way of a question for a look at a field."""
    return state_of(request)


CurrentState = Annotated[State, Depends(_get_state)]
