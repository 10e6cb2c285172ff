"""The client: one method for each thing that the API can do."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from service.cluster.schemas import Cluster, Health
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.schemas import EventPage, Job, JobKind, JobPage, LogChunk, Metrics
from service.presets.schemas import Recipes
from service.problem import Problem
from service.sdk.errors import ServerUnreachable, WaitTimeout, api_error
from service.sweeps.schemas import Sweep, SweepPage, Trials
from workers.spec import JobSpec, SweepSpec

DEFAULT_URL = "http://127.0.0.1:8470"
R = TypeVar("R", bound=BaseModel)
_TRIES = 3


class Client:
    """Talks to a Stillhouse server. Close it, or use it as a context manager.

    `transport` replaces the network, as tests do; `http` replaces the whole HTTP client.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        timeout_s: float = 15.0,
        transport: httpx.BaseTransport | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self.url = (url or os.environ.get("STILLHOUSE_URL") or DEFAULT_URL).rstrip("/")
        self._http = http or httpx.Client(base_url=self.url, timeout=timeout_s, transport=transport, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    # Jobs

    def submit(self, spec: JobSpec | Mapping[str, Any], *, idempotency_key: str | None = None) -> Job:
        """Queue a job. Sent again where no answer came; the key, made here if none is given, keeps it one job."""
        return self._submit("/api/v1/jobs", spec, idempotency_key, Job)

    def jobs(
        self,
        *,
        state: Iterable[JobState | str] = (),
        kind: JobKind | None = None,
        project: str | None = None,
        text: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
        sort: str = "newest",
    ) -> JobPage:
        """One page of jobs and sweeps."""
        query = {
            "state": [str(one) for one in state],
            "kind": kind,
            "project": project,
            "text": text,
            "limit": limit,
            "cursor": cursor,
            "sort": sort,
        }
        return self._get("/api/v1/jobs", JobPage, query)

    def job(self, job_id: str) -> Job:
        return self._get(f"/api/v1/jobs/{_part(job_id)}", Job)

    def cancel(self, job_id: str) -> Job:
        """End a job or a sweep. Raises ConflictError where it ended by itself."""
        return self._read(self._send("POST", f"/api/v1/jobs/{_part(job_id)}/cancel"), Job)

    def events(self, job_id: str, *, limit: int = 100, cursor: str | None = None) -> EventPage:
        return self._get(f"/api/v1/jobs/{_part(job_id)}/events", EventPage, {"limit": limit, "cursor": cursor})

    def metrics(self, job_id: str, *, keys: Iterable[str] = (), max_points: int = 500) -> Metrics:
        """Curves of a job; all of them where no key is named."""
        query = {"key": list(keys), "max_points": max_points}
        return self._get(f"/api/v1/jobs/{_part(job_id)}/metrics", Metrics, query)

    def logs(
        self, job_id: str, *, offset: int = 0, attempt: int | None = None, limit_bytes: int = 64 * 1024
    ) -> LogChunk:
        """A piece of the log of the newest attempt, or of the one named. Read on at `next_offset`."""
        query = {"offset": offset, "attempt": attempt, "limit_bytes": limit_bytes}
        return self._get(f"/api/v1/jobs/{_part(job_id)}/logs", LogChunk, query)

    def wait(
        self,
        job_id: str,
        *,
        timeout_s: float | None = None,
        poll_s: float = 1.0,
        on_update: Callable[[Job], None] | None = None,
    ) -> Job:
        """Return the job when it has ended, well or not. Raises WaitTimeout."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            job = self.job(job_id)
            if on_update is not None:
                on_update(job)
            if job.state in FINAL:
                return job
            if deadline is not None and time.monotonic() + poll_s > deadline:
                raise WaitTimeout(f"{job_id} is still {job.state} after {timeout_s:g} s")
            time.sleep(poll_s)

    # Sweeps

    def submit_sweep(self, spec: SweepSpec | Mapping[str, Any], *, idempotency_key: str | None = None) -> Sweep:
        """Queue a sweep; see `submit`."""
        return self._submit("/api/v1/sweeps", spec, idempotency_key, Sweep)

    def sweeps(self, *, limit: int = 50, cursor: str | None = None) -> SweepPage:
        return self._get("/api/v1/sweeps", SweepPage, {"limit": limit, "cursor": cursor})

    def sweep(self, sweep_id: str) -> Sweep:
        return self._get(f"/api/v1/sweeps/{_part(sweep_id)}", Sweep)

    def trials(self, sweep_id: str) -> Trials:
        return self._get(f"/api/v1/sweeps/{_part(sweep_id)}/trials", Trials)

    def trial_metrics(self, sweep_id: str, number: int, *, keys: Iterable[str] = (), max_points: int = 500) -> Metrics:
        query = {"key": list(keys), "max_points": max_points}
        return self._get(f"/api/v1/sweeps/{_part(sweep_id)}/trials/{number}/metrics", Metrics, query)

    # The rest

    def recipes(self) -> Recipes:
        return self._get("/api/v1/recipes", Recipes)

    def cluster(self) -> Cluster:
        return self._get("/api/v1/cluster", Cluster)

    def health(self) -> Health:
        return self._get("/healthz", Health)

    def ready(self) -> Health:
        """Raises ApiError, naming what is missing."""
        return self._get("/readyz", Health)

    def _submit(self, path: str, spec: BaseModel | Mapping[str, Any], idempotency_key: str | None, reply: type[R]) -> R:
        body = spec.model_dump(mode="json") if isinstance(spec, BaseModel) else dict(spec)
        key = idempotency_key or f"sdk-{uuid.uuid4()}"
        headers = {"Idempotency-Key": key.encode()}  # the server says what a key may hold
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._read(self._send("POST", path, json=body, headers=headers), reply)
            except ServerUnreachable as error:
                if tries_left == 0 or isinstance(error.__cause__, httpx.ConnectError):
                    raise
                time.sleep(0.5)
        raise AssertionError("unreachable")

    def _get(self, path: str, reply: type[R], query: Mapping[str, Any] | None = None) -> R:
        asked = {name: value for name, value in (query or {}).items() if value is not None and value != []}
        return self._read(self._send("GET", path, params=asked), reply)

    def _send(self, method: str, path: str, **how: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **how)
        except httpx.HTTPError as error:
            words = str(error) or type(error).__name__
            raise ServerUnreachable(
                f"no answer from {self.url}: {words}. Is it running? `stillhouse up` starts it, "
                "--server or STILLHOUSE_URL point elsewhere"
            ) from error

    def _read(self, response: httpx.Response, reply: type[R]) -> R:
        try:
            if response.is_success:
                return reply.model_validate_json(response.content)
            problem = Problem.model_validate_json(response.content)
        except ValidationError as error:
            raise ServerUnreachable(
                f"what answers at {self.url} is not a Stillhouse server of this version "
                f"({response.request.method} {response.request.url.path} gave {response.status_code})"
            ) from error
        raise api_error(problem)


def _part(text: str) -> str:
    """One part of a path: no id reaches another route."""
    return quote(text, safe="") or "-"
