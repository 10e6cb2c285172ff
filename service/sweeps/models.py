"""Table of the trials of sweeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Document, RowNumber
from workers.spec import SweepSpec


class TrialRow(Base):
    """One trial as its sweep's driver last described it."""

    __tablename__ = "trials"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(16), default="search")
    seed: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int | None]
    parameters: Mapped[dict[str, Any]]
    schedule: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    exploits: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    metrics: Mapped[dict[str, float]]
    objective: Mapped[float | None]
    further_objectives: Mapped[list[float | None]] = mapped_column(Document, default=list)
    reports: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    seconds: Mapped[float] = mapped_column(default=0.0)
    step: Mapped[int]
    mlflow_run_id: Mapped[str | None] = mapped_column(String(64))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    def counts(self, spec: SweepSpec) -> bool:
        """Whether it ended with a student that its sweep's constraints allow."""
        return self.state == "succeeded" and self.objective is not None and spec.allows(self.metrics)


class SteeringRow(Base):
    """One request to a running sweep. Rows are only ever added; the reconciler hands their sum to the driver."""

    __tablename__ = "steering"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    request: Mapped[dict[str, Any]]
