"""The limits of a project, as the queue needs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What the jobs of a project may hold at once; None is no limit."""

    max_jobs: int | None = None
    max_cpus: float | None = None
    max_gpus: float | None = None
