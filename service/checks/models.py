"""Table of checks: each row is one try on the cluster."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, RowNumber


class CheckRow(Base):
    """One try of a check. The row is written before Ray hears of it; `ended_at` is null while it is open."""

    __tablename__ = "checks"
    __table_args__ = (UniqueConstraint("target", "number"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16), doc="dataset, model or nodes")
    target: Mapped[str] = mapped_column(String(32), doc="Id of the version that is checked; of nodes, nodes.")
    number: Mapped[int]
    first: Mapped[int] = mapped_column(doc="Number of the first try that was asked for together with this one.")
    submission_id: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
