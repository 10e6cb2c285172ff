"""The compose file's commands as a cluster: a head that takes no training, and two workers that can be lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from service.sdk import Client
from tests.composed.file import Changes
from tests.composed.running import Composed, running
from tests.crash.crew import attempt_of
from tests.stack import make_data, wait_until
from workers.spec import JobFolder

WORKER, OTHER = WORKERS = ("ray-worker-cpu", "ray-worker-cpu-2")
STORAGE = Path("/var/lib/stillhouse/storage")  # as the machines see it
# Ray notices in some seconds what it takes up to a minute for by itself.
_QUICK_RAY = {
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "3000",
    "RAY_health_check_failure_threshold": "4",
}
# With the place of one training each, two trainings need both.
_ONE_CPU = {"RAY_OVERRIDE_RESOURCES": json.dumps({"CPU": 1})}


@dataclass(frozen=True)
class Cluster:
    """A running one, with small digit scenes. Every machine has its own network, all workers share a volume."""

    composed: Composed
    client: Client

    def folder(self, job_id: str) -> JobFolder:
        return JobFolder(self.composed.state / "storage", job_id)

    def wait_until_whole(self) -> None:
        """Wait until Ray has the head and all workers."""
        wanted = 1 + len(WORKERS)
        wait_until(lambda: len(self.client.cluster.get().nodes) == wanted, lambda: self.client.cluster.get().nodes)

    def attempts(self, job_id: str) -> dict[str, psutil.Process]:
        """The processes that carry out attempts of a job now, by their machine; at most one is expected on each."""
        return {name: found for name in WORKERS for found in self._attempts(job_id, name)}

    def machine_of(self, job_id: str) -> str | None:
        """Where a process carries out an attempt of a job now."""
        return next(iter(self.attempts(job_id)), None)

    def runs(self, name: str, *words: str) -> bool:
        """Whether a machine has a process with all of these words in its command line."""
        return any(all(word in line for word in words) for line in map(_line, self.composed.processes(name)))

    def _attempts(self, job_id: str, name: str) -> Iterator[psutil.Process]:
        for process in self.composed.processes(name):
            attempt = attempt_of(process, STORAGE)
            if attempt is not None and attempt.job_id == job_id:
                yield attempt.process


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start it, and end it with all its processes."""
    quick = {"ray-head": _QUICK_RAY}
    changes = Changes(scale={WORKER: len(WORKERS)}, environment=quick | {WORKER: _ONE_CPU})
    with running("cpu", changes) as composed:
        make_data(composed.state / "data")
        done = composed.inside("api", ["python", "-m", "service.access", "--token"])
        assert done.returncode == 0, done.stderr
        with (
            composed.transport("api", "127.0.0.1", 8470) as transport,
            Client("http://127.0.0.1:8470", token=done.stdout.strip(), transport=transport) as client,
        ):
            yield Cluster(composed, client)


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
