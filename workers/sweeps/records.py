"""Trial records: what the driver knows of its trials, written to storage for the reconciler and for a later driver."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ray import cloudpickle
from ray.exceptions import NodeDiedError, ObjectLostError, RayActorError, WorkerCrashedError
from ray.tune import Callback
from ray.tune.experiment import Trial

from trainer.spec import Spec
from workers.failures import Failure, unpack
from workers.heartbeat import HeartbeatReporter
from workers.spec import SEARCHED, JobFolder, PopulationTraining, SweepSpec, TrialRecord, TrialReport, TrialState
from workers.spec.layout import read_whole
from workers.spec.steering import Steering
from workers.storage.trials import SharedTrials, Trials
from workers.sweeps.plan import NOTHING_ASKED, Planned, competes
from workers.sweeps.population import Population
from workers.sweeps.stopping import FURTHER, OBJECTIVE, STEP

logger = logging.getLogger(__name__)
MAX_LOSSES = 3
_LOST = (RayActorError, WorkerCrashedError, NodeDiedError, ObjectLostError)


_current: TrialRecorder | None = None


def current_recorder() -> TrialRecorder:
    assert _current is not None
    return _current


class TrialRecorder(Callback):  # type: ignore[misc]  # Ray is untyped to mypy
    """Keeps one `TrialRecord` per trial in storage and the sweep's progress in the heartbeat.

    Tune copies and pickles its callbacks and searchers. This one goes with them as a reference to that of the process.
    """

    def __init__(
        self, spec: SweepSpec, folder: JobFolder, heartbeat: HeartbeatReporter, trials: Trials | None = None
    ) -> None:
        """Without `trials` the folder is one that all see."""
        global _current
        _current = self
        self._spec = spec
        self._folder = folder
        self._trials = trials or SharedTrials(folder)
        self._heartbeat = heartbeat
        self._since: dict[int, float] = {}
        self._lock = threading.RLock()
        self._runs: dict[tuple[int, int], str] = {}
        self.records = {record.number: record for record in folder.read_trials()}
        self._population = (
            Population(spec, folder, self._trials) if isinstance(spec.scheduler, PopulationTraining) else None
        )
        self._catch_up()

    def __reduce__(self) -> tuple[Callable[[], TrialRecorder], tuple[()]]:
        return current_recorder, ()

    @property
    def steering(self) -> Steering:
        """What has been asked of the sweep until now."""
        return read_whole(self._folder.steering, Steering) or NOTHING_ASKED

    @property
    def num_trainings(self) -> int:
        asked = self.steering
        return self._spec.num_trainings + asked.more_trials + len(asked.added_trials)

    @property
    def ended(self) -> list[TrialRecord]:
        return [record for record in self.records.values() if record.ended_at is not None]

    def best(self) -> TrialRecord | None:
        """The finished trial of the search with the best objective; those stopped early do not compete."""
        done = [r for r in self.records.values() if r.role in SEARCHED and competes(self._spec, r)]
        sign = self._spec.objective.sign
        return max(done, key=lambda record: (sign * (record.objective or 0.0), -record.number), default=None)

    def reopen_failed(self) -> None:
        """Let the trials that failed go on from their checkpoints, as a person asked who had the cause removed."""
        for record in [record for record in self.records.values() if record.state == "failed"]:
            fresh = {"state": "running", "reason": "", "ended_at": None, "losses": 0}
            self._write(record.model_copy(update=fresh))

    @property
    def round_step(self) -> int | None:
        """Where the trials of a population wait for each other next."""
        return None if self._population is None else self._population.next_step

    @property
    def waiting(self) -> frozenset[int]:
        """The trials that have come there."""
        return frozenset() if self._population is None else self._population.waiting(self.records)

    def hold_round(self, live: frozenset[int]) -> None:
        """Decide the next round of a population once all have come to it and none of their processes is left."""
        if self._population is None or live & self.waiting:
            return
        num_members = sum(1 for record in self.records.values() if record.role in SEARCHED)
        is_whole = num_members >= self._spec.num_trials or self.steering.end_search
        if self._population.is_due(self.records, is_whole=is_whole):
            self._population.decide(self.records)
            self._catch_up()

    def begin(self, planned: Planned) -> TrialRecord:
        """Write down a trial before it starts; one that was interrupted keeps what it has. A process that trains it
        already has no place any more."""
        before = self.records.get(planned.number)
        self._since[planned.number] = time.monotonic()
        if before is None:
            before = TrialRecord(
                number=planned.number,
                state="running",
                role=planned.role,
                seed=_seed_of(planned),
                repeats=planned.repeats,
                parameters=planned.parameters,
                schedule=planned.schedule,
                started_at=datetime.now(UTC),
            )
        before = before.model_copy(update={"starts": before.starts + 1})
        self._write(before, at_once=True)
        self._trials.begin(before.number, exploits=len(before.exploits), start=before.starts)
        logger.info("trial %d of %d (%s): %s", planned.number, self.num_trainings, planned.role, _words(planned))
        self.tell_progress()
        return before

    def on_trial_result(
        self, iteration: int, trials: list[Trial], trial: Trial, result: dict[str, Any], **info: Any
    ) -> None:
        self._write(self._with_result(self._record(trial), result))

    def on_trial_complete(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        record = self._record(trial)
        asked = record.number in self.steering.stop_trials
        if record.number in self.waiting and not asked:
            self._write(self._timed(record))
            logger.info("trial %d waits at step %d for the others", record.number, record.step)
        elif record.objective is None:
            self._end(record, "failed", f"the training never logged {self._spec.objective.metric}")
        elif record.step >= self._num_steps(record):
            self._end(record, "succeeded", "")
        else:
            why = "it was asked for" if asked else "others were ahead"
            self._end(record, "stopped", f"stopped at step {record.step}: {why}")

    def on_trial_error(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        error = _error_of(trial)
        record = self._timed(self._record(trial))
        lines = str(error).strip().splitlines() if error is not None else []
        failure = unpack(lines[-1][:500]) if lines else Failure("infrastructure", "the trial's process was lost")
        failure = replace(failure, cause="infrastructure") if isinstance(error, _LOST) else failure
        reason = failure.reason
        if isinstance(error, _LOST) and record.losses < MAX_LOSSES:
            self._write(record.model_copy(update={"losses": record.losses + 1}))
            logger.warning("trial %d was lost with its machine and starts again: %s", record.number, reason)
            return
        self._end(record.model_copy(update={"cause": failure.cause}), "failed", reason)

    def interrupted_runs(self) -> list[str]:
        """MLflow runs of the trials that had not ended; their records stay as they are, for a later attempt."""
        running = [record for record in self.records.values() if record.state == "running"]
        return [record.mlflow_run_id for record in running if record.mlflow_run_id is not None]

    def set_run(self, number: int, exploits: int, run_id: str) -> None:
        """Note the MLflow run of a trial, or of what it did after so many exploits; another thread may call this."""
        with self._lock:
            self._runs[number, exploits] = run_id
            if self._with_runs(self.records[number]) != self.records[number]:
                self._write(self.records[number])

    def tell_progress(self) -> None:
        self._heartbeat.log_progress("searching", step=len(self.ended), num_steps=self.num_trainings)
        best = self.best()
        if best is not None:
            self._heartbeat.log_metrics(best.metrics, step=best.number)

    def _catch_up(self) -> None:
        """Bring the records to where the rounds are."""
        for record in [*self.records.values()] if self._population is not None else []:
            assert self._population is not None
            if (now := self._population.brought_up_to_date(record)) is not record:
                self._write(now)

    def _num_steps(self, record: TrialRecord) -> int:
        if record.role == "baseline":
            return self._spec.training.num_steps
        return self._spec.trial_spec(record.parameters).num_steps

    def _end(self, record: TrialRecord, state: TrialState, reason: str) -> None:
        record = self._timed(record)
        ended = {"state": state, "reason": reason, "ended_at": datetime.now(UTC)}
        self._write(record.model_copy(update=ended), at_once=True)
        shown = "" if record.objective is None else f" with {self._spec.objective.metric} {record.objective:.2f}"
        logger.info("trial %d %s%s %s", record.number, state, shown, reason)
        self.tell_progress()

    def _timed(self, record: TrialRecord) -> TrialRecord:
        """Add the time since the trial was last looked at."""
        now = time.monotonic()
        since = self._since.get(record.number)
        self._since[record.number] = now
        return record if since is None else record.model_copy(update={"seconds": record.seconds + now - since})

    def _with_result(self, record: TrialRecord, result: dict[str, Any]) -> TrialRecord:
        metrics = {key: float(value) for key, value in result.items() if "/" in key and _is_number(value)}
        step = int(result.get(STEP, record.step))
        reports = record.reports
        if OBJECTIVE in result and (not reports or step > reports[-1].step):
            value = float(result[OBJECTIVE])
            reports = (*reports, TrialReport(step=step, value=value if math.isfinite(value) else None))
        changes = {
            "metrics": {**record.metrics, **metrics},
            "objective": result.get(OBJECTIVE, record.objective),
            "further_objectives": tuple(result.get(FURTHER, record.further_objectives)),
            "reports": reports,
            "step": max(step, record.step),
        }
        return self._timed(record).model_copy(update=changes)

    def _record(self, trial: Trial) -> TrialRecord:
        return self.records[int(trial.config["number"])]

    def keep(self, path: Path, content: Spec) -> None:
        """Replace another file of the driver, which a later driver is sure to find."""
        self._trials.write(path, content)

    def _write(self, record: TrialRecord, *, at_once: bool = False) -> None:
        """With `at_once` a later driver is sure to find it: what a trial tells until its end it tells again."""
        with self._lock:
            record = self.records[record.number] = self._with_runs(record)
            self._trials.write(self._folder.trial_record(record.number), record, at_once=at_once)

    def _with_runs(self, record: TrialRecord) -> TrialRecord:
        """The record with the runs that became known since it was read."""
        runs = self._runs
        newest = len(record.exploits)
        exploits = tuple(
            exploit.model_copy(update={"mlflow_run_id": runs.get((record.number, i), exploit.mlflow_run_id)})
            for i, exploit in enumerate(record.exploits)
        )
        run_id = runs.get((record.number, newest), record.mlflow_run_id)
        return record.model_copy(update={"exploits": exploits, "mlflow_run_id": run_id})


def _seed_of(planned: Planned) -> int:
    """The seed of the training: a sweep may have it as a dimension."""
    searched = planned.parameters.get("seed")
    return searched if isinstance(searched, int) else planned.seed


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _words(planned: Planned) -> str:
    shown = [f"{path.split('.', 2)[-1]} {_short(value)}" for path, value in planned.parameters.items()]
    return "  ".join([*shown, f"seed {planned.seed}"])


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _error_of(trial: Trial) -> Exception | str | None:
    """What ended a trial. Tune's own methods look in the storage, where its files come some seconds later."""
    pickled, text = trial.pickled_error_file, trial.error_file
    if pickled is not None and Path(pickled).is_file():
        error: Exception = cloudpickle.loads(Path(pickled).read_bytes())
        return error
    return Path(text).read_text(encoding="utf-8") if text is not None and Path(text).is_file() else None
