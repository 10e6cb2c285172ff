"""Trial records: what the driver sees of its trials, written to storage for the reconciler."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ray.tune import Callback
from ray.tune.experiment import Trial

from workers.heartbeat import HeartbeatReporter
from workers.spec import JobFolder, SweepSpec, TrialRecord, TrialState
from workers.sweeps.space import OBJECTIVE, STEP
from workers.sweeps.trial import RUN_ID, trial_dirname, trial_number

logger = logging.getLogger(__name__)


_current: TrialRecorder | None = None


def current_recorder() -> TrialRecorder:
    assert _current is not None
    return _current


def new_trial_dirname(trial: Trial) -> str:
    """Tune's `trial_dirname_creator`: numbers the trials of a sweep from 1, over all its attempts."""
    return trial_dirname(current_recorder().next_number())


class TrialRecorder(Callback):  # type: ignore[misc]  # Ray is untyped to mypy
    """Keeps one `TrialRecord` per trial in storage and the sweep's progress in the heartbeat.

    Tune pickles its callbacks into the saved experiment. This one is pickled as a reference to that of the process
    that reads it: a resumed sweep gets the new attempt's.
    """

    def __init__(self, spec: SweepSpec, folder: JobFolder, heartbeat: HeartbeatReporter) -> None:
        global _current
        _current = self
        self._spec = spec
        self._folder = folder
        self._heartbeat = heartbeat
        self.records = {record.number: record for record in folder.read_trials()}
        self._last_number = max([0, *self.records, *_numbers_in_use(folder)])

    def __reduce__(self) -> tuple[Callable[[], TrialRecorder], tuple[()]]:
        return current_recorder, ()

    def next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    @property
    def ended(self) -> list[TrialRecord]:
        return [record for record in self.records.values() if record.ended_at is not None]

    def best(self) -> TrialRecord | None:
        """The finished trial with the best objective; trials that were stopped early do not compete."""
        done = [r for r in self.records.values() if r.state == "succeeded" and r.objective is not None]
        sign = 1 if self._spec.objective.direction == "maximize" else -1
        return max(done, key=lambda record: sign * (record.objective or 0.0), default=None)

    def on_trial_start(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        number = self._number(trial)
        before = self.records.get(number)
        started_at = before.started_at if before is not None else datetime.now(UTC)
        self._write(TrialRecord(number=number, state="running", parameters=dict(trial.config), started_at=started_at))
        shown = "  ".join(f"{path.split('.', 2)[-1]} {_short(value)}" for path, value in trial.config.items())
        logger.info("trial %d of %d started: %s", number, self._spec.num_trials, shown)
        self._tell_progress()

    def on_trial_result(
        self, iteration: int, trials: list[Trial], trial: Trial, result: dict[str, Any], **info: Any
    ) -> None:
        self._write(self._with_result(self._record(trial), result))

    def on_trial_complete(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        record = self._record(trial)
        if record.objective is None:
            self._end(record, "failed", f"the training never logged {self._spec.objective.metric}")
        elif record.step >= self._spec.trial_spec(record.parameters).num_steps:
            self._end(record, "succeeded", "")
        else:
            self._end(record, "stopped", f"stopped at step {record.step}: others were ahead")

    def on_trial_error(self, iteration: int, trials: list[Trial], trial: Trial, **info: Any) -> None:
        error = trial.get_error()
        lines = str(error).strip().splitlines() if error is not None else []
        self._end(self._record(trial), "failed", lines[-1][:500] if lines else "the trial's process was lost")

    def stop_running(self, reason: str) -> list[str]:
        """Settle the trials that were running when the sweep was ended; returns their MLflow runs."""
        running = [record for record in self.records.values() if record.state == "running"]
        for record in running:
            self._end(record, "stopped", reason)
        return [record.mlflow_run_id for record in running if record.mlflow_run_id is not None]

    def _end(self, record: TrialRecord, state: TrialState, reason: str) -> None:
        self._write(record.model_copy(update={"state": state, "reason": reason, "ended_at": datetime.now(UTC)}))
        shown = "" if record.objective is None else f" with {self._spec.objective.metric} {record.objective:.2f}"
        logger.info("trial %d %s%s %s", record.number, state, shown, reason)
        self._tell_progress()

    @staticmethod
    def _with_result(record: TrialRecord, result: dict[str, Any]) -> TrialRecord:
        metrics = {key: float(value) for key, value in result.items() if key.startswith("val/")}
        changes = {
            "metrics": {**record.metrics, **metrics},
            "objective": result.get(OBJECTIVE, record.objective),
            "step": result.get(STEP, record.step),
            "mlflow_run_id": result.get(RUN_ID) or record.mlflow_run_id,
        }
        return record.model_copy(update=changes)

    def _record(self, trial: Trial) -> TrialRecord:
        return self.records[self._number(trial)]

    def _number(self, trial: Trial) -> int:
        return trial_number(str(trial.path or trial.local_path))

    def _write(self, record: TrialRecord) -> None:
        self.records[record.number] = record
        self._folder.write_trial(record)

    def _tell_progress(self) -> None:
        self._heartbeat.log_progress("searching", step=len(self.ended), num_steps=self._spec.num_trials)
        best = self.best()
        if best is not None:
            self._heartbeat.log_metrics(best.metrics, step=best.number)


def _numbers_in_use(folder: JobFolder) -> list[int]:
    """Numbers that an earlier attempt gave, also to trials that never started."""
    return [int(path.name) for path in folder.tune.glob("*") if path.name.isdigit()]


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
