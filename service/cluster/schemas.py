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


class NodeStatus(Reply):
    """What a check found on one node."""

    id: str = Field(description="Ray's id of the node.")
    name: str = Field(description="Its host name or address.", examples=["10.0.3.17"])
    trouble: str | None = Field(description="Why it could not be looked at; null where it could.")
    storage_trouble: str | None = Field(
        description="Why it does not share the storage with the others; null where it does."
    )
    data_trouble: str | None = Field(description="Why it does not see the data root; null where it does.")
    free_bytes: int | None = Field(description="Free in the storage, as the node sees it.")
    clock_ahead_s: float | None = Field(
        description="Seconds by which its clock is ahead of the reconciler's, at the least; negative where it is late."
    )
    versions: dict[str, str] = Field(description="Of Python and packages, in the Python of the attempts.")


class NodeCheck(Reply):
    """A look at every node of the cluster, made by a small job on it."""

    number: int
    state: Literal["waiting", "running", "done", "lost"]
    reason: str = Field(description="Why it was lost; empty where it was not.")
    asked_at: datetime
    ended_at: datetime | None
    nodes: list[NodeStatus] = Field(description="By name; empty until it is done.")


class Health(Reply):
    status: Literal["ok"]
    version: str
