"""Ray by its REST API: submissions and what the cluster has. Never trusts a state alone, only reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

# A dead GCS blocks the dashboard's answers for a minute; nobody here waits for that.
TIMEOUT = httpx.Timeout(5.0, connect=2.0)
# A client that leaves in the middle of a submission can leave it PENDING for ever (ray#62766): more patience there.
_SUBMIT_TIMEOUT = httpx.Timeout(20.0, connect=2.0)
_NO_RIGHTS = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


class RayError(Exception):
    """Base of what can go wrong between us and Ray."""


class RayUnreachable(RayError):
    """Ray does not answer, or not in time. Nothing is known about what it did."""


class RayRefused(RayError):
    """Ray understood and said no; asking again will not help."""


class RayStatus(StrEnum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"

    @property
    def ended(self) -> bool:
        return self in (RayStatus.STOPPED, RayStatus.SUCCEEDED, RayStatus.FAILED)


class RayJob(BaseModel):
    """A submission as Ray sees it."""

    submission_id: str
    status: RayStatus
    message: str | None = None
    driver_node_id: str | None = None


@dataclass(frozen=True)
class Node:
    """What one living node has in all."""

    id: str
    cpus: float
    gpus: float
    name: str = ""
    is_head: bool = False


@dataclass(frozen=True)
class ClusterResources:
    cpus_total: float
    cpus_used: float
    gpus_total: float
    gpus_used: float
    nodes: tuple[Node, ...] = ()


class RayClient:
    """Takes an httpx client whose base_url is Ray's dashboard."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def close(self) -> None:
        await self._http.aclose()

    async def version(self) -> str:
        return str((await self._json("GET", "/api/version"))["ray_version"])

    async def launch(
        self,
        submission_id: str,
        entrypoint: str,
        *,
        cpus: float,
        gpus: float,
        env_vars: Mapping[str, str],
        memory_bytes: int = 0,
    ) -> bool:
        """Make sure that the submission exists; False where it was there already.

        A submission that asks for nothing runs on the head node. One that asks for memory alone runs on any node,
        also where jobs hold all CPUs.

        Ray keeps a submission id once and for ever, so that after an unclear answer it is enough to look it up.

        Raises:
            RayUnreachable: it is not known whether the submission exists; call again.
            RayRefused: Ray will not take this submission.
        """
        body = {
            "submission_id": submission_id,
            "entrypoint": entrypoint,
            "entrypoint_num_cpus": cpus,
            "entrypoint_num_gpus": gpus,
            **({"entrypoint_memory": memory_bytes} if memory_bytes else {}),
            "runtime_env": {"env_vars": dict(env_vars)},
        }
        try:
            response = await self._http.post("/api/jobs/", json=body, timeout=_SUBMIT_TIMEOUT)
        except httpx.HTTPError as error:
            if await self.job(submission_id) is not None:
                return False
            raise RayUnreachable(f"no answer to the submission of {submission_id}: {_words(error)}") from error
        if response.is_success:
            return True
        if response.status_code in _NO_RIGHTS:
            raise RayUnreachable(_without_rights(response))
        if await self.job(submission_id) is not None:
            return False
        if response.status_code < 500:
            raise RayRefused(f"Ray refused {submission_id}: {_last_line(response.text)}")
        raise RayUnreachable(f"Ray failed to take {submission_id}: {_last_line(response.text)}")

    async def job(self, submission_id: str) -> RayJob | None:
        """What Ray knows of one submission; None where it knows nothing."""
        found = await self._json("GET", f"/api/jobs/{submission_id}", missing_ok=True)
        return None if found is None else _parse(found)

    async def jobs(self) -> dict[str, RayJob]:
        """All submissions that Ray knows of."""
        found = await self._json("GET", "/api/jobs/")
        return {job["submission_id"]: _parse(job) for job in found if job.get("submission_id")}

    async def stop(self, submission_id: str) -> None:
        """Ask for SIGTERM, then SIGKILL; no error where Ray does not know the submission."""
        await self._json("POST", f"/api/jobs/{submission_id}/stop", missing_ok=True)

    async def delete(self, submission_id: str) -> None:
        """Forget an ended submission; no error where Ray does not know it."""
        await self._json("DELETE", f"/api/jobs/{submission_id}", missing_ok=True)

    async def nodes(self) -> tuple[Node, ...]:
        """The living nodes."""
        found = await self._json("GET", "/api/v0/nodes?detail=1")
        try:
            return _nodes(found["data"]["result"]["result"])
        except (KeyError, TypeError, AttributeError) as error:
            raise RayUnreachable(f"Ray at {self._http.base_url} does not say which nodes it has") from error

    async def resources(self) -> ClusterResources:
        """What the living nodes have, and what is used of it (a few seconds late)."""
        nodes = await self._json("GET", "/api/v0/nodes?detail=1")
        status = await self._json("GET", "/api/cluster_status")
        try:
            return _resources(nodes["data"]["result"]["result"], status["data"].get("clusterStatus") or {})
        except (KeyError, TypeError, AttributeError) as error:
            raise RayUnreachable(f"Ray at {self._http.base_url} does not say what the cluster has") from error

    async def _json(self, method: str, path: str, *, missing_ok: bool = False) -> Any:
        try:
            response = await self._http.request(method, path, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise RayUnreachable(f"Ray does not answer at {self._http.base_url}: {_words(error)}") from error
        if missing_ok and response.status_code == 404:
            return None
        if response.status_code in _NO_RIGHTS:
            raise RayUnreachable(_without_rights(response))
        if not response.is_success:
            raise RayUnreachable(f"Ray answered {response.status_code} to {path}: {_last_line(response.text)}")
        try:
            return response.json()
        except ValueError as error:
            raise RayUnreachable(f"what answers at {self._http.base_url} is not Ray: no JSON at {path}") from error


def _nodes(described: Any) -> tuple[Node, ...]:
    return tuple(_node(node, node.get("resources_total") or {}) for node in described if node["state"] == "ALIVE")


def _node(node: Any, total: Any) -> Node:
    return Node(
        str(node.get("node_id")),
        total.get("CPU", 0.0),
        total.get("GPU", 0.0),
        name=str(node.get("node_name") or node.get("node_ip") or ""),
        is_head=bool(node.get("is_head_node")),
    )


def _resources(described: Any, status: Any) -> ClusterResources:
    nodes = _nodes(described)
    usage = (status.get("loadMetricsReport") or {}).get("usage") or {}
    return ClusterResources(
        cpus_total=sum(node.cpus for node in nodes),
        cpus_used=usage.get("CPU", [0.0])[0],
        gpus_total=sum(node.gpus for node in nodes),
        gpus_used=usage.get("GPU", [0.0])[0],
        nodes=nodes,
    )


def _parse(found: Any) -> RayJob:
    try:
        return RayJob.model_validate(found)
    except ValidationError as error:
        raise RayUnreachable(f"Ray described a submission in a way we do not know: {found!r}") from error


def _without_rights(response: httpx.Response) -> str:
    sent = "the token that it was sent is not its own" if "authorization" in response.request.headers else "no token"
    return f"Ray refuses us with {response.status_code}: {sent}; STILLHOUSE_RAY_TOKEN has to be its RAY_AUTH_TOKEN"


def _words(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip(" .")]
    return lines[-1][:500] if lines else "no reason given"
