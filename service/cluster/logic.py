"""Asking the systems around us how they are."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from service.clients.ray import ClusterResources, RayError
from service.cluster.schemas import Cluster
from service.context import Context
from service.db import pending_migrations
from service.db.base import utc_now
from service.errors import FieldError, Unavailable
from service.reconciler.models import LeaseRow
from service.version import installed_version

_WANTED = {
    "database": "a database that answers, with the tables of this version (python -m service.db)",
    "mlflow": "an MLflow server at STILLHOUSE_MLFLOW_URL",
    "ray": "the dashboard of a Ray head at STILLHOUSE_RAY_URL",
    "storage": "a folder at STILLHOUSE_STORAGE, shared with the workers",
    "reconciler": "a running `python -m service.reconciler`",
}


async def describe_cluster(context: Context) -> Cluster:
    resources, mlflow, reconciler = await asyncio.gather(
        _resources(context), context.mlflow.is_healthy(), _reconciler_is_active(context)
    )
    return Cluster(
        cpus_total=resources.cpus_total if resources else None,
        cpus_used=resources.cpus_used if resources else None,
        gpus_total=resources.gpus_total if resources else None,
        gpus_used=resources.gpus_used if resources else None,
        ray_state="up" if resources else "down",
        mlflow_state="up" if mlflow else "down",
        reconciler_state="up" if reconciler else "down",
        version=installed_version(),
    )


async def check_ready(context: Context) -> None:
    """Raises Unavailable, naming everything that is missing."""
    found = await asyncio.gather(
        _database_problem(context),
        _mlflow_problem(context),
        _ray_problem(context),
        asyncio.to_thread(_storage_problem, context.settings.storage),
    )
    missing = dict(zip(("database", "mlflow", "ray", "storage"), found, strict=True))
    if missing["database"] is None and not await _reconciler_is_active(context):
        missing["reconciler"] = "no reconciler holds the lease: nothing is started, and nothing that runs is watched"
    errors = [
        FieldError(field=name, message=words, found=None, wanted=_WANTED[name])
        for name, words in missing.items()
        if words
    ]
    if errors:
        raise Unavailable("; ".join(error.message for error in errors), errors=tuple(errors))


async def _resources(context: Context) -> ClusterResources | None:
    try:
        return await context.ray.resources()
    except RayError:
        return None


async def _reconciler_is_active(context: Context) -> bool:
    async with context.database.reading() as session:
        query = select(LeaseRow).where(LeaseRow.name == "reconciler", LeaseRow.expires_at > utc_now())
        return (await session.scalars(query)).first() is not None


async def _database_problem(context: Context) -> str | None:
    try:
        pending = await pending_migrations(context.database)
    except (SQLAlchemyError, OSError) as error:
        return f"the database cannot be read: {error}"
    return f"the database lacks migrations: {', '.join(pending)}" if pending else None


async def _mlflow_problem(context: Context) -> str | None:
    return None if await context.mlflow.is_healthy() else f"MLflow does not answer at {context.settings.mlflow_url}"


async def _ray_problem(context: Context) -> str | None:
    try:
        await context.ray.version()
    except RayError as error:
        return str(error)
    return None


def _storage_problem(storage: Path) -> str | None:
    if not storage.is_dir():
        return f"the storage folder {storage} does not exist"
    return None if os.access(storage, os.R_OK | os.W_OK) else f"the storage folder {storage} cannot be read and written"
