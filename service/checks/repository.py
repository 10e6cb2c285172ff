"""Queries for checks, and what a version under check looks like to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.checks.models import CheckRow
from service.checks.states import CheckState
from service.db.base import utc_now
from workers.spec.checks import NODES, CheckKind


class Checked(Protocol):
    """A version of a data set or model, as far as its checks go."""

    id: str
    state: str
    reason: str
    check_number: int


class CheckRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, check_id: int) -> CheckRow | None:
        return await self.session.get(CheckRow, check_id)

    async def open(self) -> Sequence[CheckRow]:
        """Checks that have not ended, oldest first."""
        query = select(CheckRow).where(CheckRow.ended_at.is_(None)).order_by(CheckRow.id)
        return (await self.session.scalars(query)).all()

    async def of(self, target: str) -> Sequence[CheckRow]:
        return (await self.session.scalars(select(CheckRow).where(CheckRow.target == target))).all()

    async def newest(self, target: str) -> CheckRow | None:
        query = select(CheckRow).where(CheckRow.target == target).order_by(CheckRow.number.desc()).limit(1)
        return (await self.session.scalars(query)).first()

    async def find(self, target: str, number: int) -> CheckRow | None:
        query = select(CheckRow).where(CheckRow.target == target, CheckRow.number == number)
        return (await self.session.scalars(query)).one_or_none()

    def begin_of_nodes(self, number: int) -> CheckRow:
        """Ask for a look at the cluster's nodes."""
        row = _new_row(NODES, NODES, number, first=number)
        self.session.add(row)
        return row

    def begin(self, version: Checked, kind: CheckKind, *, first: int | None = None, reason: str = "") -> CheckRow:
        """Ask for a check of a version; `first` is given when it follows a try that was lost."""
        version.check_number += 1
        version.state = CheckState.CHECKING.value
        version.reason = reason or "checking: waits for the reconciler"
        row = _new_row(kind, version.id, version.check_number, first=first or version.check_number)
        self.session.add(row)
        return row


def _new_row(kind: str, target: str, number: int, *, first: int) -> CheckRow:
    return CheckRow(
        kind=kind, target=target, number=number, first=first, submission_id=f"check-{target}-{number}",
        created_at=utc_now(),
    )  # fmt: skip
