"""One training with its MLflow run: used by the attempt of a job and by every trial of a sweep."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from trainer.folders import SPEC
from trainer.reporting import Phase, Reporter, Reporters
from trainer.spec import TrainingSpec
from trainer.training import TrainingResult, train
from workers.mlflow_sink import PATIENCE_S, MlflowSink, RunKey, connect, foreign_errors, insist
from workers.runs import log_spec, log_student, log_student_model, training_parameters
from workers.spec.layout import JOURNAL

SETTLE_WITHIN_S = 10.0
logger = logging.getLogger(__name__)


class LogReporter:
    """Reporter that writes readable lines to the attempt's log, and asks `stop` whether to go on."""

    def __init__(self, stop: Callable[[], bool] = lambda: False, *, prefix: str = "") -> None:
        self._stop = stop
        self._prefix = prefix
        self._phase: Phase | None = None
        self.step = 0

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        per_class = [key for key in metrics if key.startswith("val/AP/")]
        shown = "  ".join(f"{key} {value:.5g}" for key, value in metrics.items() if key not in per_class)
        if shown:
            logger.info("%sstep %d  %s", self._prefix, step, shown)

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        self.step = step
        if phase != self._phase:
            self._phase = phase
            logger.info("%s%s (step %d of %d)", self._prefix, phase, step, num_steps)

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        logger.info("%scheckpoint of step %d written", self._prefix, step)

    def log_artifact(self, path: Path, *, folder: str) -> None:
        logger.debug("%s%s written", self._prefix, path)

    def should_stop(self) -> bool:
        return self._stop()


def run_training(
    spec: TrainingSpec,
    *,
    out: Path,
    data_root: Path,
    tracking_uri: str,
    key: RunKey,
    reporters: Sequence[Reporter],
    on_run: Callable[[str], None] = lambda run_id: None,
    with_model: bool = True,
    cache_root: Path | None = None,
    exports: Callable[[Path], Sequence[Path]] = lambda weights: (),
    before: Callable[[MlflowSink], Sequence[Reporter]] = lambda sink: (),
) -> tuple[TrainingResult, str | None]:
    """Train `spec` in `out`, with a run in MLflow that ends as the training does.

    `exports` is given the finished student's weights and makes more files of them, which are kept beside the weights.
    `before` gets the run's sink and may give reporters that need it; they come after it. Returns the training's
    result and the run's id, which is None when MLflow stayed away and the student could not be kept there.
    """
    sink = MlflowSink(tracking_uri, key, journal=out / JOURNAL, parameters=training_parameters(spec), on_run=on_run)
    status = "FAILED"
    patience_s = 5.0
    needs_run = True
    try:
        reporter = Reporters([*reporters, sink, *before(sink)])
        result = train(spec, out=out, data_root=data_root, reporter=reporter, cache_root=cache_root)
        status = "FINISHED" if result.finished else "KILLED"
        patience_s = PATIENCE_S if result.finished else patience_s
        files = [result.weights, *exports(result.weights)] if result.finished else []
        run_id = sink.run_id(patience_s)
        if run_id is None or not result.finished:
            return result, run_id
        kept = _kept(spec, files, tracking_uri, run_id, with_model=with_model)
        return result, run_id if kept else None
    except SystemExit:  # Tune ends a stopped trial this way, and SIGTERM a training that has not begun
        status, patience_s, needs_run = "KILLED", 2.0, False
        raise
    finally:
        sink.close(patience_s, needs_run=needs_run)
        if (ended_run := sink.run_id(0)) is not None:
            _end(tracking_uri, ended_run, status, patience_s=patience_s)


def settle_given_up(out: Path, *, tracking_uri: str, key: RunKey) -> None:
    """Send what a training that was given up has left in its journal, and end its run: its process may have been killed
    before it could. What MLflow does not take within seconds is sent when this is asked again."""
    settled = out / "settled"
    if settled.exists() or not (out / SPEC).exists():
        return
    spec = TrainingSpec.model_validate_json((out / SPEC).read_text(encoding="utf-8"))
    sink = MlflowSink(tracking_uri, key, journal=out / JOURNAL, parameters=training_parameters(spec))
    run_id = sink.run_id(SETTLE_WITHIN_S)
    if sink.close(SETTLE_WITHIN_S, needs_run=run_id is not None) and run_id is not None:
        _end(tracking_uri, run_id, "KILLED", patience_s=SETTLE_WITHIN_S)
        settled.touch()


def _kept(spec: TrainingSpec, files: Sequence[Path], tracking_uri: str, run_id: str, *, with_model: bool) -> bool:
    """Keep the student at MLflow; False where that failed, which costs nobody the training."""
    try:
        insist(lambda: _keep(spec, files, tracking_uri, run_id, with_model=with_model), patience_s=PATIENCE_S)
    except foreign_errors():
        logger.exception("the student could not be kept at MLflow; it stays at %s", files[0])
        return False
    return True


def _keep(spec: TrainingSpec, files: Sequence[Path], tracking_uri: str, run_id: str, *, with_model: bool) -> None:
    client = connect(tracking_uri)
    log_spec(client, run_id, spec)
    for path in files:
        log_student(client, run_id, path)
    if with_model:
        log_student_model(client, tracking_uri, run_id, files[0])


def _end(tracking_uri: str, run_id: str, status: str, *, patience_s: float) -> None:
    """Settle the run; MLflow may be restarting just now, and a run left as RUNNING would stay so for ever."""
    try:
        insist(lambda: connect(tracking_uri).set_terminated(run_id, status=status), patience_s=patience_s)
    except foreign_errors():
        logger.exception("MLflow did not take the end of run %s", run_id)
