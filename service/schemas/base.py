"""What every schema is built on: frozen, and strict with what comes in."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Incoming(BaseModel):
    """What a caller sends: nothing but the fields that there are."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Outgoing(BaseModel):
    """What fiqra answers with."""

    model_config = ConfigDict(frozen=True)
