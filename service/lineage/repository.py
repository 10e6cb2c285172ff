"""Queries along the lineage: which jobs and models were made from what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.jobs.lifecycle import FINAL
from service.jobs.models import JobRow
from service.lineage.models import JobInputRow
from service.models.models import ModelRow, ModelVersionRow
from workers.spec.checks import CheckKind

_SHOWN = 5
MAX_DESCENDANTS = 200


@dataclass(frozen=True)
class Users:
    """What still needs a data set or model."""

    jobs: tuple[str, ...]
    models: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.jobs or self.models)

    def in_words(self) -> str:
        parts = [_list("job", self.jobs), _list("model", self.models)]
        return " and ".join(part for part in parts if part)


def _list(noun: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return f"the {noun} {shown}" if len(names) == 1 else f"the {noun}s {shown}"


class LineageRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def inputs(self, job_id: str) -> Sequence[JobInputRow]:
        return (await self.session.scalars(select(JobInputRow).where(JobInputRow.job_id == job_id))).all()

    async def users_of(self, kind: CheckKind, name: str) -> Users:
        """Jobs that have not ended and name it, and models that are kept and were made from it."""
        named = (JobInputRow.kind == kind, JobInputRow.name == name)
        jobs = await self.session.scalars(
            select(JobRow.id)
            .join(JobInputRow, JobInputRow.job_id == JobRow.id)
            .where(*named, JobRow.state.not_in([state.value for state in FINAL]))
            .order_by(JobRow.seq)
        )
        models = await self.session.execute(
            select(ModelVersionRow.name, ModelVersionRow.version)
            .join(JobInputRow, JobInputRow.job_id == ModelVersionRow.job_id)
            .join(ModelRow, ModelRow.name == ModelVersionRow.name)
            .where(*named, ModelRow.deleted_at.is_(None))
            .order_by(ModelVersionRow.seq)
        )
        return Users(tuple(jobs), tuple(f"{model}@{version}" for model, version in models if model != name))

    async def descendants(
        self, kind: CheckKind, name: str, version: int | None, *, visible: Collection[str] | None
    ) -> Sequence[tuple[JobInputRow, JobRow]]:
        """Jobs that name it, newest first; those of projects that may be seen."""
        query = (
            select(JobInputRow, JobRow)
            .join(JobRow, JobRow.id == JobInputRow.job_id)
            .where(JobInputRow.kind == kind, JobInputRow.name == name)
            .order_by(JobRow.seq.desc())
            .limit(MAX_DESCENDANTS)
        )
        if version is not None:
            query = query.where(JobInputRow.version == version)
        if visible is not None:
            query = query.where(JobRow.project.in_(sorted(visible)))
        return [(row[0], row[1]) for row in (await self.session.execute(query)).all()]

    async def students(self, job_ids: Collection[str]) -> dict[str, list[str]]:
        """For each job the models that its student is a version of."""
        found: dict[str, list[str]] = {job_id: [] for job_id in job_ids}
        query = (
            select(ModelVersionRow)
            .join(ModelRow, ModelRow.name == ModelVersionRow.name)
            .where(ModelVersionRow.job_id.in_(job_ids), ModelRow.deleted_at.is_(None))
            .order_by(ModelVersionRow.seq)
        )
        for row in await self.session.scalars(query):
            assert row.job_id is not None
            found[row.job_id].append(f"{row.name}@{row.version}")
        return found
