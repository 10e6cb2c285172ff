"""What a process of the service reads from its environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from service.observability.logs import LogFormat
from workers.storage.objects import check_uri, is_uri


def read_networks(networks: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks that commas separate. Raises ValueError."""
    return tuple(ip_network(each.strip()) for each in networks.split(",") if each.strip())


class SettingsError(Exception):
    """The environment does not make sense; the message names the variable."""


class Settings(BaseModel):
    """Settings of API, reconciler and stack. Each field is the variable STILLHOUSE_<FIELD>."""

    model_config = ConfigDict(frozen=True)

    state: Path = Field(description="Folder that gives the other folders and the database their defaults.")
    database_url: str = Field(description="SQLAlchemy URL: sqlite+aiosqlite:///... or postgresql+psycopg://...")
    storage: Path = Field(
        description="Folder that workers and reconciler share, for orders, logs and checkpoints; or a URI such as "
        "s3://bucket/folder, of which this is then where the service keeps a copy of what it looks at."
    )
    storage_uri: str = Field(default="", description="Not to be set: STILLHOUSE_STORAGE, where that is a URI.")
    data: Path = Field(description="Folder at which relative paths of specs start.")
    roots: str = Field(default="", description="More folders that specs may name, separated by colons.")
    mlflow_url: str = "http://127.0.0.1:8471"
    ray_url: str = "http://127.0.0.1:8472"
    mlflow_token: str = Field(default="", repr=False, description="What an MLflow server that wants a token is sent.")
    ray_token: str = Field(default="", repr=False, description="What a Ray in token mode (RAY_AUTH_TOKEN) is sent.")
    host: str = "127.0.0.1"
    port: int = Field(default=8470, ge=0, le=65535)
    worker_python: str = Field(default=sys.executable, description="Python that runs attempts on the cluster's nodes.")
    log_format: LogFormat = Field(default="auto", description="auto is text on a terminal and JSON elsewhere.")
    alive_file: str = Field(default="", description="File that a living reconciler touches, for its health check.")
    poll_s: float = Field(default=0.5, gt=0, description="Pause between two rounds of the reconciler.")
    lease_s: float = Field(default=10, gt=0, description="A reconciler that is silent for so long is replaced.")
    heartbeat_timeout_s: float = Field(default=20, gt=0, description="Silence after which an attempt counts as lost.")
    start_timeout_s: float = Field(default=120, gt=0, description="An attempt that shows no life for so long is lost.")
    preemption: bool = Field(
        default=False, description="Whether jobs may be paused for those of higher priority, where their specs allow."
    )
    preemption_min_run_s: float = Field(
        default=60, ge=0, description="No attempt is paused for another job before it has run for so long."
    )
    stop_timeout_s: float = Field(default=20, gt=0, description="A cancel is forced after so many seconds.")
    check_timeout_s: float = Field(default=600, gt=0, description="The check of a data set or model may take so long.")
    min_free_bytes: int = Field(
        default=256 * 2**20, ge=0, description="No attempt is started while the storage has less space than this left."
    )
    max_log_bytes: int = Field(
        default=256 * 2**20, ge=2**20, description="So much of an attempt's log is kept: its beginning and its end."
    )
    keep_best_checkpoint: bool = Field(
        default=False, description="Whether trainings of jobs keep their best checkpoint beside the newest two."
    )
    prune_after_h: float = Field(
        default=0, ge=0, description="Hours after a job's end at which checkpoints that nothing needs go; 0 for never."
    )
    prune_keep_last: int = Field(
        default=1, ge=0, description="Newest checkpoints that stay of each training that succeeded."
    )
    prune_keep_best: bool = Field(default=True, description="Whether the checkpoint of the best student stays, too.")
    max_upload_bytes: int = Field(default=2 * 2**30, gt=0, description="Largest weights file that may be uploaded.")

    @property
    def allowed_roots(self) -> tuple[Path, ...]:
        """Folders below which the files that specs name must lie."""
        more = (Path(root).expanduser().resolve() for root in self.roots.split(":") if root)
        return (self.data, *(() if self.storage_uri else (self.storage,)), *more)

    webhooks_allow_private: str = Field(
        default="",
        description="Networks that webhooks may reach although they are not the public internet, as 10.0.0.0/8,...",
    )

    @field_validator("webhooks_allow_private")
    @classmethod
    def _are_networks(cls, networks: str) -> str:
        read_networks(networks)
        return networks

    @property
    def webhook_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return read_networks(self.webhooks_allow_private)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Raises SettingsError where a variable is set to something that makes no sense."""
        source = os.environ if environment is None else environment
        given = {
            name: source[variable]
            for name in cls.model_fields
            if (variable := f"STILLHOUSE_{name.upper()}") in source and source[variable] and name != "storage_uri"
        }
        state = Path(given.get("state", "~/.stillhouse")).expanduser().resolve()
        given["state"] = str(state)
        given.setdefault("database_url", f"sqlite+aiosqlite:///{state / 'stillhouse.db'}")
        if is_uri(given.get("storage", "")):
            given["storage_uri"] = _checked(given["storage"])
            given["storage"] = str(state / "storage-copy")
        for folder in ("storage", "data"):
            given[folder] = str(Path(given.get(folder, state / folder)).expanduser().resolve())
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            variable = f"STILLHOUSE_{str(first['loc'][0]).upper()}"
            raise SettingsError(f"{variable} is {first['input']!r}: {first['msg']}") from error

    @classmethod
    def or_exit(cls) -> Self:
        """The environment's settings; a process that cannot have them ends with the reason, status 2."""
        try:
            return cls.from_environment()
        except SettingsError as error:
            print(error, file=sys.stderr)
            raise SystemExit(2) from error

    def as_environment(self) -> dict[str, str]:
        """The variables that give another process the same settings."""
        found = {f"STILLHOUSE_{name.upper()}": str(value) for name, value in self if name != "storage_uri"}
        return {**found, "STILLHOUSE_STORAGE": self.storage_at}

    @property
    def storage_at(self) -> str:
        """The storage as workers are told of it: a folder or a URI."""
        return self.storage_uri or str(self.storage)


def _checked(uri: str) -> str:
    try:
        check_uri(uri)
    except ValueError as error:
        raise SettingsError(f"STILLHOUSE_STORAGE: {error}") from error
    return uri.rstrip("/")
