"""Columns that the tables of named things share: data sets and models have a name, and versions that are checked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, RowNumber


class Named(Base):
    """A name, and the project that it belongs to. A deleted one keeps its versions: lineage goes on to name them."""

    __abstract__ = True

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    project: Mapped[str] = mapped_column(String(100), index=True)
    latest: Mapped[int] = mapped_column(default=0, doc="Number of the newest version.")
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Version(Base):
    """One version of a named thing, and how its check went."""

    __abstract__ = True

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str]
    version: Mapped[int]
    description: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    check_number: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(100))
