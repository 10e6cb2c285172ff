"""The runs of trials at MLflow: what they are found by, and how they end while the next trial trains already."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache

from trainer.folders import SPEC
from workers.mlflow_sink import RunKey
from workers.runs import trial_key
from workers.spec import SEARCHED, AttemptOrder, JobFolder, PopulationTraining, SweepSpec, TrialRecord
from workers.training_run import RunStatus, settle_training

STATUS: dict[str, RunStatus] = {"succeeded": "FINISHED", "stopped": "KILLED", "failed": "FAILED"}
logger = logging.getLogger(__name__)


class Settler:
    """Does what is left for trials that are over, one after the other, in a thread of this process.

    Nothing is lost with the process: the driver does at the end what it finds not done (`settle_ended`).
    """

    def __init__(self) -> None:
        self._left: queue.Queue[Callable[[], object]] = queue.Queue()
        threading.Thread(target=self._work, name="settler", daemon=True).start()

    def put(self, action: Callable[[], object]) -> None:
        """Have `action` done after all that was put before."""
        self._left.put(action)

    def wait(self) -> None:
        """Until all that was put is done."""
        self._left.join()

    def _work(self) -> None:
        while True:
            action = self._left.get()
            try:
                action()
            except Exception:  # the thread's outermost edge: the next trial's run must end all the same
                logger.exception("the run of a trial was not ended; the sweep's driver does it at the end")
            finally:
                self._left.task_done()


@cache
def settler() -> Settler:
    """That of this process, which trains one trial after the other."""
    return Settler()


def run_key(order: AttemptOrder, number: int, role: str, parent_run_id: str | None, *, exploits: int) -> RunKey:
    """What the run of a trial is found by; a member of a population has one for each of its exploits."""
    assert isinstance(order.spec, SweepSpec)
    is_member = isinstance(order.spec.scheduler, PopulationTraining) and role in SEARCHED
    return trial_key(order, number, parent_run_id, exploits=exploits if is_member else None)


def settle_ended(
    order: AttemptOrder,
    folder: JobFolder,
    records: Iterable[TrialRecord],
    parent_run_id: str,
    *,
    patience_s: float,
    on_run: Callable[[TrialRecord, str], None],
) -> None:
    """End the runs of all trials that are over and whose own process did not come to it; gives up after `patience_s`.

    `on_run` hears of each run that is in order.
    """
    deadline = time.monotonic() + patience_s
    left = 0
    for record in records:
        exploits = len(record.exploits)
        out = folder.trial(record.number, exploits=exploits)
        if not (out / SPEC).exists():  # it was lost before it had begun
            continue
        run_id = settle_training(
            out,
            tracking_uri=order.mlflow_tracking_uri,
            key=run_key(order, record.number, record.role, parent_run_id, exploits=exploits),
            status=STATUS[record.state],
            patience_s=max(0.0, deadline - time.monotonic()),
        )
        if run_id is None:
            left += 1
        else:
            on_run(record, run_id)
    if left:
        logger.error("MLflow did not take all of %d trials; what it lacks is in storage, a retry sends it", left)
