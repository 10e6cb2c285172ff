"""A node that is cut off from the others while its job trains: the job goes on elsewhere, and never twice at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.composed.cluster import Cluster
from tests.drills.outcome import Drill, Outcome
from tests.drills.service import lives
from tests.factories import small_training
from tests.journals import begins_at, last_step, uneven_steps, wait_for_step
from tests.stack import wait_until
from workers.spec import JobSpec

PURPOSE = (
    "The machine of a job that trains is cut off from the others, in a cluster of the compose file's commands with two "
    "workers: once its cable is unplugged, so that the training runs on and reaches the storage alone, once all of it "
    "stands still. Ray looks for its nodes every second, as its settings allow."
)
SHORT_S = 30.0
CHECKPOINT_EVERY = 10
AT_STEP = 25


@dataclass(frozen=True)
class Cut:
    name: str
    trains_on: bool
    begin: Callable[[Cluster, str], AbstractContextManager[None]]


CUTS = (
    Cut("unplugged", trains_on=True, begin=lambda cluster, machine: cluster.composed.unplugged(machine)),
    Cut("standing still", trains_on=False, begin=lambda cluster, machine: cluster.composed.frozen(machine)),
)


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    cluster = drill.shared.cluster()
    for cut in CUTS:
        cluster.wait_until_whole()
        drill.tell(f"a node is cut off: {cut.name}")
        _cut_off(outcome, cluster, cut, drill.seconds(SHORT_S))
    cluster.wait_until_whole()
    return outcome


def _cut_off(outcome: Outcome, cluster: Cluster, cut: Cut, seconds: float) -> None:
    job_id = cluster.client.jobs.submit(_endless_job(cut.name)).id
    folder = cluster.folder(job_id)
    wait_for_step(folder.journal, AT_STEP)
    [(machine, old)] = cluster.attempts(job_id).items()
    began = time.monotonic()

    def another() -> bool:
        return folder.read_heartbeat(2) is not None

    def see_another() -> None:
        when = time.monotonic() - began
        outcome.figures[f"{cut.name}: another attempt began after"] = f"{when:.1f} s, cut off for {seconds:g} s"
        outcome.expect(not (cut.trains_on and lives(old)), f"{cut.name}: both attempts lived at once")

    with cut.begin(cluster, machine):
        while time.monotonic() - began < seconds and not another():
            time.sleep(0.1)
        before = last_step(folder.journal)
        if gone_on_elsewhere := another():
            see_another()
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    healed = time.monotonic()
    if not gone_on_elsewhere:
        wait_until(another, lambda: cluster.client.jobs.get(job_id), every_s=0.1)
        see_another()
        before = last_step(folder.journal)
    lost = before - begins_at(folder.log(2)) + 1
    outcome.figures[f"{cut.name}: steps done again"] = f"{lost} (a checkpoint every {CHECKPOINT_EVERY})"
    outcome.expect(lost <= CHECKPOINT_EVERY, f"{cut.name}: {lost} steps were done again")
    wait_until(lambda: not lives(old), lambda: "the attempt that was cut off lives on")
    outcome.figures[f"{cut.name}: the old attempt was gone, after the cut,"] = f"{time.monotonic() - healed:.1f} s"
    wait_for_step(folder.journal, last_step(folder.journal) + AT_STEP)
    cluster.wait_until_whole()
    outcome.figures[f"{cut.name}: the node was back after"] = f"{time.monotonic() - healed:.1f} s"
    cluster.client.jobs.cancel(job_id)
    wait_until(
        lambda: cluster.client.jobs.get(job_id).state == "cancelled", lambda: cluster.client.jobs.get(job_id)
    )  # fmt: skip
    attempts = cluster.client.jobs.get(job_id).attempts
    outcome.expect(len(attempts) == 2, f"{cut.name}: there were {len(attempts)} attempts, wanted 2")
    uneven = uneven_steps(folder.journal)
    outcome.expect(not uneven, f"{cut.name}: steps that are not there once, and how often: {uneven}")


def _endless_job(name: str) -> JobSpec:
    steps = 10**6
    cadence = {"log_every_steps": 1, "evaluate_every_steps": steps, "checkpoint_every_steps": CHECKPOINT_EVERY}
    training = small_training(steps=steps, distil=False, device="cpu", **cadence)
    return JobSpec.model_validate({"name": name, "training": training})
