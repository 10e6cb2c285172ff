"""HTTP route of the audit log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime

from service.audit.repository import AuditRepository
from service.audit.schemas import AuditEntry, AuditPage
from service.context import SessionDep
from service.http.problems import problems
from service.jobs.cursors import row_at, write_cursor

router = APIRouter(prefix="/audit", tags=["access"])
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def _within_reason(moment: datetime) -> datetime:
    """No database has to know moments whose time zone carries them out of the calendar."""
    if not _FIRST <= moment <= _LAST:
        raise ValueError(f"the moment must lie between {_FIRST:%Y-%m-%d} and {_LAST:%Y-%m-%d}")
    return moment.astimezone(UTC)


Printable = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]


@router.get("", operation_id="listAudit", responses=problems(422))
async def list_audit(
    session: SessionDep,
    principal: Printable = None,
    operation: Printable = None,
    target: Annotated[Printable, Query(description="Part of the path.")] = None,
    refused: Annotated[bool | None, Query(description="Only what was refused or failed, or only what was not.")] = None,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Entries per page.")] = 50,
    cursor: Annotated[str | None, Query(max_length=100, description="`next_cursor` of the page before.")] = None,
) -> AuditPage:
    """Who asked for which change, when, from where, and what came of it; newest first."""
    rows = await AuditRepository(session).page(
        limit=limit + 1,
        before=None if cursor is None else row_at(cursor),
        principal=principal,
        operation=operation,
        target=target,
        refused=refused,
        since=since,
        until=until,
    )
    following = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return AuditPage(items=[AuditEntry.model_validate(row) for row in rows[:limit]], next_cursor=following)
