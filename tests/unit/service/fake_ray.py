"""A Ray that keeps the contract of its Jobs REST API in memory, and can fail in the ways that Ray fails."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class FakeRay(httpx.AsyncBaseTransport):
    """An httpx transport. `away` refuses connections; `lose_answers` takes submissions and hides that it did."""

    cpus: float = 2.0
    gpus: float = 0.0
    nodes: dict[str, tuple[float, float]] = field(default_factory=dict)  # in place of one node with the above
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    submitted: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    away: bool = False
    speechless: bool = False
    lose_answers: bool = False
    refuse: str = ""
    ignore_stops: bool = False
    token: str = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("connection refused", request=request)
        sent = request.headers.get("authorization")
        if self.token and sent != f"Bearer {self.token}":
            return httpx.Response(403 if sent else 401, text="Unauthorized: Missing authentication token")
        path, method = request.url.path, request.method
        if path == "/api/version":
            return httpx.Response(200, json={"ray_version": "2.60.0"})
        if path == "/api/v0/nodes" and self.speechless:
            return httpx.Response(200, json={"result": False, "msg": "the GCS does not answer", "data": None})
        if path == "/api/v0/nodes":
            sizes = self.nodes or {"node-1": (self.cpus, self.gpus)}
            nodes = [
                {
                    "node_id": name,
                    "node_name": "10.0.3.17",
                    "is_head_node": name == "node-1",
                    "state": "ALIVE",
                    "resources_total": {"CPU": cpus, "GPU": gpus},
                }
                for name, (cpus, gpus) in sizes.items()
            ]
            return httpx.Response(200, json={"data": {"result": {"result": nodes}}})
        if path == "/api/cluster_status":
            usage = {"CPU": [self._cpus_used(), self.cpus]}
            return httpx.Response(200, json={"data": {"clusterStatus": {"loadMetricsReport": {"usage": usage}}}})
        if path == "/api/jobs/" and method == "POST":
            return self._submit(request)
        if path == "/api/jobs/":
            return httpx.Response(200, json=list(self.jobs.values()))
        submission_id, _, action = path.removeprefix("/api/jobs/").partition("/")
        if submission_id not in self.jobs:
            return httpx.Response(404, text=f"Job {submission_id} does not exist")
        if action == "stop":
            self._stop(submission_id)
            return httpx.Response(200, json={"stopped": True})
        if method == "DELETE":
            if self.jobs[submission_id]["status"] in ("PENDING", "RUNNING"):
                return httpx.Response(500, text="Traceback ...\nRuntimeError: job is not in a terminal state")
            del self.jobs[submission_id]
            return httpx.Response(200, json={"deleted": True})
        return httpx.Response(200, json=self.jobs[submission_id])

    def end(self, submission_id: str, status: str = "FAILED", message: str = "exit code 137") -> None:
        self.jobs[submission_id] |= {"status": status, "message": message}

    def _cpus_used(self) -> float:
        active = [job for job in self.jobs.values() if job["status"] in ("PENDING", "RUNNING")]
        return float(sum(job["cpus"] for job in active))

    def _submit(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        if not isinstance(body.get("entrypoint"), str) or self.refuse:
            return httpx.Response(400, text=f"Traceback ...\nTypeError: {self.refuse or 'entrypoint must be a string'}")
        submission_id = body["submission_id"]
        if submission_id in self.jobs:
            text = f"Traceback ...\nValueError: Job with submission_id {submission_id} already exists.\n."
            return httpx.Response(500, text=text)
        self.submitted.append(submission_id)
        self.jobs[submission_id] = {
            "type": "SUBMISSION",
            "submission_id": submission_id,
            "status": "RUNNING",
            "message": "Job is currently running.",
            "entrypoint": body["entrypoint"],
            "cpus": body["entrypoint_num_cpus"],
            "gpus": body["entrypoint_num_gpus"],
            "runtime_env": body["runtime_env"],
        }
        if self.lose_answers:
            raise httpx.ReadTimeout("timed out", request=request)
        return httpx.Response(200, json={"job_id": submission_id, "submission_id": submission_id})

    def _stop(self, submission_id: str) -> None:
        self.stopped.append(submission_id)
        if not self.ignore_stops and self.jobs[submission_id]["status"] in ("PENDING", "RUNNING"):
            self.jobs[submission_id]["status"] = "STOPPED"
