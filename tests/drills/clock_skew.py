"""Clocks that differ by two hours: the API is an hour behind, a reconciler and an attempt are an hour ahead."""

from __future__ import annotations

import importlib.util
import platform
import signal
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.reconciler.models import LeaseRow
from service.sdk import Client
from tests.crash.watch import reading_engine
from tests.drills.cluster import LocalCluster
from tests.drills.odd_worker import program
from tests.drills.outcome import Drill, NotHere, Outcome
from tests.drills.service import Service, wait_until
from tests.factories import small_job
from tests.unit.service.factories import settings_in
from workers.spec import JobFolder

PURPOSE = (
    "The clock of the API is an hour behind, those of one reconciler and of the attempts are an hour ahead. "
    "The attempts are real ones without a training."
)
LEASE_S, SILENCE_S, START_S, STOP_S = 3.0, 6.0, 900.0, 15.0
MAX_TAKE_OVER_S = 600.0  # a busy machine is slow; a clock that counted would say an hour
SHORT_S = 4.0  # each time that something is watched


def off_by(seconds: int) -> dict[str, str]:
    """What makes a process live at another time; clocks that only count go on as they are.

    Raises NotHere where there is no libfaketime.
    """
    found = importlib.util.find_spec("libfaketime")
    if sys.platform != "linux" or platform.machine() != "x86_64" or found is None or found.origin is None:
        raise NotHere("it needs the package libfaketime, which is for Linux on x86-64")
    library = Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
    return {
        "LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1", "NO_FAKE_STAT": "1",
    }  # fmt: skip


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    ahead, behind = off_by(3600), off_by(-3600)
    worker = program(drill.folder / "worker", {"light": True}, ahead)
    cluster = LocalCluster(cpus=2.0, storage=drill.folder / "storage")
    database_url = drill.shared.postgres().new_database("clock_skew")
    with cluster.serving() as ray_url:
        settings = settings_in(
            drill.folder, database_url=database_url, ray_url=ray_url, worker_python=worker, lease_s=str(LEASE_S),
            heartbeat_timeout_s=str(SILENCE_S), start_timeout_s=str(START_S), stop_timeout_s=str(STOP_S),
        )  # fmt: skip
        with Service(settings) as service:
            _Skewed(drill, outcome, service, ahead, behind).carry_out()
    return outcome


class _Skewed:
    def __init__(
        self, drill: Drill, outcome: Outcome, service: Service, ahead: Mapping[str, str], behind: Mapping[str, str]
    ) -> None:
        self._drill, self._outcome, self._service = drill, outcome, service
        self._engine: Engine = reading_engine(service.settings.database_url)
        self._ahead, self._behind = ahead, behind
        self._watch_s = drill.seconds(SHORT_S)

    def carry_out(self) -> None:
        first = self._service.start_reconciler("reconciler-in-time")
        url = self._service.start_api(environment=self._behind)
        self._expect_offset(url)
        wait_until(lambda: self._holder() == first.pid, 300, "the first reconciler holds the lease")
        second = self._service.start_reconciler("reconciler-ahead", self._ahead)
        with self._service.client(url) as client:
            job_id = client.jobs.submit(small_job("skewed", steps=10**6, distil=False)).id
            wait_until(lambda: client.jobs.get(job_id).progress.step > 0, 900, "the job trains", every_s=0.3)
            self._offset_of_attempt(job_id)
            self._watch(client, job_id, first, "while both reconcilers lived")
            self._take_over(client, job_id, first, second)
            self._pause_and_cancel(client, job_id)
            second.send_signal(signal.SIGKILL)
            took_s = wait_until(
                lambda: client.cluster.get().reconciler_state == "down", 30, "it is told that none is active"
            )
            self._outcome.figures["told that no reconciler is active, after its end"] = f"{took_s:.1f} s"
        self._engine.dispose()

    def _expect_offset(self, url: str) -> None:
        """That the clocks differ indeed, or the drill would show nothing."""
        said = httpx.get(f"{url}/healthz", trust_env=False).headers["Date"]
        there = datetime.strptime(said, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC).timestamp()
        self._outcome.figures["clock of the API"] = f"{there - time.time():+.0f} s"
        self._outcome.expect(
            abs(there - time.time() + 3600) < 60, f"the clock of the API is not an hour behind: {said}"
        )

    def _offset_of_attempt(self, job_id: str) -> None:
        beat = JobFolder(self._service.settings.storage, job_id).read_heartbeat(1)
        assert beat is not None
        off_s = (beat.at - datetime.now(UTC)).total_seconds()
        self._outcome.figures["clock of the attempts and of one reconciler"] = f"{off_s:+.0f} s"
        self._outcome.expect(abs(off_s - 3600) < 60, f"the clock of the attempt is not an hour ahead: {off_s:+.0f} s")

    def _watch(self, client: Client, job_id: str, holder: psutil.Process, when: str) -> None:
        """For a while the lease stays where it is, and the attempt goes on."""
        until = time.monotonic() + self._watch_s
        step = client.jobs.get(job_id).progress.step
        while time.monotonic() < until:
            now = self._holder()
            job = client.jobs.get(job_id)
            if now != holder.pid or (job.state, job.attempt) != ("running", 1):
                self._outcome.wrong.append(
                    f"{when}: the lease is held by {now}, wanted {holder.pid}; the job is {job.state}"
                )
                return
            time.sleep(0.2)
        self._outcome.expect(client.jobs.get(job_id).progress.step > step, f"{when}: the job made no progress")
        self._outcome.expect(
            client.cluster.get().reconciler_state == "up", f"{when}: the API says that no reconciler is active"
        )
        self._outcome.figures[when] = f"{self._watch_s:g} s: same holder of the lease, same attempt"

    def _take_over(self, client: Client, job_id: str, dead: psutil.Process, successor: psutil.Process) -> None:
        dead.send_signal(signal.SIGKILL)
        took_s = wait_until(lambda: self._holder() == successor.pid, 3600, "the reconciler that is ahead takes over")
        self._outcome.figures["another reconciler holds the lease after a kill"] = (
            f"{took_s:.1f} s, lease of {LEASE_S:g} s"
        )
        self._outcome.expect(took_s < MAX_TAKE_OVER_S, f"the lease was taken over after {took_s:.1f} s")
        self._watch(client, job_id, successor, "under the reconciler that is ahead")

    def _pause_and_cancel(self, client: Client, job_id: str) -> None:
        client.jobs.pause(job_id)
        paused_s = wait_until(lambda: client.jobs.get(job_id).state == "paused", 300, "the job is paused")
        job = client.jobs.get(job_id)
        reason = job.attempts[0].reason
        self._outcome.expect(reason.startswith("stopped on request after step"), f"the pause ended with {reason!r}")
        self._outcome.expect(
            any((JobFolder(self._service.settings.storage, job_id).checkpoints).glob("step-*.pt")),
            "there is no checkpoint",
        )
        step = job.progress.step
        client.jobs.resume(job_id)
        wait_until(lambda: client.jobs.get(job_id).progress.step > step, 900, "it goes on after its pause", every_s=0.3)
        client.jobs.cancel(job_id)
        cancelled_s = wait_until(lambda: client.jobs.get(job_id).state == "cancelled", 300, "the job is cancelled")
        job = client.jobs.get(job_id)
        self._outcome.expect(job.attempt == 2, f"the job had {job.attempt} attempts, wanted 2")
        self._outcome.figures["paused with a checkpoint, after"] = f"{paused_s:.1f} s"
        self._outcome.figures["cancelled after"] = f"{cancelled_s:.1f} s"

    def _holder(self) -> int | None:
        """The process id in the lease, if it was prolonged lately by the database's clock, which is this machine's."""
        with Session(self._engine) as session:
            row = session.scalar(select(LeaseRow).where(LeaseRow.name == "reconciler"))
            if row is None or row.expires_at < datetime.now(UTC):
                return None
            return int(row.holder.rsplit("-", 2)[1])
