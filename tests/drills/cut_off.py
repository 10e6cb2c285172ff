"""An attempt that is cut off, deaf to SIGTERM, and has forked: the fence ends it and all below it."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Sequence

import psutil

from service.sdk import Client
from tests.drills.cluster import LocalCluster
from tests.drills.outcome import Drill, Outcome
from tests.drills.service import lives, wait_until
from tests.factories import small_job

PURPOSE = (
    "A job is cancelled whose attempt (a real one without a training) no stop reaches; it is deaf to SIGTERM and has "
    "forked, also into sessions of their own."
)
NUM_FORKS = 2
GONE_WITHIN_S = 90.0


def run(drill: Drill) -> Outcome:
    """The cluster does not pass on any stop, so that the attempt can only see the fence."""
    outcome = Outcome()
    light = drill.shared.light_service(is_long=drill.is_long)
    light.make_odd(deaf=True, fork=NUM_FORKS)
    light.cluster.ignore_stops = True
    with light.service.client(light.url) as client:
        job_id = client.jobs.submit(small_job("cut off", steps=10**6, distil=False)).id
        wait_until(lambda: client.jobs.get(job_id).progress.step > 0, 900, "the job trains", every_s=0.3)
        least = 1 + 2 * NUM_FORKS
        wait_until(lambda: len(_alive(light.cluster)) >= least, 300, "all have forked")
        family = _alive(light.cluster)
        outcome.figures["processes of the attempt that is cut off"] = str(len(family))
        drill.tell(f"fences off {len(family)} processes")
        client.jobs.cancel(job_id)
        expect_gone(outcome, "fence", client, job_id, family)
    light.cluster.ignore_stops = False
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
