"""Asking the systems around us how they are."""

from __future__ import annotations

import asyncio
import os

from sqlalchemy.exc import SQLAlchemyError

from service.clients.ray import ClusterResources, RayError
from service.cluster.repository import ClusterRepository
from service.cluster.schemas import Cluster, ClusterNode, Holding
from service.context import Context
from service.db import pending_migrations
from service.errors import FieldError, Unavailable
from service.jobs.lifecycle import JobState
from service.reconciler.lease import is_held_now
from service.version import installed_version

_WANTED = {
    "database": "a database that answers, with the tables of this version (python -m service.db)",
    "mlflow": "an MLflow server at STILLHOUSE_MLFLOW_URL",
    "ray": "the dashboard of a Ray head at STILLHOUSE_RAY_URL",
    "storage": "a folder or URI at STILLHOUSE_STORAGE, shared with the workers",
    "reconciler": "a running `python -m service.reconciler`",
}


async def describe_cluster(context: Context, *, visible: frozenset[str] | None) -> Cluster:
    """`visible` are the projects of which it is said what runs; None means all."""
    resources, mlflow, reconciler, holders = await asyncio.gather(
        _resources(context),
        context.mlflow.is_healthy(),
        _reconciler_is_active(context),
        _holders(context, visible),
    )
    nodes = sorted(resources.nodes if resources else (), key=lambda node: (not node.is_head, node.name, node.id))
    return Cluster(
        cpus_total=resources.cpus_total if resources else None,
        cpus_used=resources.cpus_used if resources else None,
        gpus_total=resources.gpus_total if resources else None,
        gpus_used=resources.gpus_used if resources else None,
        ray_state="up" if resources else "down",
        mlflow_state="up" if mlflow else "down",
        reconciler_state="up" if reconciler else "down",
        nodes=[ClusterNode.model_validate(node) for node in nodes],
        holders=holders,
        version=installed_version(),
    )


async def check_ready(context: Context) -> None:
    """Raises Unavailable, naming everything that is missing."""
    found = await asyncio.gather(
        _database_problem(context),
        context.mlflow.problem(),
        _ray_problem(context),
        asyncio.to_thread(_storage_problem, context),
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


async def _holders(context: Context, visible: frozenset[str] | None) -> list[Holding]:
    async with context.database.reading() as session:
        rows = await ClusterRepository(session).holders(visible)
    return [
        Holding(
            job_id=job.id,
            job_name=job.name,
            kind=job.kind,
            project=job.project,
            state=JobState(job.state),
            priority=job.priority,
            cpus=job.cpus,
            gpus=job.gpus,
            node_id=attempt.node_id if attempt else None,
            since=attempt.started_at if attempt else None,
        )
        for job, attempt in rows
    ]


async def _reconciler_is_active(context: Context) -> bool:
    async with context.database.reading() as session:
        return await is_held_now(session)


async def _database_problem(context: Context) -> str | None:
    try:
        pending = await pending_migrations(context.database)
    except (SQLAlchemyError, OSError) as error:
        return f"the database cannot be read: {error}"
    return f"the database lacks migrations: {', '.join(pending)}" if pending else None


async def _ray_problem(context: Context) -> str | None:
    try:
        await context.ray.version()
    except RayError as error:
        return str(error)
    return None


def _storage_problem(context: Context) -> str | None:
    if context.settings.storage_uri:
        return _uri_problem(context)
    storage = context.settings.storage
    if not storage.is_dir():
        return f"the storage folder {storage} does not exist"
    return None if os.access(storage, os.R_OK | os.W_OK) else f"the storage folder {storage} cannot be read and written"


def _uri_problem(context: Context) -> str | None:
    try:
        context.store.probe()
    except OSError as error:
        return str(error)
    return None
