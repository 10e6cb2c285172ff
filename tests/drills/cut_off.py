"""An attempt that is cut off, deaf to SIGTERM, and has forked: the fence ends it and all below it."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Sequence

import psutil

from service.sdk import Client
from tests.drills.cluster import LocalCluster
from tests.drills.odd_worker import program
from tests.drills.outcome import Drill, Outcome
from tests.drills.service import Service, lives, wait_until
from tests.factories import small_job
from tests.unit.service.factories import settings_in

PURPOSE = (
    "A job is cancelled whose attempt (a real one without a training) no stop reaches; it is deaf to SIGTERM and has "
    "forked, also into sessions of their own."
)
NUM_FORKS = 2
STOP_S = 6.0
GONE_WITHIN_S = 90.0


def run(drill: Drill) -> Outcome:
    """The cluster does not pass on any stop, so that the attempt can only see the fence."""
    outcome = Outcome()
    worker = program(drill.folder / "worker", {"deaf": True, "fork": NUM_FORKS, "light": True})
    cluster = LocalCluster(cpus=1.0, storage=drill.folder / "storage", ignore_stops=True)
    with cluster.serving() as ray_url:
        settings = settings_in(drill.folder, ray_url=ray_url, worker_python=worker, stop_timeout_s=str(STOP_S))
        with Service(settings) as service:
            url = service.start_api()
            service.start_reconciler()
            with service.client(url) as client:
                job_id = client.jobs.submit(small_job("cut off", steps=10**6, distil=False)).id
                wait_until(lambda: client.jobs.get(job_id).progress.step > 0, 900, "the job trains", every_s=0.3)
                least = 1 + 2 * NUM_FORKS
                wait_until(lambda: len(_alive(cluster)) >= least, 60, "all have forked")
                family = _alive(cluster)
                outcome.figures["processes of the attempt that is cut off"] = str(len(family))
                drill.tell(f"fences off {len(family)} processes")
                client.jobs.cancel(job_id)
                expect_gone(outcome, "fence", client, job_id, family)
    return outcome


def expect_gone(outcome: Outcome, what: str, client: Client, job_id: str, family: Sequence[psutil.Process]) -> None:
    asked = time.monotonic()
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: not any(map(lives, family)), GONE_WITHIN_S, "all are gone")
        outcome.figures[f"{what}: no process is left after"] = f"{time.monotonic() - asked:.1f} s"
    left = [process for process in family if lives(process)]
    outcome.expect(not left, f"{what}: these processes live on: {left}")
    for process in left:
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: client.jobs.get(job_id).state == "cancelled", GONE_WITHIN_S, f"{what}: the job is cancelled")
    outcome.figures[f"{what}: the job is cancelled after"] = f"{time.monotonic() - asked:.1f} s"


def _alive(cluster: LocalCluster) -> list[psutil.Process]:
    return [process for process in cluster.alive() if lives(process)]
