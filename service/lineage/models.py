"""Table of what jobs are made from."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base


class JobInputRow(Base):
    """A registered data set or model that a job or sweep names in its spec."""

    __tablename__ = "job_inputs"
    __table_args__ = (Index("ix_job_inputs_kind_name_version", "kind", "name", "version"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True, doc="dataset or model")
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
