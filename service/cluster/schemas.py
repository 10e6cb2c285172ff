"""What the API says about the cluster and about itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from service.jobs.lifecycle import JobState
from service.jobs.schemas import JobKind, Reply

SystemState = Literal["up", "down"]


class ClusterNode(Reply):
    """A living node and what it has in all."""

    id: str = Field(description="Ray's id of the node.")
    name: str = Field(description="Its host name or address; empty where Ray does not say.", examples=["10.0.3.17"])
    is_head: bool
    cpus: float
    gpus: float


class Holding(Reply):
    """A job or sweep that runs, and what it holds in all."""

    job_id: str
    job_name: str
    kind: JobKind
    project: str
    state: JobState
    priority: int
    cpus: float
    gpus: float
    node_id: str | None = Field(
        description="Node of its process; null until that is known. Trials of a sweep may be on others."
    )
    since: datetime | None = Field(description="When its newest attempt gave its first sign of life.")


class Cluster(Reply):
    """What the Ray cluster has, and how the systems around it fare. Numbers are null while Ray does not answer."""

    cpus_total: float | None
    cpus_used: float | None
    gpus_total: float | None
    gpus_used: float | None
    ray_state: SystemState
    mlflow_state: SystemState
    reconciler_state: SystemState = Field(description="Whether a reconciler holds the lease.")
    nodes: list[ClusterNode] = Field(description="The head first; none while Ray does not answer.")
    holders: list[Holding] = Field(description="What runs of the projects that one may see, the largest first.")
    version: str


class Health(Reply):
    status: Literal["ok"]
    version: str
