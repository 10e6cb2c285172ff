"""Queries that data sets and models have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Generic, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from service.checks.states import CheckState
from service.db.base import utc_now
from service.named.models import Named, Version

NamedRow = TypeVar("NamedRow", bound=Named)
VersionRow = TypeVar("VersionRow", bound=Version)


class NamedRepository(Generic[NamedRow, VersionRow]):
    """Queries on a table of names and the table of their versions."""

    def __init__(self, session: AsyncSession, named: type[NamedRow], versions: type[VersionRow]) -> None:
        self.session = session
        self._named = named
        self._versions = versions

    async def get(self, name: str) -> NamedRow | None:
        query = select(self._named).where(self._named.name == name, self._named.deleted_at.is_(None))
        return (await self.session.scalars(query)).one_or_none()

    async def get_any(self, name: str) -> NamedRow | None:
        """The row of a name, also of a deleted one."""
        return (await self.session.scalars(select(self._named).where(self._named.name == name))).one_or_none()

    async def get_locked(self, name: str) -> NamedRow | None:
        """The same; nobody else can add a version before this transaction ends."""
        query = select(self._named).where(self._named.name == name).with_for_update()
        return (await self.session.scalars(query)).one_or_none()

    async def claim(self, name: str, project: str) -> NamedRow:
        """The row of a name, locked; made for the project if it is new. It may belong to another project."""
        row = await self.get_locked(name)
        if row is None:
            row = self._named(name=name, project=project, latest=0, created_at=utc_now())
            try:
                async with self.session.begin_nested():
                    self.session.add(row)
            except IntegrityError:  # another request was faster
                row = await self.get_locked(name)
                if row is None:
                    raise
        return row

    async def version(self, name: str, version: int) -> VersionRow | None:
        query = select(self._versions).where(self._versions.name == name, self._versions.version == version)
        return (await self.session.scalars(query)).one_or_none()

    async def by_id(self, version_id: str) -> VersionRow | None:
        return (await self.session.scalars(select(self._versions).where(self._versions.id == version_id))).one_or_none()

    async def versions(self, name: str) -> Sequence[VersionRow]:
        """All versions, newest first."""
        query = select(self._versions).where(self._versions.name == name).order_by(self._versions.version.desc())
        return (await self.session.scalars(query)).all()

    async def newest_ready(self, name: str) -> VersionRow | None:
        query = (
            select(self._versions)
            .where(self._versions.name == name, self._versions.state == CheckState.READY.value)
            .order_by(self._versions.version.desc())
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
    ) -> Sequence[tuple[NamedRow, VersionRow]]:
        """Names with their newest versions, newest first; `visible` are the projects that may be seen."""
        named, versions = self._named, self._versions
        query = (
            select(named, versions)
            .join(versions, (versions.name == named.name) & (versions.version == named.latest))
            .where(named.deleted_at.is_(None))
            .order_by(named.seq.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.where(named.seq < after)
        if visible is not None:
            query = query.where(named.project.in_(sorted(visible)))
        if project is not None:
            query = query.where(named.project == project)
        if text:
            columns = (named.name, versions.description)
            query = query.where(or_(*(func.lower(one).contains(text.lower(), autoescape=True) for one in columns)))
        return [(row[0], row[1]) for row in (await self.session.execute(query)).all()]
