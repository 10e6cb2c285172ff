"""The training of a job with its MLflow run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from trainer.reporting import Reporter, Reporters
from trainer.spec import TrainingSpec
from trainer.training import TrainingResult, train
from workers.mlflow_sink import PATIENCE_S, MlflowSink, RunKey, connect, foreign_errors, insist
from workers.runs import RunStatus, log_spec, log_student, log_student_model, training_parameters
from workers.spec.layout import JOURNAL

logger = logging.getLogger(__name__)


def run_training(
    spec: TrainingSpec,
    *,
    out: Path,
    data_root: Path,
    tracking_uri: str,
    key: RunKey,
    reporters: Sequence[Reporter],
    on_run: Callable[[str], None] = lambda run_id: None,
    cache_root: Path | None = None,
    exports: Callable[[Path], Sequence[Path]] = lambda weights: (),
    files: Mapping[str, Path] | None = None,
    settle: Callable[[], None] = lambda: None,
    keep_best: bool = False,
) -> tuple[TrainingResult, str | None]:
    """Train `spec` in `out`, with a run in MLflow that ends as the training does.

    `exports` is given the finished student's weights and makes more files of them, which are kept beside the weights.
    `files` are those of the spec that are not below `data_root`; `settle` is called before points go to MLflow.
    Returns the training's result and the run's id, which is None when MLflow stayed away and the student could not be
    kept there.
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
        reporter = Reporters([*reporters, sink])
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
        kept = _kept(spec, made, tracking_uri, run_id)
        return result, run_id if kept else None
    except SystemExit:  # SIGTERM ends a training that has not begun this way
        status, patience_s, needs_run = "KILLED", 2.0, False
        raise
    finally:
        sink.close(patience_s, needs_run=needs_run)
        if (ended_run := sink.run_id(0)) is not None:
            _end(tracking_uri, ended_run, status, patience_s=patience_s)


def _kept(spec: TrainingSpec, files: Sequence[Path], tracking_uri: str, run_id: str) -> bool:
    """Keep the student at MLflow; False where that failed, which costs nobody the training."""
    try:
        insist(lambda: _keep(spec, files, tracking_uri, run_id), patience_s=PATIENCE_S)
    except foreign_errors():
        logger.exception("the student could not be kept at MLflow; it stays at %s", files[0])
        return False
    return True


def _keep(spec: TrainingSpec, files: Sequence[Path], tracking_uri: str, run_id: str) -> None:
    client = connect(tracking_uri)
    log_spec(client, run_id, spec)
    for path in files:
        log_student(client, run_id, path)
    log_student_model(client, run_id, files[0])


def _end(tracking_uri: str, run_id: str, status: RunStatus, *, patience_s: float) -> None:
    """End the run; MLflow may be restarting just now, and a run left as RUNNING would stay so for ever."""
    try:
        insist(lambda: connect(tracking_uri).set_terminated(run_id, status=status), patience_s=patience_s)
    except foreign_errors():
        logger.exception("MLflow did not take the end of run %s", run_id)
