"""Attempts on Ray that do not hear SIGTERM and have forked: a cancel ends them and all below them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from service.sdk import Client
from tests.crash.crew import attempt_of
from tests.drills.cut_off import NUM_FORKS, expect_gone
from tests.drills.odd_worker import program
from tests.drills.outcome import Drill, Outcome
from tests.drills.service import lives, wait_until
from tests.factories import SPLITS, small_job
from tests.stack import RunningStack, start_stack

PURPOSE = "A training on Ray is cancelled that is deaf to SIGTERM and has forked, also into sessions of their own."


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    with _deaf_stack(drill) as stack, stack.client() as client:
        job_id = _submitted(client)
        storage = stack.state / "storage"
        wait_until(lambda: len(_family(storage, job_id)) > 2 * NUM_FORKS, 300, "all have forked")
        _cancel(outcome, client, job_id, _family(storage, job_id))
    return outcome


def run_on(stack: RunningStack) -> Outcome:
    """The same on a stack whose attempts hear signals: this one is suspended, and has a process that loads its data."""
    outcome = Outcome()
    with stack.client() as client:
        job_id = _submitted(client, data={**SPLITS, "num_workers": 1})
        family = _family(stack.state / "storage", job_id)
        outcome.expect(len(family) > 1, "the training has not forked")
        family[0].suspend()
        _cancel(outcome, client, job_id, family)
    return outcome


@contextmanager
def _deaf_stack(drill: Drill) -> Iterator[RunningStack]:
    state = drill.folder / "stack"
    state.mkdir()
    (state / "data").symlink_to(drill.shared.data())
    worker = program(drill.folder / "worker", {"deaf": True, "fork": NUM_FORKS})
    stack = start_stack(state, {"STILLHOUSE_WORKER_PYTHON": worker})
    try:
        yield stack
    finally:
        stack.stop()


def _submitted(client: Client, **changes: object) -> str:
    """A job that trains."""
    never = 10**6
    cadence = {"evaluate_every_steps": never, "checkpoint_every_steps": never}
    job_id = client.jobs.submit(small_job("deaf", steps=never, distil=False, device="cpu", **cadence, **changes)).id
    wait_until(lambda: client.jobs.get(job_id).progress.step > 0, 300, "the job trains", every_s=0.3)
    return job_id


def _cancel(outcome: Outcome, client: Client, job_id: str, family: list[psutil.Process]) -> None:
    outcome.figures["processes of the attempt on Ray"] = str(len(family))
    client.jobs.cancel(job_id)
    expect_gone(outcome, "cancel on Ray", client, job_id, family)


def _family(storage: Path, job_id: str) -> list[psutil.Process]:
    """The process of the job's attempt, and all below it."""
    found = [attempt_of(process, storage) for process in psutil.process_iter()]
    attempts = [one.process for one in found if one is not None and one.job_id == job_id]
    return [*attempts, *(child for process in attempts for child in process.children(recursive=True) if lives(child))]
