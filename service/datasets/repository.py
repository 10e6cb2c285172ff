"""Queries for data sets and their versions, beside those that all named things have."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.datasets.models import DatasetRow, DatasetVersionRow
from service.named.repository import NamedRepository


class DatasetRepository(NamedRepository[DatasetRow, DatasetVersionRow]):
    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, DatasetRow, DatasetVersionRow)

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
