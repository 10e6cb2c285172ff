"""Asking the systems around us how they are."""

from __future__ import annotations

import asyncio

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from service.clients.ray import ClusterResources, RayError
from service.cluster.schemas import Cluster
from service.context import Context
from service.db import pending_migrations
from service.db.base import utc_now
from service.errors import Unavailable
from service.reconciler.models import LeaseRow
from service.version import installed_version


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
    missing = [
        *await _database_problems(context),
        *([] if await context.mlflow.is_healthy() else [f"MLflow does not answer at {context.settings.mlflow_url}"]),
        *await _ray_problems(context),
    ]
    if missing:
        raise Unavailable("; ".join(missing))


async def _resources(context: Context) -> ClusterResources | None:
    try:
        return await context.ray.resources()
    except RayError:
        return None


async def _reconciler_is_active(context: Context) -> bool:
    async with context.database.reading() as session:
        query = select(LeaseRow).where(LeaseRow.name == "reconciler", LeaseRow.expires_at > utc_now())
        return (await session.scalars(query)).first() is not None


async def _database_problems(context: Context) -> list[str]:
    try:
        pending = await pending_migrations(context.database)
    except (SQLAlchemyError, OSError) as error:
        return [f"the database cannot be read: {error}"]
    return [f"the database lacks migrations: {', '.join(pending)}"] if pending else []


async def _ray_problems(context: Context) -> list[str]:
    try:
        await context.ray.version()
    except RayError as error:
        return [str(error)]
    return []
