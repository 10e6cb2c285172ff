"""Tables of data sets and their versions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Document
from service.named.models import Named, Version


class DatasetRow(Named):
    """A name, and the project that it belongs to. A deleted one keeps its versions: lineage goes on to name them."""

    __tablename__ = "datasets"


class DatasetVersionRow(Version):
    """One version: where it is, and what its check found."""

    __tablename__ = "dataset_versions"
    __table_args__ = (UniqueConstraint("name", "version"),)

    name: Mapped[str] = mapped_column(ForeignKey("datasets.name"))
    train: Mapped[dict[str, Any]]
    val: Mapped[dict[str, Any]]
    hash: Mapped[str | None] = mapped_column(String(64))
    report: Mapped[dict[str, Any] | None]
    samples: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    samples_of: Mapped[int] = mapped_column(default=0, doc="Number of the check whose thumbnails these are.")
