"""Ray's Jobs API over processes of this machine: for drills in which the attempts are real and Ray is not the matter.

An entry point runs as Ray runs it: by a shell, in a session of its own. A stop is SIGTERM to it and all below it, and
SIGKILL after RAY_JOB_STOP_WAIT_TIME_S.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from service.stack.processes import descendants, end
from tests.contract.processes import PretendedCluster
from tests.stack import ROOT


@dataclass
class LocalCluster(PretendedCluster):
    """`ignore_stops` makes it deaf, as a node that is cut off."""

    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @contextmanager
    def serving(self) -> Iterator[str]:
        with super().serving() as url:
            try:
                yield url
            finally:
                end(self.alive(), patience_s=1)

    def alive(self) -> list[psutil.Process]:
        """The processes of all attempts, and what is below them."""
        return descendants(process.pid for process in list(self.processes.values()) if process.poll() is None)

    def _work(self, submission_id: str, job_id: str, number: int) -> None:
        job = self.jobs[submission_id]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", **job["runtime_env"]["env_vars"]}
        process = subprocess.Popen(
            ["/bin/sh", "-c", job["entrypoint"]], cwd=ROOT, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes[submission_id] = process
        code = process.wait()
        if job["status"] == "RUNNING":
            self.end(submission_id, "SUCCEEDED" if code == 0 else "FAILED", f"exit code {code}")

    def _stop(self, submission_id: str) -> None:
        self.stopped.append(submission_id)
        if not self.ignore_stops and submission_id in self.processes:
            threading.Thread(target=self._end, args=(submission_id,), daemon=True).start()

    def _end(self, submission_id: str) -> None:
        job, process = self.jobs[submission_id], self.processes[submission_id]
        if process.poll() is None:
            end(
                descendants([process.pid]), patience_s=float(job["runtime_env"]["env_vars"]["RAY_JOB_STOP_WAIT_TIME_S"])
            )
            process.wait()
        if job["status"] == "RUNNING":
            job["status"] = "STOPPED"
