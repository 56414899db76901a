"""Every setting, read once from the environment; the README's table lists them, and a test compares the two."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import FiqraError
from corpus.text import clean
from index.disk.report_library import ReportLibrary
from index.model.names import DEFAULT_MODEL
from service.http.wire.addresses import named_host

PREFIX = "FIQRA_"
MIN_TOKEN = 16
MAX_LABEL = 80
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ANY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104  # nosec B104 - compared with, not listened on
_PLAIN = ("int_", "float_", "bool_", "literal_", "greater_", "less_")


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _bare_address(url: HttpUrl) -> HttpUrl:
    if url.username or url.password or url.query or url.fragment:
        raise ValueError("is an address alone, such as http://localhost:11434/v1; a key goes into FIQRA_LLM_API_KEY")
    return url


def _one_word(key: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", key.get_secret_value()):
        raise ValueError("has a character that no key has: a space, a line break, or one beyond ASCII")
    return key


def _readable_limit(limit: str | None) -> str | None:
    if limit is not None:
        import limits  # noqa: PLC0415 - a third of what `fiqra show` imports, and hardly ever asked for

        try:
            limits.parse(limit)
        except ValueError as error:
            raise ValueError("is no rate; write one such as 60/minute or 1000/hour") from error
    return limit


def _long_enough(token: SecretStr) -> SecretStr:
    if len(token.get_secret_value()) < MIN_TOKEN:
        raise ValueError(f"is shorter than {MIN_TOKEN} characters; make one with `openssl rand -hex 32`")
    return token


def _hosts(listed: tuple[str, ...]) -> tuple[str, ...]:
    hosts = [host if host == "*" else named_host(host) for host in listed]
    if None in hosts:
        raise ValueError("has an entry that is no host name; write names alone, such as fiqra.example,192.0.2.1,[::1]")
    return tuple(filter(None, hosts))


def _labels(value: object) -> object:
    if not isinstance(value, str):
        return value
    given = [part.partition("=") for part in value.split(";") if part.strip()]
    labels = {name.strip(): clean(label) for name, _, label in given}
    if not all(name and 0 < len(label) <= MAX_LABEL for name, label in labels.items()):
        raise ValueError(f"is read as id=Label; id.ar=…; a label has 1 to {MAX_LABEL} characters")
    return labels


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class SettingsError(FiqraError):
    """The environment holds a setting that cannot be used."""


class Settings(BaseSettings):
    """What an operator can change. Unknown `FIQRA_…` variables are refused by `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    data_dir: Path = Field(Path("var"), description="Where models and the index are kept.")
    built_dir: Annotated[
        Path | None,
        Field(description="A data folder that was built before: what FIQRA_DATA_DIR lacks is copied from it."),
    ] = None
    model: str = Field(DEFAULT_MODEL, description="A sentence-transformers model: a folder or a name.")
    reader: Annotated[
        Literal["on", "off"],
        BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
        Field(description="Whether passages are read a second time where it is unsure that they answer: `on`, `off`."),
    ] = "on"
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535, description="The port to listen on; 0 takes a free one.")] = 8000
    public_url: Annotated[
        Annotated[HttpUrl, AfterValidator(_bare_address)] | None,
        Field(description="The address that people reach it at, for links; without it, the one a request came to."),
    ] = None
    threads: Annotated[int, Field(ge=1, le=256, description="Cores that may work at once.")] = 2
    queue: Annotated[int, Field(ge=1, le=100_000, description="Questions that may wait; the next gets 503.")] = 64
    queue_timeout_s: Annotated[float, Field(gt=0, le=600, description="How long one may wait; then 503.")] = 10.0
    body_timeout_s: Annotated[
        float, Field(gt=0, le=600, description="How long a body may take to arrive; then 408.")
    ] = 10.0
    allowed_hosts: Annotated[
        Listed,
        AfterValidator(_hosts),
        Field(
            description="Host names that are answered, separated by commas; `*` is any. Without it: those of the "
            "loopback, and the hosts of FIQRA_PUBLIC_URL and FIQRA_HOST."
        ),
    ] = ()
    allowed_origins: Annotated[
        Listed, Field(description="Origins whose pages may call, separated by commas; `*` is any.")
    ] = ()

    head_timeout_s: Annotated[
        float, Field(gt=0, le=600, description="How long a request's head may take to arrive; then 408.")
    ] = 10.0
    connections: Annotated[int, Field(ge=1, le=100_000, description="Connections that may be open at once.")] = 512
    connections_per_address: Annotated[
        int, Field(ge=1, le=100_000, description="How many of them one address may have; more get 503.")
    ] = 128
    grace_s: Annotated[
        int, Field(ge=1, le=3600, description="How long a service that is told to stop finishes what runs.")
    ] = 25
    rate_limit: Annotated[
        str | None,
        AfterValidator(_readable_limit),
        Field(description="Requests an address may send, such as `60/minute`; without it there is no limit."),
    ] = None
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        BeforeValidator(lambda level: level.upper() if isinstance(level, str) else level),
        Field(description="What is worth a line in the log: `DEBUG`, `INFO`, `WARNING` or `ERROR`."),
    ] = "INFO"
    log_questions: bool = Field(False, description="Log the questions' texts at INFO.")
    feedback: bool = Field(
        False, description="Keep what is not answered, and verdicts on answers, in the data folder; never whose."
    )
    wait_s: Annotated[
        float,
        Field(
            ge=0, le=86_400, description="How long `fiqra serve` waits for an index that it can serve, at its start."
        ),
    ] = 0.0
    watch_s: Annotated[
        float, Field(ge=0, le=3600, description="How often to look for a new index, in seconds; 0 is never.")
    ] = 2.0
    admin_token: Annotated[
        Annotated[SecretStr, AfterValidator(_one_word), AfterValidator(_long_enough)] | None,
        Field(description="What an admin call must bring; without it all of them are refused."),
    ] = None

    metrics_token: Annotated[
        Annotated[SecretStr, AfterValidator(_one_word), AfterValidator(_long_enough)] | None,
        Field(description="What a call of `/metrics` must bring; without it whoever reaches the service reads them."),
    ] = None
    labels: Annotated[
        dict[str, str] | None,
        NoDecode,
        BeforeValidator(_labels),
        Field(
            description="Short names of reports, shown where several are loaded, separated by semicolons: "
            "`harbours=Harbours;harbours.ar=المرافئ`. Without one it is the symbol, or else the title."
        ),
    ] = None
    store: Annotated[
        Literal["faiss", "milvus"], Field(description="Where vectors are searched: in the process, or in Milvus.")
    ] = "faiss"
    milvus_uri: Annotated[
        SecretStr | None,  # it may hold a user's name and password
        Field(description="Milvus's address, or a file for milvus-lite; needed with `milvus`.", validate_default=True),
    ] = None
    llm_base_url: Annotated[
        Annotated[HttpUrl, AfterValidator(_bare_address)] | None,
        Field(
            description="Where an OpenAI-compatible server answers, up to `/v1`; without it no language model is used."
        ),
    ] = None
    llm_model: Annotated[str | None, Field(description="The model to ask there.", validate_default=True)] = None
    llm_api_key: Annotated[
        Annotated[SecretStr, AfterValidator(_one_word)] | None, Field(description="The key to send, if it wants one.")
    ] = None
    llm_timeout_s: Annotated[
        float, Field(gt=0, le=600, description="How long its reply may take; then the answer goes out without it.")
    ] = 20.0

    @field_validator("milvus_uri")
    @classmethod
    def _addressed_where_used(cls, uri: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if info.data.get("store") == "milvus" and not uri:
            raise ValueError("is needed where FIQRA_STORE is milvus; such as http://localhost:19530")
        return uri

    @field_validator("llm_model")
    @classmethod
    def _named_where_asked(cls, model: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("llm_base_url") is not None and not model:
            raise ValueError("is needed where FIQRA_LLM_BASE_URL is set; name a model that the server has")
        return model

    def library(self) -> ReportLibrary:
        """The reports there are: those that come with fiqra, and those added below the data folder."""
        return ReportLibrary(self.data_dir / "reports")

    @property
    def answered_hosts(self) -> tuple[str, ...]:
        """The host names that are answered, in the form of `host_of`, or `*`."""
        if self.allowed_hosts:
            return self.allowed_hosts
        own = [self.public_url.host if self.public_url else None, self.host if self.host not in ANY_ADDRESS else None]
        return tuple(dict.fromkeys(filter(None, (*_LOOPBACK, *(named_host(host) for host in own if host)))))

    @property
    def tray_dir(self) -> Path:
        """Where documents wait for a person to look at them."""
        return self.data_dir / "tray"

    @property
    def index_dir(self) -> Path:
        """Where indexes are kept."""
        return self.data_dir / "index"


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError naming each variable that is unknown or does not fit."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    if unknown := sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        near = [name for each in unknown for name in get_close_matches(each, known, 1)]
        meant = f" (did you mean {', '.join(near)}?)" if near else ""
        raise SettingsError(f"unknown setting {', '.join(unknown)}{meant}; there are {', '.join(sorted(known))}")
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{PREFIX}{str(e['loc'][0]).upper()}{_found(e)}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"{wrong}; see the settings table in the README") from None  # it may quote a secret


def _found(error: ErrorDetails) -> str:
    """The wrong value, for a message, where the setting is a number or one of a few words; others may be secret."""
    return f" is {str(error['input'])[:40]!r}" if error["type"].startswith(_PLAIN) else ""
