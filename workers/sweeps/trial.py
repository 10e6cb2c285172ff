"""One trial: the trainer inside Tune's function, reporting to Tune at every evaluation."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ray import tune

from trainer.errors import InputError
from trainer.spec import TrainingSpec
from trainer.training import TrainingResult
from workers.mlflow_sink import MlflowSink
from workers.runs import trial_key
from workers.spec import AttemptOrder, JobFolder, Objective, Phase, SweepSpec
from workers.sweeps.space import OBJECTIVE, STEP
from workers.training_run import LogReporter, run_training

RUN_ID = "mlflow_run_id"
FLUSH_BEFORE_REPORT_S = 10.0


class TuneReporter:
    """Reporter that tells Tune the objective whenever the trainer evaluated.

    Tune may end the trial inside `report`, so all points are sent to MLflow before it, and what the last step gave is
    kept back until `finish`: by then the student is written and the run has ended.
    """

    def __init__(self, objective: Objective, sink: MlflowSink, *, num_steps: int) -> None:
        self._objective = objective
        self._sink = sink
        self._num_steps = num_steps
        self._best: float | None = None
        self._last: dict[str, Any] | None = None

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        value = metrics.get(self._objective.metric)
        if value is None:
            return
        better = max if self._objective.direction == "maximize" else min
        self._best = value if self._best is None else better(self._best, value)
        result = {
            **{key: number for key, number in metrics.items() if key.startswith("val/")},
            OBJECTIVE: self._best if self._objective.value == "best" else value,
            STEP: step,
        }
        if step >= self._num_steps:
            self._last = {**(self._last or {}), **result}
            return
        self._sink.flush(FLUSH_BEFORE_REPORT_S)
        tune.report({**result, RUN_ID: self._sink.run_id(0)})

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        """Tune's time axis is the step of the last evaluation."""

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        """A trial that is started again finds its checkpoints in its own folder."""

    def should_stop(self) -> bool:
        return False

    def finish(self, result: TrainingResult) -> None:
        """Report the last step: the training is over. A trial that had ended before a restart reports it again."""
        if self._last is None:
            self.log_metrics(result.metrics, step=result.step)
        if self._last is not None:
            tune.report({**self._last, RUN_ID: self._sink.run_id(0)})


def run_trial(parameters: dict[str, Any], *, order_json: str, storage_root: str, parent_run_id: str | None) -> None:
    """Train one trial of the sweep of `order_json`; Tune calls this in a worker process that it uses again."""
    _log_to_stderr()
    order = AttemptOrder.model_validate_json(order_json)
    assert isinstance(order.spec, SweepSpec)
    spec = order.spec
    number = trial_number(tune.get_context().get_trial_dir())
    folder = JobFolder(Path(storage_root), order.job_id, scratch_after=order.scratch_after)
    training: TrainingSpec = spec.trial_spec(parameters)
    reporters: list[TuneReporter] = []

    def report_to_tune(sink: MlflowSink) -> list[TuneReporter]:
        reporters.append(TuneReporter(spec.objective, sink, num_steps=training.num_steps))
        return reporters

    try:
        result, _ = run_training(
            training,
            out=folder.trial(number),
            data_root=Path(order.data_root),
            tracking_uri=order.mlflow_tracking_uri,
            key=trial_key(order, number, parent_run_id),
            reporters=[LogReporter(prefix=f"trial {number}: ")],
            with_model=False,
            before=report_to_tune,
        )
    except InputError as error:
        # Tune pickles what it shows; a plain message survives that
        raise RuntimeError(str(error)) from error
    reporters[0].finish(result)


def trial_dirname(number: int) -> str:
    """The trial's folder below Tune's own, by which trial and driver agree on the number."""
    return f"{number:05d}"


def trial_number(trial_dir: str) -> int:
    return int(Path(trial_dir).name)


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"
    )
    for name in ("workers", "trainer"):
        logging.getLogger(name).setLevel(logging.INFO)
