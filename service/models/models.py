"""Tables of models, their versions, their aliases and what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, RowNumber
from service.named.models import Named, Version


class ModelRow(Named):
    """A name, and the project that it belongs to. A deleted one keeps its versions: lineage goes on to name them."""

    __tablename__ = "models"


class ModelVersionRow(Version):
    """One version: its weights, where they come from, and what is known of them."""

    __tablename__ = "model_versions"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        UniqueConstraint("name", "job_id", "trial"),
        Index("ix_model_versions_registration", "registration"),
    )

    name: Mapped[str] = mapped_column(ForeignKey("models.name"))
    source: Mapped[dict[str, Any]]
    weights: Mapped[str] = mapped_column(Text, doc="Path of the weights file; a relative one starts at the data root.")
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), index=True, doc="The job whose student it is.")
    trial: Mapped[int] = mapped_column(default=0, doc="The trial of a sweep whose student it is; 0 of a job's own.")
    sample: Mapped[dict[str, Any] | None] = mapped_column(doc="Where the check is to estimate the AP.")
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    report: Mapped[dict[str, Any] | None]
    metrics: Mapped[dict[str, float]]
    registration: Mapped[str] = mapped_column(String(16), doc="In MLflow's registry: none, pending, done or failed.")
    registration_note: Mapped[str] = mapped_column(Text, default="")
    mlflow_version: Mapped[str | None] = mapped_column(String(32))


class ModelAliasRow(Base):
    """An alias of a model. `version` is null where the alias was taken away and MLflow has not heard of it yet."""

    __tablename__ = "model_aliases"

    name: Mapped[str] = mapped_column(ForeignKey("models.name"), primary_key=True)
    alias: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int | None]
    synced: Mapped[bool] = mapped_column(default=False, index=True, doc="Whether MLflow says the same.")
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(100))


class ModelEventRow(Base):
    """Something that was done with a model. Rows are only ever added."""

    __tablename__ = "model_events"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(ForeignKey("models.name"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(16))
    alias: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int | None]
    previous: Mapped[int | None] = mapped_column(doc="The version that had the alias before.")
    note: Mapped[str] = mapped_column(Text, default="")
