"""Writing the audit log: every request that changed something, or was not allowed to.

A change and its row are one transaction. What was refused has no transaction of its own, so the outermost layer
writes its row before the answer leaves. Rows hold paths and never queries, headers or bodies: no secret gets there.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.audit.models import AuditRow
from service.db import Database
from service.db.base import utc_now
from service.observability.redact import without_secrets

logger = logging.getLogger(__name__)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# They change nothing, and the dashboard asks them while somebody types.
CHECKS = frozenset({"/api/v1/jobs/check", "/api/v1/sweeps/check"})
_LONGEST_TARGET = 500


def note_change(scope: Scope, *, status: int, target: str | None = None) -> AuditRow:
    """The row of a change, to be added to the transaction that makes it."""
    scope["state"]["audited"] = True
    return row_of(scope, status=status, target=target)


def row_of(scope: Scope, *, status: int, target: str | None = None) -> AuditRow:
    state = scope.get("state", {})
    principal = state.get("principal")
    client = scope.get("client")
    path = without_secrets(target or scope["path"])
    return AuditRow(
        at=utc_now(),
        principal=principal.name if principal else None,
        token_id=principal.token_id if principal else None,
        operation=getattr(scope.get("route"), "operation_id", None),
        method=scope["method"][:16],
        target="".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in path)[
            :_LONGEST_TARGET
        ],
        status=status,
        request_id=state.get("request_id", ""),
        client=client[0] if client else None,
    )


@dataclass
class Throttle:
    """Lets `burst` through at once and then `per_s` a second: strangers must not fill the disk with refusals."""

    burst: float = 120.0
    per_s: float = 1.0
    _left: float = field(init=False)
    _at: float = field(default_factory=time.monotonic, init=False)

    def __post_init__(self) -> None:
        self._left = self.burst

    def allows(self) -> bool:
        now = time.monotonic()
        self._left = min(self.burst, self._left + (now - self._at) * self.per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class AuditTrail:
    """Writes the row of every state-changing request that nobody wrote with its change."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.strangers = Throttle()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE or scope["path"] in CHECKS:
            await self.app(scope, receive, send)
            return

        async def send_with_trail(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._write(scope, int(message["status"]))
            await send(message)

        try:
            await self.app(scope, receive, send_with_trail)
        except Exception:
            await self._write(scope, 500)
            raise

    async def _write(self, scope: Scope, status: int) -> None:
        state = scope.setdefault("state", {})
        if state.get("audited"):
            return
        state["audited"] = True
        row = row_of(scope, status=status)
        if row.principal is None and not self.strangers.allows():
            logger.warning("not in the audit log: %s %s from %s gave %s", row.method, row.target, row.client, status)
            return
        database: Database = scope["app"].state.context.database
        try:
            async with database.writing() as session:
                session.add(row)
        except (SQLAlchemyError, OSError):
            logger.exception(
                "not in the audit log: %s asked for %s %s and got %s", row.principal, row.method, row.target, status
            )
