"""The runs of a sweep and its trials at MLflow, written by a thread of the driver."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workers.mlflow_sink import (
    ANSWER_WITHIN_S,
    RETRY_EVERY_S,
    RunKey,
    connect,
    first_line,
    foreign_errors,
    is_refusal,
    restore_run,
)
from workers.runs import RunStatus, trial_key
from workers.spec import SEARCHED, AttemptOrder, JobFolder, PopulationTraining, SweepSpec, TrialRecord
from workers.storage.trials import SETTLED, Found, SharedTrials, Trials
from workers.sweeps.run_writer import RunWriter

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from workers.sweeps.records import TrialRecorder

LOOK_EVERY_S = 1.0
# A trial that is over sooner has its run written at once, with few requests.
FOLLOW_AFTER_S = 5.0
STATUS: dict[str, RunStatus] = {"succeeded": "FINISHED", "stopped": "KILLED", "failed": "FAILED"}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Segment:
    """What has a run of its own: a trial, or the part of one between two exploits."""

    trial: int
    exploits: int


class TrialRuns:
    """Brings to MLflow what trials leave in storage, while they train and when they are over.

    No training waits for MLflow, and the processes of trials need neither its import (seconds, 200 MB) nor its rights.
    What a killed driver did not come to is done by the next one.
    """

    def __init__(
        self,
        order: AttemptOrder,
        folder: JobFolder,
        recorder: TrialRecorder,
        open_parent: Callable[[MlflowClient], str],
        trials: Trials | None = None,
    ) -> None:
        """`open_parent` makes the run of the sweep, or finds it, and returns its id. Without `trials` the folder
        is one that all see."""
        self._trials = trials or SharedTrials(folder)
        self._late: set[Segment] = set()
        self._order = order
        self._folder = folder
        self._recorder = recorder
        self._open_parent = open_parent
        self._parent: str | None = None
        self._found_before = {record.number: len(record.exploits) for record in recorder.records.values()}
        self._writers: dict[Segment, RunWriter] = {}
        self._seen: dict[Segment, float] = {}
        self._over: set[Segment] = set()
        self._restored: set[Segment] = set()
        self._closing = threading.Event()
        self._deadline = float("inf")
        self._thread = threading.Thread(target=self._work, name="mlflow", daemon=True)

    @property
    def parent_run_id(self) -> str | None:
        """The run of the sweep; None while MLflow has not made it."""
        return self._parent

    def start(self) -> None:
        self._thread.start()

    def close(self, patience_s: float) -> None:
        """Wait until every run is as its trial is; what MLflow does not take within `patience_s` stays in storage."""
        self._deadline = time.monotonic() + patience_s
        self._closing.set()
        # a run that is made later than this would be ended by nobody
        self._thread.join(max(patience_s, ANSWER_WITHIN_S))
        left = sum(1 for *_, status in self._unsettled() if status is not None) + len(self._late)
        if left or self._parent is None:
            logger.error("MLflow did not take all of %d trials; what it lacks is in storage, a retry sends it", left)

    def _work(self) -> None:
        client = connect(self._order.mlflow_tracking_uri)
        while True:
            is_last = self._closing.is_set()
            try:
                self._look(client)
            except foreign_errors() as error:
                logger.warning("MLflow did not answer (%s); trying again in %g s", first_line(error), RETRY_EVERY_S)
                time.sleep(min(RETRY_EVERY_S, max(0.0, self._deadline - time.monotonic())))
            else:
                if is_last and not self._late:
                    return
                time.sleep(LOOK_EVERY_S) if is_last else self._closing.wait(LOOK_EVERY_S)
            if time.monotonic() >= self._deadline:
                return

    def _look(self, client: MlflowClient) -> None:
        """Write what there is; raises `foreign_errors` when MLflow is away."""
        if self._parent is None:
            self._parent = self._open_parent(client)
        for record, segment, status in self._unsettled():
            try:
                self._write(client, record, segment, status)
            except foreign_errors() as error:
                if not is_refusal(error):
                    raise
                self._after_refusal(client, segment, error)
            if time.monotonic() >= self._deadline:
                return

    def _unsettled(self) -> Iterator[tuple[TrialRecord, Segment, RunStatus | None]]:
        """What may have something that MLflow lacks, with the status that its run ends with; None while it goes on."""
        for record in list(self._recorder.records.values()):
            for exploits in range(len(record.exploits) + 1):
                segment = Segment(record.number, exploits)
                if segment not in self._over and self._is_there(record, segment):
                    status = _status_of(record, segment)
                    if status is not None or self._is_long(segment):
                        yield record, segment, status

    def _is_there(self, record: TrialRecord, segment: Segment) -> bool:
        """Whether the folder here has what MLflow is to hear."""
        found = self._trials.bring(record, exploits=segment.exploits)
        (self._late.add if found is Found.LATER else self._late.discard)(segment)
        # what a start of a trial wrote after the next one had begun is not to be told
        return found is Found.THERE and self._recorder.records[record.number].starts == record.starts

    def _is_long(self, segment: Segment) -> bool:
        first_seen = self._seen.setdefault(segment, time.monotonic())
        return time.monotonic() - first_seen >= FOLLOW_AFTER_S

    def _write(self, client: MlflowClient, record: TrialRecord, segment: Segment, status: RunStatus | None) -> None:
        out = self._folder.trial(segment.trial, exploits=segment.exploits)
        if status is not None and segment not in self._writers and (out / SETTLED).exists():
            run_id = (out / SETTLED).read_text(encoding="utf-8")
        else:
            if segment not in self._writers:
                key = self._key(record, segment)
                self._writers[segment] = RunWriter(client, key, out, is_new=self._is_new(segment))
            writer = self._writers[segment]
            run_id = str(writer.send().run_id) if status is None else writer.end(status)
        if status is not None:
            self._over.add(segment)
            self._writers.pop(segment, None)
            self._trials.settled(segment.trial, exploits=segment.exploits)
        self._recorder.set_run(segment.trial, segment.exploits, run_id)

    def _after_refusal(self, client: MlflowClient, segment: Segment, error: Exception) -> None:
        """MLflow will not take it when asked again: mend the run, or leave the rest in storage."""
        run_id = self._writers[segment].run_id
        if run_id is not None and segment not in self._restored and restore_run(client, run_id):
            self._restored.add(segment)
            logger.warning("the run %s was deleted in MLflow; it is restored for trial %d", run_id, segment.trial)
            return
        logger.error("MLflow refuses the run of trial %d, it stays in storage: %s", segment.trial, first_line(error))
        self._over.add(segment)

    def _key(self, record: TrialRecord, segment: Segment) -> RunKey:
        """What the run is found by; a member of a population has one for each of its exploits."""
        assert isinstance(self._order.spec, SweepSpec)
        is_member = isinstance(self._order.spec.scheduler, PopulationTraining) and record.role in SEARCHED
        return trial_key(self._order, segment.trial, self._parent, exploits=segment.exploits if is_member else None)

    def _is_new(self, segment: Segment) -> bool:
        """Whether no earlier driver can have made its run."""
        return segment.exploits > self._found_before.get(segment.trial, -1)


def _status_of(record: TrialRecord, segment: Segment) -> RunStatus | None:
    """What the run of a segment ends with; None while its trial goes on."""
    if segment.exploits < len(record.exploits):
        return "KILLED"
    return None if record.ended_at is None else STATUS[record.state]
