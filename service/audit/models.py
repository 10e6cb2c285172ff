"""The table of the audit log. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, RowNumber


class AuditRow(Base):
    """One request that changed something, or wanted to."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    principal: Mapped[str | None] = mapped_column(String(100), index=True, doc="null where nobody was recognised.")
    token_id: Mapped[str | None] = mapped_column(String(32))
    operation: Mapped[str | None] = mapped_column(String(100), doc="null where no route was found.")
    method: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(500), doc="Path of the request, or of what it made.")
    status: Mapped[int]
    request_id: Mapped[str] = mapped_column(String(64))
    client: Mapped[str | None] = mapped_column(String(100), doc="Address from which the request came.")
