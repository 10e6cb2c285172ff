"""A node that is cut off from the others while its job trains: the job goes on elsewhere, and never twice at once."""

from __future__ import annotations

import re
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import psutil

from service.sdk import Client
from tests.drills.outcome import Drill, Outcome, read_lines
from tests.drills.service import lives, wait_until
from tests.factories import small_training
from tests.raylets import Raylets
from workers.spec import JobSpec

PURPOSE = (
    "The node of a job that trains is cut off from Ray, on a cluster of two raylets on one machine: once with its "
    "processes standing still, once with the training running on and reaching the storage. Ray looks for its nodes "
    "every second, as its settings allow."
)
SHORT_S = 20.0
CHECKPOINT_EVERY = 10
AT_STEP = 25
WITHIN_S = 240.0
LOSS = "train/loss/total"


@dataclass(frozen=True)
class Cut:
    """What stands still on the node."""

    name: str
    attempt_too: bool


CUTS = (Cut("standing still", attempt_too=True), Cut("training on", attempt_too=False))


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    with Raylets(drill.folder / "stack") as raylets:
        for cut in CUTS:
            raylets.all_on()
            drill.tell(f"a node is cut off, {cut.name}")
            with raylets.client() as client:
                _cut_off(outcome, raylets, client, cut, drill.seconds(SHORT_S))
    return outcome


def _cut_off(outcome: Outcome, raylets: Raylets, client: Client, cut: Cut, seconds: float) -> None:
    job_id = client.jobs.submit(_endless_job(cut.name)).id
    folder = raylets.folder(job_id)
    wait_until(lambda: _last_step(raylets, job_id) >= AT_STEP, WITHIN_S, "the job trains")
    node = raylets.node_of(job_id)
    assert node is not None
    [old] = raylets.attempts(job_id)
    kept = set() if cut.attempt_too else {old.pid, *(child.pid for child in old.children(recursive=True))}
    frozen = [process for process in node.processes() if process.pid not in kept]
    began = time.monotonic()
    _signal(frozen, signal.SIGSTOP)
    try:
        wait_until(lambda: folder.read_heartbeat(2) is not None, WITHIN_S, "another attempt")
        outcome.figures[f"{cut.name}: another attempt began after"] = f"{time.monotonic() - began:.1f} s"
        outcome.expect(cut.attempt_too or not lives(old), f"{cut.name}: both attempts lived at once")
        before = _last_step(raylets, job_id)
        wait_until(lambda: "training (step" in folder.log(2).read_text(), WITHIN_S, "the other attempt trains")
        found = re.search(r"training \(step (\d+) of", folder.log(2).read_text())
        assert found is not None
        lost = before - int(found[1]) + 1
        outcome.figures[f"{cut.name}: steps done again"] = f"{lost} (a checkpoint every {CHECKPOINT_EVERY})"
        outcome.expect(lost <= CHECKPOINT_EVERY, f"{cut.name}: {lost} steps were done again")
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    finally:
        _signal(frozen, signal.SIGCONT)
    healed = time.monotonic()
    wait_until(lambda: not lives(old), WITHIN_S, "the end of the attempt that was cut off")
    outcome.figures[f"{cut.name}: the old attempt was gone, after the end of {seconds:g} s,"] = (
        f"{time.monotonic() - healed:.1f} s"
    )
    later = _last_step(raylets, job_id) + AT_STEP
    wait_until(lambda: _last_step(raylets, job_id) >= later, WITHIN_S, "the new attempt trains on")
    client.jobs.cancel(job_id)
    wait_until(lambda: client.jobs.get(job_id).state == "cancelled", WITHIN_S, "the job is cancelled")
    outcome.expect(len(client.jobs.get(job_id).attempts) == 2, f"{cut.name}: there were not two attempts")
    _expect_whole(outcome, raylets, job_id, cut)
    node.switch_off()  # Ray has given it up; whoever runs it starts it again


def _expect_whole(outcome: Outcome, raylets: Raylets, job_id: str, cut: Cut) -> None:
    """Each step once: two that write at the same time would leave some twice."""
    counts = Counter(_steps(raylets, job_id))
    twice = sorted(step for step, count in counts.items() if count > 1)
    missing = sorted(set(range(1, max(counts) + 1)) - set(counts))
    outcome.expect(not twice, f"{cut.name}: steps that were written twice: {twice[:10]}")
    outcome.expect(not missing, f"{cut.name}: steps that are missing: {missing[:10]}")


def _endless_job(name: str) -> JobSpec:
    steps = 10**6
    cadence = {"log_every_steps": 1, "evaluate_every_steps": steps, "checkpoint_every_steps": CHECKPOINT_EVERY}
    training = small_training(steps=steps, distil=False, device="cpu", **cadence)
    return JobSpec.model_validate({"name": name, "training": training})


def _steps(raylets: Raylets, job_id: str) -> list[int]:
    return [point["step"] for point in read_lines(raylets.folder(job_id).journal) if LOSS in point["metrics"]]


def _last_step(raylets: Raylets, job_id: str) -> int:
    return max(_steps(raylets, job_id), default=0)


def _signal(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
