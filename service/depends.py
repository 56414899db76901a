"""What a route gets handed: the state that the app was built with."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from service.state import State


def get_state(request: Request) -> State:
    """The state that the app was built with."""
    state: State = request.app.state.fiqra
    return state


CurrentState = Annotated[State, Depends(get_state)]
