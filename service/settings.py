"""Every setting, read once from the environment; the README's table lists them, and a test compares the two."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import FiqraError
from index.names import DEFAULT_MODEL

PREFIX = "FIQRA_"


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class SettingsError(FiqraError):
    """The environment holds a setting that cannot be used."""


class Settings(BaseSettings):
    """What an operator can change. Unknown `FIQRA_…` variables are refused by `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Field(Path("var"), description="Where models and the index are kept.")
    model: str = Field(DEFAULT_MODEL, description="A sentence-transformers model: a folder or a name.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535, description="The port to listen on; 0 takes a free one.")] = 8000
    threads: Annotated[int, Field(ge=1, le=256, description="Threads of the model and of the vector search.")] = 2
    queue: Annotated[int, Field(ge=1, le=100_000, description="Questions that may wait; the next gets 503.")] = 64
    queue_timeout_s: Annotated[float, Field(gt=0, le=600, description="How long one may wait; then 503.")] = 10.0
    body_timeout_s: Annotated[
        float, Field(gt=0, le=600, description="How long a body may take to arrive; then 408.")
    ] = 10.0
    allowed_hosts: Annotated[
        Listed, Field(description="Host names that are answered, separated by commas; `*` is any.")
    ] = ("*",)
    allowed_origins: Annotated[
        Listed, Field(description="Origins whose pages may call, separated by commas; `*` is any.")
    ] = ()

    @property
    def index_dir(self) -> Path:
        """Where indexes are kept."""
        return self.data_dir / "index"


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError naming each variable that is unknown or does not fit."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    if unknown := sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        raise SettingsError(f"unknown setting {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"{wrong}; see the settings table in the README") from error
