"""What the API says about projects."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from service.jobs.lifecycle import JobState
from service.jobs.schemas import Reply, Wish

Description = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]


class ProjectLimits(Wish):
    """What the jobs of a project may hold at once; null is no limit. Jobs over it wait in the queue."""

    max_jobs: int | None = Field(default=None, ge=0, le=1_000_000, description="Jobs and sweeps that run at once.")
    max_cpus: float | None = Field(default=None, ge=0, le=1_000_000, examples=[16])
    max_gpus: float | None = Field(default=None, ge=0, le=1_000_000, examples=[2])


class ProjectWish(Wish):
    """What a project shall be; what is left out is reset."""

    description: Description = Field(default="", examples=["Detectors for the parking lot"])
    limits: ProjectLimits = ProjectLimits()


class Project(Reply):
    """A group of jobs. It exists by being described or limited, or by a job that names it."""

    name: str = Field(examples=["default"])
    description: str
    limits: ProjectLimits
    jobs: dict[JobState, int] = Field(
        description="How many jobs and sweeps are in which state; states without any are left out.",
        examples=[{"running": 2, "succeeded": 40}],
    )
    created_at: datetime | None = Field(description="null for a project that exists by its jobs alone.")
    updated_at: datetime | None


class Projects(Reply):
    """All projects that one may see, by name."""

    items: list[Project]
