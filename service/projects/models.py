"""Table of projects that somebody described or limited; others exist by the jobs that name them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base


class ProjectRow(Base):
    """A project's description and limits; a limit that is null is none."""

    __tablename__ = "projects"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    description: Mapped[str] = mapped_column(Text, default="")
    max_jobs: Mapped[int | None]
    max_cpus: Mapped[float | None]
    max_gpus: Mapped[float | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
