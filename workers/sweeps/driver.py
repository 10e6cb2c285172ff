"""The attempt of a sweep: Ray Tune runs the trials, a parent run in MLflow holds them together."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING

from workers.heartbeat import HeartbeatReporter
from workers.journal import Point
from workers.mlflow_sink import PATIENCE_S, as_metrics, connect, find_or_create_run, flatten, foreign_errors, insist
from workers.runs import RunStatus, job_key
from workers.spec import AttemptOrder, JobFolder, SweepSpec, Terminal

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from ray import tune

    from workers.storage.trials import Trials
    from workers.sweeps.records import TrialRecorder

logger = logging.getLogger(__name__)

PATIENCE_WHEN_STOPPED_S = 5.0

TUNE_ENVIRONMENT = {
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    # what Tune would save of itself is never read: a later attempt goes on from our own records
    "TUNE_GLOBAL_CHECKPOINT_S": "86400",
    "TUNE_MAX_PENDING_TRIALS_PG": "4",
    "RAY_AIR_NEW_OUTPUT": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_COLOR_PREFIX": "0",
    "RAY_TRAIN_ENABLE_V2_MIGRATION_WARNINGS": "0",
}


def run_sweep(
    order: AttemptOrder,
    spec: SweepSpec,
    folder: JobFolder,
    heartbeat: HeartbeatReporter,
    stop: threading.Event,
    trials: Trials,
) -> Terminal:
    """Search until all trials are done or `stop` is set; a later attempt goes on from the records."""
    os.environ.update(TUNE_ENVIRONMENT)
    import ray

    from workers import cluster

    # Tune misses the result files whose writers we switch off; the trial records take their place
    logging.getLogger("ray.tune.analysis.experiment_analysis").setLevel(logging.ERROR)
    cluster.connect()
    _interrupt_tune_on_sigterm(stop)  # after that, as Ray's own handler ends the process without a word
    try:
        return _search(order, spec, folder, heartbeat, stop, trials)
    finally:
        ray.shutdown()


def _interrupt_tune_on_sigterm(stop: threading.Event) -> None:
    """Let SIGTERM end Tune's loop by the signal that it listens to; what is unfinished stays so in its saved state."""

    def handle(number: int, frame: FrameType | None) -> None:
        logger.info("asked to stop; the state of the search is saved first")
        stop.set()
        signal.raise_signal(signal.SIGUSR1)

    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # Tune sets its own for the time of the search
    signal.signal(signal.SIGTERM, handle)


def _search(
    order: AttemptOrder,
    spec: SweepSpec,
    folder: JobFolder,
    heartbeat: HeartbeatReporter,
    stop: threading.Event,
    trials: Trials,
) -> Terminal:
    from workers.sweeps.records import TrialRecorder
    from workers.sweeps.trial_runs import TrialRuns

    def open_parent(client: MlflowClient) -> str:
        run_id = _open_run(client, order, spec)
        heartbeat.set_run(run_id)
        return run_id

    recorder = TrialRecorder(spec, folder, heartbeat, trials)
    if order.retry_failed_trials:
        recorder.reopen_failed()
    recorder.tell_progress()
    if recorder.ended:
        logger.info("going on with %d of %d trials ended", len(recorder.ended), recorder.num_trainings)
    runs = TrialRuns(order, folder, recorder, open_parent, trials)
    runs.start()
    if not stop.is_set():
        _tuner(order, spec, folder, recorder, trials.storage).fit()

    stopped = stop.is_set()
    patience_s = PATIENCE_WHEN_STOPPED_S if stopped else PATIENCE_S
    runs.close(patience_s)
    run_id = runs.parent_run_id
    if run_id is not None:
        _close_runs(order.mlflow_tracking_uri, run_id, recorder, stopped=stopped, patience_s=patience_s)
    return _terminal(spec, recorder, run_id, stopped=stopped)


def _tuner(
    order: AttemptOrder, spec: SweepSpec, folder: JobFolder, recorder: TrialRecorder, storage: str
) -> tune.Tuner:
    """A new experiment for each attempt: what went before is in the records, the rungs and the trials' folders."""
    from ray import tune

    from workers.sweeps.searcher import PlanSearcher
    from workers.sweeps.stopping import MODES, OBJECTIVE, scheduler
    from workers.sweeps.trial import run_trial

    trainable = tune.with_resources(
        tune.with_parameters(run_trial, order_json=order.model_dump_json(), storage=storage),
        {"cpu": spec.resources.cpus, "gpu": spec.resources.gpus},
    )
    return tune.Tuner(
        trainable,
        tune_config=tune.TuneConfig(
            metric=OBJECTIVE,
            mode=MODES[spec.objective.direction],
            num_samples=-1,  # the searcher says when it is over
            search_alg=PlanSearcher(spec, recorder),
            scheduler=scheduler(
                spec,
                folder.rungs,
                lambda: recorder.steering,
                lambda: recorder.round_step,
                lambda path, content: recorder.keep(path, content),
            ),
            reuse_actors=True,
            trial_dirname_creator=lambda trial: f"{trial.config['number']:05d}-{trial.trial_id}",
        ),
        run_config=tune.RunConfig(
            name=f"attempt-{order.attempt}",
            storage_path=str(folder.tune.resolve()),  # of this machine alone: no trial gives Tune a checkpoint
            callbacks=[recorder],
            verbose=0,
            failure_config=tune.FailureConfig(max_failures=0),
        ),
    )


def _open_run(client: MlflowClient, order: AttemptOrder, spec: SweepSpec) -> str:
    parameters = flatten(spec.model_dump(mode="json", exclude={"training"}))
    run_id = find_or_create_run(client, job_key(order), parameters)
    client.log_text(run_id, spec.model_dump_json(indent=2), "spec.json")
    return run_id


def _close_runs(tracking_uri: str, run_id: str, recorder: TrialRecorder, *, stopped: bool, patience_s: float) -> None:
    """End the run of the sweep, and those of trials that a later attempt goes on with."""
    client, best = connect(tracking_uri), recorder.best()
    status: RunStatus = "KILLED" if stopped else "FINISHED" if best is not None else "FAILED"
    at_ms = time.time_ns() // 1_000_000

    def close() -> None:
        for trial_run in recorder.interrupted_runs():
            client.set_terminated(trial_run, status="KILLED")
        if best is not None:
            points = [Point(best.number, at_ms, best.metrics)]
            client.log_batch(run_id, metrics=as_metrics(points))
            found = best.model_dump(mode="json", include={"parameters", "schedule", "metrics"})
            client.log_dict(run_id, {"trial": best.number, **found}, "best_trial.json")
            client.set_tag(run_id, "stillhouse.best_trial", str(best.number))
        client.set_terminated(run_id, status=status)

    try:
        insist(close, patience_s=patience_s)
    except foreign_errors():
        logger.exception("MLflow did not take the end of run %s; the trials are in storage", run_id)


def _terminal(spec: SweepSpec, recorder: TrialRecorder, run_id: str | None, *, stopped: bool) -> Terminal:
    now = datetime.now(UTC)
    best = recorder.best()
    failed = [record for record in recorder.records.values() if record.state == "failed"]
    if best is None and not stopped:
        reason = f"no trial finished; trial {failed[0].number}: {failed[0].reason}" if failed else "no trial finished"
        causes = Counter(record.cause or "internal" for record in failed)
        cause = causes.most_common(1)[0][0] if causes else "internal"
        return Terminal(at=now, outcome="failed", cause=cause, reason=reason, mlflow_run_id=run_id)
    found = "no trial finished"
    if best is not None:
        found = f"best is trial {best.number} with {spec.objective.metric} {best.objective:.2f}"
    failed_note = f"; {len(failed)} failed" if failed else ""
    found += "" if run_id is not None else "; MLflow stayed away, so all of it is in storage only"
    return Terminal(
        at=now,
        outcome="stopped" if stopped else "succeeded",
        reason=f"{len(recorder.ended)} of {recorder.num_trainings} trials ended{failed_note}; {found}",
        mlflow_run_id=run_id,
        metrics=best.metrics if best is not None else {},
    )
