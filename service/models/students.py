"""Students of jobs as versions of models: how they are named and described without loading them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from service.checks.states import CheckState
from service.db.base import utc_now
from service.jobs.models import JobRow
from service.models.models import ModelRow, ModelVersionRow
from service.models.repository import ModelRepository
from service.models.versions import add_version
from service.sweeps.models import TrialRow
from workers.spec.checks import ModelReport
from workers.spec.weights import describe, file_sha256
from workers.storage.near import Store

_LONGEST = 64


async def default_name(models: ModelRepository, job: JobRow) -> str:
    """The model that a job's student becomes a version of: jobs of one name and project share it."""
    slug = _slug(job.name) or "student"
    for name in (slug, f"{_slug(job.project)[:20]}.{slug}"[:_LONGEST]):
        model = await models.get_locked(name)
        if re.match(r"[a-z0-9]", name) and (model is None or model.project == job.project):
            return name
    return f"{slug[: _LONGEST - len(job.id) - 1]}.{job.id}"


async def adopt(
    models: ModelRepository,
    model: ModelRow,
    job: JobRow,
    path: Path,
    *,
    store: Store,
    actor: str,
    trial: TrialRow | None = None,
) -> ModelVersionRow:
    """Make the student of a job, or of a sweep's trial, the next version of a model.

    The trainer wrote the file, so that it is ready at once.

    Raises:
        OSError: the file cannot be read.
        BadWeights: it is no student.
    """
    report = await asyncio.to_thread(_describe, store, path)
    source = {"job": job.id, **({} if trial is None else {"trial": trial.number})}
    row = add_version(models, model, source=source, weights=store.named(path), job=job, actor=actor, trial=trial)
    row.state = CheckState.READY.value
    row.checked_at = utc_now()
    row.sha256 = report.sha256
    row.size_bytes = report.size_bytes
    row.report = report.model_dump(mode="json")
    await models.session.flush()
    return row


def _describe(store: Store, path: Path) -> ModelReport:
    store.fetch(path)
    return describe(path, sha256=file_sha256(path))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST].rstrip("-")
