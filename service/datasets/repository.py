"""Queries for data sets and their versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.checks.states import CheckState
from service.datasets.models import DatasetRow, DatasetVersionRow


class DatasetRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, name: str) -> DatasetRow | None:
        query = select(DatasetRow).where(DatasetRow.name == name, DatasetRow.deleted_at.is_(None))
        return (await self.session.scalars(query)).one_or_none()

    async def get_locked(self, name: str) -> DatasetRow | None:
        """A data set, also a deleted one; nobody else can add a version before this transaction ends."""
        query = select(DatasetRow).where(DatasetRow.name == name).with_for_update()
        return (await self.session.scalars(query)).one_or_none()

    async def version(self, name: str, version: int) -> DatasetVersionRow | None:
        query = select(DatasetVersionRow).where(DatasetVersionRow.name == name, DatasetVersionRow.version == version)
        return (await self.session.scalars(query)).one_or_none()

    async def by_id(self, version_id: str) -> DatasetVersionRow | None:
        query = select(DatasetVersionRow).where(DatasetVersionRow.id == version_id)
        return (await self.session.scalars(query)).one_or_none()

    async def versions(self, name: str) -> Sequence[DatasetVersionRow]:
        """All versions, newest first."""
        query = (
            select(DatasetVersionRow).where(DatasetVersionRow.name == name).order_by(DatasetVersionRow.version.desc())
        )
        return (await self.session.scalars(query)).all()

    async def newest_ready(self, name: str) -> DatasetVersionRow | None:
        query = (
            select(DatasetVersionRow)
            .where(DatasetVersionRow.name == name, DatasetVersionRow.state == CheckState.READY.value)
            .order_by(DatasetVersionRow.version.desc())
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def twin(self, row: DatasetVersionRow, content_hash: str) -> DatasetVersionRow | None:
        """An older version of the same data set with the same content."""
        query = (
            select(DatasetVersionRow)
            .where(
                DatasetVersionRow.name == row.name,
                DatasetVersionRow.hash == content_hash,
                DatasetVersionRow.version < row.version,
            )
            .order_by(DatasetVersionRow.version)
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def page(
        self,
        *,
        limit: int,
        after: int | None,
        visible: Collection[str] | None,
        project: str | None,
        text: str | None,
    ) -> Sequence[tuple[DatasetRow, DatasetVersionRow]]:
        """Data sets with their newest versions, newest first; `visible` are the projects that may be seen."""
        query = (
            select(DatasetRow, DatasetVersionRow)
            .join(
                DatasetVersionRow,
                (DatasetVersionRow.name == DatasetRow.name) & (DatasetVersionRow.version == DatasetRow.latest),
            )
            .where(DatasetRow.deleted_at.is_(None))
            .order_by(DatasetRow.seq.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.where(DatasetRow.seq < after)
        if visible is not None:
            query = query.where(DatasetRow.project.in_(sorted(visible)))
        if project is not None:
            query = query.where(DatasetRow.project == project)
        if text:
            needle = text.lower()
            columns = (DatasetRow.name, DatasetVersionRow.description)
            query = query.where(or_(*(func.lower(column).contains(needle, autoescape=True) for column in columns)))
        return [(row[0], row[1]) for row in (await self.session.execute(query)).all()]
