"""One training with its MLflow run: used by the attempt of a job and by every trial of a sweep."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from trainer.folders import SPEC, STUDENT
from trainer.reporting import Phase, Reporter, Reporters
from trainer.spec import TrainingSpec
from trainer.training import TrainingResult, train
from workers.mlflow_sink import PATIENCE_S, MlflowSink, RunKey, connect, foreign_errors, insist
from workers.runs import log_spec, log_student, log_student_model, training_parameters
from workers.spec.layout import JOURNAL, replace_whole

SETTLE_WITHIN_S = 10.0
SETTLED = "settled"
RunStatus = Literal["FINISHED", "KILLED", "FAILED"]
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
    files: Mapping[str, Path] | None = None,
    settle: Callable[[], None] = lambda: None,
    keep_best: bool = False,
) -> tuple[TrainingResult, str | None]:
    """Train `spec` in `out`, with a run in MLflow that ends as the training does.

    `exports` is given the finished student's weights and makes more files of them, which are kept beside the weights.
    `before` gets the run's sink and may give reporters that need it; they come after it. `files` are those of the spec
    that are not below `data_root`; `settle` is called before points go to MLflow. Returns the training's result and the
    run's id, which is None when MLflow stayed away and the student could not be kept there.
    """
    sink = MlflowSink(
        tracking_uri,
        key,
        journal=out / JOURNAL,
        parameters=training_parameters(spec),
        on_run=on_run,
        settle=settle,
    )
    status: RunStatus = "FAILED"
    patience_s = 5.0
    needs_run = True
    try:
        reporter = Reporters([*reporters, sink, *before(sink)])
        result = train(
            spec,
            out=out,
            data_root=data_root,
            reporter=reporter,
            cache_root=cache_root,
            files=files,
            keep_best=keep_best,
        )
        status = "FINISHED" if result.finished else "KILLED"
        patience_s = PATIENCE_S if result.finished else patience_s
        made = [result.weights, *exports(result.weights)] if result.finished else []
        run_id = sink.run_id(patience_s)
        if run_id is None or not result.finished:
            return result, run_id
        kept = _kept(spec, made, tracking_uri, run_id, with_model=with_model)
        return result, run_id if kept else None
    except SystemExit:  # Tune ends a stopped trial this way, and SIGTERM a training that has not begun
        status, patience_s, needs_run = "KILLED", 2.0, False
        raise
    finally:
        sink.close(patience_s, needs_run=needs_run)
        if (ended_run := sink.run_id(0)) is not None:
            _end(tracking_uri, ended_run, status, patience_s=patience_s)


def train_and_settle_later(
    spec: TrainingSpec,
    *,
    out: Path,
    data_root: Path,
    tracking_uri: str,
    key: RunKey,
    reporters: Sequence[Reporter],
    before: Callable[[MlflowSink], Sequence[Reporter]],
    later: Callable[[Callable[[], object]], None],
    cache_root: Path | None = None,
) -> TrainingResult:
    """As `run_training`, but what MLflow still lacks when the training is over is given to `later` as an action.

    Whoever finds that it was never done, because the process was killed, calls `settle_training`.
    """
    sink = MlflowSink(tracking_uri, key, journal=out / JOURNAL, parameters=training_parameters(spec))
    (out / SETTLED).unlink(missing_ok=True)
    status: RunStatus = "FAILED"
    try:
        reporter = Reporters([*reporters, sink, *before(sink)])
        result = train(spec, out=out, data_root=data_root, reporter=reporter, cache_root=cache_root)
        status = "FINISHED"
        return result
    except SystemExit:  # Tune ends a stopped trial this way
        status = "KILLED"
        raise
    finally:
        patience_s = PATIENCE_S if status == "FINISHED" else SETTLE_WITHIN_S
        later(partial(_settle, sink, spec, out, tracking_uri=tracking_uri, status=status, patience_s=patience_s))


def settle_training(out: Path, *, tracking_uri: str, key: RunKey, status: RunStatus, patience_s: float) -> str | None:
    """Send what a training that is over has left in `out`, and end its run: its process may have been killed before it
    could. Returns the run's id, or None where MLflow did not take all of it in time: then this can be asked again, as
    it can when all is sent."""
    if (out / SETTLED).exists():
        return (out / SETTLED).read_text(encoding="utf-8")
    if patience_s <= 0 or not (out / SPEC).exists():
        return None
    spec = TrainingSpec.model_validate_json((out / SPEC).read_text(encoding="utf-8"))
    sink = MlflowSink(tracking_uri, key, journal=out / JOURNAL, parameters=training_parameters(spec))
    for folder, found in (("preflight", out.glob("preflight.json")), ("diagnostics", (out / "diagnostics").glob("*"))):
        for path in sorted(found):
            sink.log_artifact(path, folder=folder)
    return _settle(sink, spec, out, tracking_uri=tracking_uri, status=status, patience_s=patience_s)


def _settle(
    sink: MlflowSink, spec: TrainingSpec, out: Path, *, tracking_uri: str, status: RunStatus, patience_s: float
) -> str | None:
    run_id = sink.run_id(patience_s)
    kept = run_id is not None and (
        status != "FINISHED"
        or _kept(spec, [out / STUDENT], tracking_uri, run_id, with_model=False, patience_s=patience_s)
    )
    sent = sink.close(patience_s, needs_run=run_id is not None)
    if run_id is None or not _end(tracking_uri, run_id, status, patience_s=patience_s) or not (kept and sent):
        return None
    replace_whole(out / SETTLED, run_id)
    return run_id


def _kept(
    spec: TrainingSpec,
    files: Sequence[Path],
    tracking_uri: str,
    run_id: str,
    *,
    with_model: bool,
    patience_s: float = PATIENCE_S,
) -> bool:
    """Keep the student at MLflow; False where that failed, which costs nobody the training."""
    try:
        insist(lambda: _keep(spec, files, tracking_uri, run_id, with_model=with_model), patience_s=patience_s)
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


def _end(tracking_uri: str, run_id: str, status: RunStatus, *, patience_s: float) -> bool:
    """End the run; MLflow may be restarting just now, and a run left as RUNNING would stay so for ever."""
    try:
        insist(lambda: connect(tracking_uri).set_terminated(run_id, status=status), patience_s=patience_s)
    except foreign_errors():
        logger.exception("MLflow did not take the end of run %s", run_id)
        return False
    return True
