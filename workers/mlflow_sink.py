"""Metrics, parameters and artifacts of one run, sent to MLflow off the training thread.

MLflow being slow or away never slows a training: points go to the journal first and a thread sends them in
batches, trying again until the server answers.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workers.journal import Journal, Point
from workers.spec import metric_name
from workers.storage.objects import StorageError

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric, Param, RunInfo

logger = logging.getLogger(__name__)
T = TypeVar("T")

MAX_METRICS_PER_BATCH = 1000
MAX_PARAMETERS_PER_BATCH = 100
MAX_PARAMETER_LENGTH = 6000
PATIENCE_S = 600.0
# MLflow's import costs seconds of CPU, which the first step of a training would wait for: the thread begins after that
# step, or after so long where a training takes its time to get there; at once where an earlier training has paid.
BEGIN_AFTER_S = 20.0
# A request is given up after 20 s (see `connect`); the import takes less.
ANSWER_WITHIN_S = 30.0
SEND_EVERY_S = 1.0
RETRY_EVERY_S = 3.0
_EXPERIMENTS: dict[tuple[str, str], str] = {}  # ids by tracking address and name


@dataclass(frozen=True)
class RunKey:
    """What a run is found by again: MLflow has no idempotent create, so our own tags are the key."""

    experiment: str
    name: str
    tags: Mapping[str, str]


class MlflowSink:
    """Reporter that writes one MLflow run, creating or continuing it."""

    def __init__(
        self,
        tracking_uri: str,
        key: RunKey,
        *,
        journal: Path,
        parameters: Mapping[str, str],
        on_run: Callable[[str], None] = lambda run_id: None,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        """`settle` makes sure that the journal is where a later attempt finds it; it raises OSError where it cannot."""
        self._settle = settle
        self._tracking_uri = tracking_uri
        self._key = key
        self._parameters = parameters
        self._on_run = on_run
        # the journal is made before the run: where there was none, there is no run to be found again
        self._is_new = not journal.exists()
        self._journal = Journal(journal)
        self._queue: queue.Queue[Point] = queue.Queue()
        self._files: queue.Queue[tuple[Path, str]] = queue.Queue()
        for point in self._journal.points():
            self._queue.put(point)
        self._run_id: str | None = None
        self._closing = threading.Event()
        self._begin = threading.Event()
        self._needs_run = True
        self._refusals = 0
        if "mlflow" in sys.modules:
            self._begin.set()
        self._thread = threading.Thread(target=self._work, name="mlflow", daemon=True)
        self._thread.start()

    # Reporter

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        point = self._journal.append(metrics, step=step)
        if point is not None:
            self._queue.put(point)

    def log_progress(self, phase: str, *, step: int, num_steps: int) -> None:
        """Progress is the heartbeat's matter; the first step is where the thread begins its work."""
        if step > 0:
            self._begin.set()

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        """Checkpoints stay in storage."""

    def log_artifact(self, path: Path, *, folder: str) -> None:
        """Queue a file; it is sent between the points, and once more in full if MLflow was away."""
        self._files.put((path, folder))

    def should_stop(self) -> bool:
        return False

    # Waiting and ending

    def flush(self, timeout_s: float) -> bool:
        """Wait until every point so far is at MLflow; False when that took longer than `timeout_s`."""
        self._begin.set()
        deadline = time.monotonic() + timeout_s
        while self._queue.unfinished_tasks or self._files.unfinished_tasks:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def run_id(self, timeout_s: float) -> str | None:
        """The run's id, waiting for MLflow when the run does not exist yet."""
        if timeout_s > 0:
            self._begin.set()
        deadline = time.monotonic() + timeout_s
        while self._run_id is None and time.monotonic() < deadline:
            time.sleep(0.02)
        return self._run_id

    def close(self, timeout_s: float, *, needs_run: bool = True) -> bool:
        """Send what is left and end the thread; False when MLflow stayed away for `timeout_s`.

        Without `needs_run`, a run that does not exist yet is not made any more. With it, what the thread is doing
        (MLflow's import, a request) is waited for: a run that is made later than this would be ended by nobody.
        """
        self._needs_run = needs_run
        sent = self.flush(timeout_s) if needs_run or self._run_id is not None else True
        if not sent:
            logger.error(
                "MLflow did not take all metrics within %g s; they stay in storage and are sent by a retry",
                timeout_s,
            )
        self._closing.set()
        self._begin.set()
        self._thread.join(timeout=max(timeout_s, ANSWER_WITHIN_S) if needs_run else timeout_s)
        self._journal.close()
        return sent

    # The thread

    def _work(self) -> None:
        self._begin.wait(BEGIN_AFTER_S)
        if not self._needs_run:
            return
        client = connect(self._tracking_uri)
        waiting: list[Point] = []
        while True:
            try:
                if self._run_id is None and not self._needs_run:
                    return
                if self._run_id is None:
                    is_new, self._is_new = self._is_new, False  # an answer may get lost, and the run be there
                    self._run_id = find_or_create_run(client, self._key, self._parameters, is_new=is_new)
                    self._on_run(self._run_id)
                self._send_file(client, self._run_id)
                waiting += self._take()
                if waiting:
                    self._send(client, self._run_id, waiting)
                    self._refusals = 0
                    for _ in waiting:
                        self._queue.task_done()
                    waiting = []
                elif self._closing.is_set() and self._files.empty():
                    return
            except foreign_errors() as error:
                if is_refusal(error) and self._run_id is not None:
                    waiting = self._after_refusal(client, self._run_id, waiting, error)
                    continue
                what = "the journal could not be kept" if isinstance(error, StorageError) else "MLflow did not answer"
                logger.warning("%s (%s); trying again in %g s", what, first_line(error), RETRY_EVERY_S)
                if self._closing.wait(RETRY_EVERY_S):
                    return

    def _send_file(self, client: MlflowClient, run_id: str) -> None:
        """Send the oldest waiting file, if there is one; it stays the oldest while MLflow does not take it."""
        with self._files.mutex:
            if not self._files.queue:
                return
            path, folder = self._files.queue[0]
        try:
            client.log_artifact(run_id, str(path), folder)
        except FileNotFoundError:
            logger.warning("%s is gone and cannot be sent to MLflow", path)
        self._files.get_nowait()
        self._files.task_done()

    def _after_refusal(self, client: MlflowClient, run_id: str, waiting: list[Point], error: Exception) -> list[Point]:
        """MLflow did not take points or a file, and will not when asked again: mend the run, or leave them in storage.

        Returns the points that are to be sent now.
        """
        self._refusals += 1
        if self._refusals == 1 and restore_run(client, run_id):
            logger.warning("the run %s was deleted in MLflow; it is restored for this training", run_id)
            return waiting
        logger.error("MLflow refuses what is for run %s, it stays in storage: %s", run_id, first_line(error))
        for _ in waiting:
            self._queue.task_done()
        if not waiting and not self._files.empty():
            self._files.get_nowait()
            self._files.task_done()
        self._refusals = 0
        return []

    def _take(self) -> list[Point]:
        """Wait for a point, then a moment for more: few large batches are a hundred times cheaper than many."""
        try:
            points = [self._queue.get(timeout=0.1)]
        except queue.Empty:
            return []
        self._closing.wait(0 if self._queue.qsize() > 100 else SEND_EVERY_S / 4)
        while not self._queue.empty():
            points.append(self._queue.get_nowait())
        return points

    def _send(self, client: MlflowClient, run_id: str, points: list[Point]) -> None:
        self._settle()
        metrics = as_metrics(points)
        for start in range(0, len(metrics), MAX_METRICS_PER_BATCH):
            client.log_batch(run_id, metrics=metrics[start : start + MAX_METRICS_PER_BATCH])


def connect(tracking_uri: str) -> MlflowClient:
    """A client that gives up soon: trying again is our own matter, with our own messages."""
    import os

    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri)


def find_or_create_run(
    client: MlflowClient, key: RunKey, parameters: Mapping[str, str], *, is_new: bool = False
) -> str:
    """The run with these tags, created with `parameters` if there is none; an ended run is reopened.

    With `is_new` it is not looked for.
    """
    run_id = str(open_run(client, key, is_new=is_new).run_id)
    items = as_params(parameters)
    for start in range(0, len(items), MAX_PARAMETERS_PER_BATCH):
        client.log_batch(run_id, params=items[start : start + MAX_PARAMETERS_PER_BATCH])
    return run_id


def open_run(client: MlflowClient, key: RunKey, *, is_new: bool, tags: Mapping[str, str] | None = None) -> RunInfo:
    """The run of `key`, created with these further tags if there is none; an ended run is reopened."""
    experiment_id = _known_experiment_id(client, key.experiment)
    try:
        return _find_or_create(client, experiment_id, key, is_new=is_new, tags=tags or {})
    except foreign_errors():
        _EXPERIMENTS.clear()  # it may have been deleted
        raise


def as_params(parameters: Mapping[str, str]) -> list[Param]:
    """Parameters as MLflow takes them."""
    from mlflow.entities import Param

    return [Param(name, value[:MAX_PARAMETER_LENGTH]) for name, value in parameters.items()]


def as_metrics(points: Iterable[Point]) -> list[Metric]:
    """Points as MLflow takes them."""
    from mlflow.entities import Metric

    return [Metric(metric_name(key), value, p.at_ms, p.step) for p in points for key, value in p.metrics.items()]


def _find_or_create(
    client: MlflowClient, experiment_id: str, key: RunKey, *, is_new: bool, tags: Mapping[str, str]
) -> RunInfo:
    wanted = " and ".join(f"tags.`{name}` = '{value}'" for name, value in key.tags.items())
    found = [] if is_new else client.search_runs([experiment_id], filter_string=wanted, max_results=1)
    if not found:
        return client.create_run(experiment_id, run_name=key.name, tags={**key.tags, **tags}).info
    info = found[0].info
    client.update_run(info.run_id, status="RUNNING")
    return info


def restore_run(client: MlflowClient, run_id: str) -> bool:
    """Bring a deleted run back; False where it was not that, or is gone for good."""
    try:
        if client.get_run(run_id).info.lifecycle_stage != "deleted":
            return False
        client.restore_run(run_id)
    except foreign_errors():
        return False
    return True


def _known_experiment_id(client: MlflowClient, name: str) -> str:
    """As `_experiment_id`; a process that trains many trials asks once."""
    place = (client.tracking_uri, name)
    if place not in _EXPERIMENTS:
        _EXPERIMENTS[place] = _experiment_id(client, name)
    return _EXPERIMENTS[place]


def _experiment_id(client: MlflowClient, name: str) -> str:
    from mlflow.exceptions import MlflowException

    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return str(client.create_experiment(name))
        except MlflowException:  # another attempt was faster
            found = client.get_experiment_by_name(name)
            if found is None:
                raise
    if found.lifecycle_stage == "deleted":  # its name stays taken
        logger.warning("the experiment %r was deleted in MLflow; it is restored for this run", name)
        client.restore_experiment(found.experiment_id)
    return str(found.experiment_id)


def insist(action: Callable[[], T], *, patience_s: float, give_up: Callable[[], bool] = lambda: False) -> T:
    """Do something at MLflow, again and again while it is away; raises its error after `patience_s` or on a refusal."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return action()
        except foreign_errors() as error:
            if is_refusal(error) or give_up() or time.monotonic() + RETRY_EVERY_S > deadline:
                raise
            logger.warning("MLflow did not answer (%s); trying again in %g s", first_line(error), RETRY_EVERY_S)
            time.sleep(RETRY_EVERY_S)


def is_refusal(error: Exception) -> bool:
    """Whether MLflow answered that it will not do this, however often it is asked."""
    from mlflow.exceptions import MlflowException

    return isinstance(error, MlflowException) and 400 <= error.get_http_status_code() < 429


def foreign_errors() -> tuple[type[Exception], ...]:
    import requests
    from mlflow.exceptions import MlflowException

    return (MlflowException, requests.RequestException, OSError)


def first_line(error: Exception) -> str:
    """What an error says, short enough for a log."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def flatten(document: object, prefix: str = "") -> dict[str, str]:
    """The leaves of a spec's JSON by dotted path, as MLflow parameters; named list items by their name."""
    if isinstance(document, dict):
        items = [(str(key), value) for key, value in document.items()]
    elif isinstance(document, list) and any(isinstance(item, dict) for item in document):
        items = [(str(item.get("name", i)), item) for i, item in enumerate(document) if isinstance(item, dict)]
    else:
        return {prefix: str(document)}
    return {
        path: leaf
        for key, value in items
        for path, leaf in flatten(value, f"{prefix}.{key}" if prefix else key).items()
    }
