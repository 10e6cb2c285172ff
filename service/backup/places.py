"""Where the parts of an installation lie, and where they lie in a backup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from service.access.owner import FILE_NAME as OWNER_TOKEN
from service.settings import Settings

DATABASE, MLFLOW, SECRETS = "database", "mlflow", "secrets"
CACHE = "cache"  # of the storage: outputs of teachers, which are computed again


@dataclass(frozen=True)
class Places:
    """Two databases, some folders, and the files that are secret."""

    state: Path
    database_url: str
    mlflow_url: str
    storage: str
    folders: Mapping[str, Path]
    secrets: Mapping[str, Path]

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        mlflow_url: str | None = None,
        mlflow_artifacts: Path | None = None,
        with_data: bool = False,
    ) -> Self:
        """`mlflow_url` and `mlflow_artifacts` are what MLflow's server was started with, else those below the state."""
        folders = {"mlartifacts": mlflow_artifacts or settings.state / "mlartifacts"}
        if not settings.storage_uri:  # what lies behind a URI is kept by who keeps that
            folders["storage"] = settings.storage
        if with_data:
            folders["data"] = settings.data
        return cls(
            state=settings.state,
            database_url=settings.database_url,
            mlflow_url=mlflow_url or f"sqlite:///{settings.state / 'mlflow.db'}",
            storage=settings.storage_at,
            folders=folders,
            secrets={OWNER_TOKEN: settings.state / OWNER_TOKEN},
        )
