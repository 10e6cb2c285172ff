"""Tables of data sets and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Document, RowNumber


class DatasetRow(Base):
    """A name, and the project that it belongs to. A deleted one keeps its versions: lineage goes on to name them."""

    __tablename__ = "datasets"

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    project: Mapped[str] = mapped_column(String(100), index=True)
    latest: Mapped[int] = mapped_column(default=0, doc="Number of the newest version.")
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class DatasetVersionRow(Base):
    """One version: where it is, and what its check found."""

    __tablename__ = "dataset_versions"
    __table_args__ = (UniqueConstraint("name", "version"),)

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(ForeignKey("datasets.name"))
    version: Mapped[int]
    description: Mapped[str] = mapped_column(Text)
    train: Mapped[dict[str, Any]]
    val: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    check_number: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
    hash: Mapped[str | None] = mapped_column(String(64))
    report: Mapped[dict[str, Any] | None]
    samples: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    samples_of: Mapped[int] = mapped_column(default=0, doc="Number of the check whose thumbnails these are.")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(100))
