"""What the API says about the cluster and about itself."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from service.jobs.schemas import Reply

SystemState = Literal["up", "down"]


class Cluster(Reply):
    """What the Ray cluster has, and how the systems around it fare. Numbers are null while Ray does not answer."""

    cpus_total: float | None
    cpus_used: float | None
    gpus_total: float | None
    gpus_used: float | None
    ray_state: SystemState
    mlflow_state: SystemState
    reconciler_state: SystemState = Field(description="Whether a reconciler holds the lease.")
    version: str


class Health(Reply):
    status: Literal["ok"]
    version: str
