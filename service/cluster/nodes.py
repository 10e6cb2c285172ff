"""Checks of the cluster's nodes: asked for here, carried out by the reconciler, told from their reports."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from service.checks.models import CheckRow
from service.checks.repository import CheckRepository
from service.cluster.schemas import NodeCheck, NodeStatus
from service.errors import NotFound
from workers.spec.checks import NODES, CheckFolder, CheckReport, NodeReport, NodesReport
from workers.storage.near import Store


class NodeCheckNotFound(NotFound):
    def __init__(self, number: int) -> None:
        super().__init__(f"there is no check {number} of the cluster's nodes")


@dataclass(frozen=True)
class NodeChecks:
    """The checks' rows, and the storage with their reports."""

    session: AsyncSession
    store: Store


async def begin_check(checks: NodeChecks) -> NodeCheck:
    """Ask for a check; one that has not ended is given instead of another."""
    repository = CheckRepository(checks.session)
    newest = await repository.newest(NODES)
    if newest is None or newest.ended_at is not None:
        try:
            async with checks.session.begin_nested():
                newest = repository.begin_of_nodes(1 if newest is None else newest.number + 1)
        except IntegrityError:  # somebody else asked at the same time
            newest = await repository.newest(NODES)
            assert newest is not None
    return _shown(newest, None)


async def show_check(checks: NodeChecks, number: int) -> NodeCheck:
    """Raises NodeCheckNotFound."""
    row = await CheckRepository(checks.session).find(NODES, number)
    if row is None:
        raise NodeCheckNotFound(number)
    report = await asyncio.to_thread(_read_report, checks.store, number) if row.ended_at else None
    return _shown(row, report)


def _read_report(store: Store, number: int) -> CheckReport | None:
    folder = CheckFolder(store.root, NODES, number)
    store.fetch(folder.report)
    return folder.read_report()


def _shown(row: CheckRow, report: CheckReport | None) -> NodeCheck:
    found = report.report if report is not None and isinstance(report.report, NodesReport) else None
    return NodeCheck(
        number=row.number,
        state=_state(row, found),
        reason=row.reason,
        asked_at=row.created_at,
        ended_at=row.ended_at,
        nodes=[] if report is None or found is None else _statuses(row, report, found),
    )


def _state(row: CheckRow, found: NodesReport | None) -> Literal["waiting", "running", "done", "lost"]:
    if row.ended_at is None:
        return "waiting" if row.submitted_at is None else "running"
    return "lost" if found is None else "done"


def _statuses(row: CheckRow, report: CheckReport, found: NodesReport) -> list[NodeStatus]:
    ahead_s = _ahead_s(row, report, found)
    return sorted((_status(node, ahead_s) for node in found.nodes), key=lambda status: (status.name, status.id))


def _status(node: NodeReport, ahead_s: float) -> NodeStatus:
    told = node.model_dump(exclude={"clock"})
    return NodeStatus(**told, clock_ahead_s=None if node.clock is None else round(node.clock.ahead_s + ahead_s, 3))


def _ahead_s(row: CheckRow, report: CheckReport, found: NodesReport) -> float:
    """By how much the clock of the node where the check ran is ahead of the reconciler's, at the least.

    It began after it was asked for and had ended before its report was found: a clock that is right shows both.
    """
    assert row.ended_at is not None
    at_least = (report.at - row.ended_at).total_seconds()
    at_most = (found.began_at - row.created_at).total_seconds()
    return max(0.0, at_least) + min(0.0, at_most)
