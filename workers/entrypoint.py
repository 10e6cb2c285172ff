"""The entry point of an attempt on Ray: `python -m workers.entrypoint STORAGE JOB ATTEMPT`.

Reads its order from storage, trains or searches, and leaves a terminal marker. Everything it prints goes to the
attempt's log in storage. SIGTERM asks it to write a checkpoint and end. STORAGE is a folder or a URI.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from trainer.errors import InputError
from workers import offspring
from workers.checks.content import verify_pins
from workers.heartbeat import HeartbeatReporter
from workers.log_limit import LogLimit
from workers.output import log_to
from workers.place import end_process
from workers.spec import AttemptOrder, JobFolder, JobSpec, Terminal
from workers.storage.objects import StorageError
from workers.storage.place import Place, place_of

if TYPE_CHECKING:
    from workers.failures import Failure

logger = logging.getLogger("workers")
END_WITHIN_S = 60.0


def main(arguments: list[str]) -> int:
    """Run one attempt; returns the process's exit code: 0 when a terminal marker other than failed was written."""
    storage, job_id, number = arguments[0], arguments[1], int(arguments[2])
    try:
        place = place_of(storage, job_id, number, on_superseded=end_process)
        log_to(place.folder().log(number))
        place.open()
    except StorageError as error:
        print(error, file=sys.stderr)
        return 1
    folder = place.folder()
    offspring.adopt()
    atexit.register(offspring.end_all)
    order = folder.read_order(number)
    if order is None:
        logger.error("there is no order at %s", folder.order_path(number))
        return 1
    folder = place.folder(scratch_after=order.scratch_after)
    stop = threading.Event()
    heartbeat = HeartbeatReporter(folder, number)
    _stop_on_sigterm(stop, heartbeat)
    log_limit = LogLimit(folder, number, max_bytes=order.max_log_bytes)
    log_limit.start()
    _keep_room(folder, number)
    heartbeat.start()
    logger.info("attempt %d of %s, process %d", number, job_id, os.getpid())
    terminal = run(order, folder, heartbeat, stop, place)
    try:
        place.finish()
        heartbeat.close()
        log_limit.close()
        logger.info("%s: %s", terminal.outcome, terminal.reason)
        _write_end(place, number, terminal)
    except StorageError as error:
        logger.error("%s; without an end marker this attempt counts as lost", error)
        return 1
    return 1 if terminal.outcome == "failed" else 0


def _keep_room(folder: JobFolder, number: int) -> None:
    try:
        folder.keep_room(number)
    except OSError as error:  # the training will say the same in its own words
        logger.error("no room can be kept for the end marker: %s", error)


def _write_end(place: Place, number: int, terminal: Terminal) -> None:
    """Write the end marker, for which there is room kept in a full storage, and for whose space it waits a while."""
    deadline = time.monotonic() + END_WITHIN_S
    place.folder().give_up_room(number)
    while True:
        try:
            place.close(terminal)
            return
        except StorageError:  # it has been patient already
            raise
        except OSError as error:
            if time.monotonic() > deadline:
                raise
            logger.error("the end marker cannot be written: %s", error)
            time.sleep(1)


def run(
    order: AttemptOrder, folder: JobFolder, heartbeat: HeartbeatReporter, stop: threading.Event, place: Place
) -> Terminal:
    """Carry out `order`; whatever happens becomes a terminal marker with a reason for people."""
    from workers.failures import failure_of

    started = time.monotonic()
    try:
        place.take_over(order)
        files = _files(order, place)
        verify_pins(order.spec.training, data_root=Path(order.data_root), elsewhere=files)
        if isinstance(order.spec, JobSpec):
            terminal = _train(order, order.spec, folder, heartbeat, stop, files, place)
        else:
            from workers.sweeps.driver import run_sweep

            terminal = run_sweep(order, order.spec, folder, heartbeat, stop, place.trials())
    except StoppedEarly:
        reason = "stopped on request before it had trained"
        terminal = Terminal(at=datetime.now(UTC), outcome="stopped", reason=reason)
    except Exception as error:  # the process's outermost edge: the reason must reach the user
        failure = failure_of(error, step=heartbeat.step)
        if failure.cause == "bad_input":
            logger.error("%s", failure.reason)
        else:
            logger.exception("the attempt failed")
        terminal = Terminal(at=datetime.now(UTC), outcome="failed", cause=failure.cause, reason=failure.reason)
    return terminal.model_copy(update={"train_seconds": terminal.train_seconds or time.monotonic() - started})


def _files(order: AttemptOrder, place: Place) -> dict[str, Path]:
    """The files that the spec names by the storage's URI. Raises InputError where there is none."""
    distillation = order.spec.training.distillation
    weights = None if distillation is None else distillation.teacher.weights
    try:
        return place.files([] if weights is None else [weights])
    except FileNotFoundError as error:
        raise InputError(f"the teacher's weights are not where the spec says: {error}") from error


def _train(
    order: AttemptOrder,
    spec: JobSpec,
    folder: JobFolder,
    heartbeat: HeartbeatReporter,
    stop: threading.Event,
    files: dict[str, Path],
    place: Place,
) -> Terminal:
    from workers.exports import Exports
    from workers.log_reporter import LogReporter
    from workers.runs import job_key
    from workers.training_run import run_training

    exports = Exports(spec.export)
    exports.check()
    with _all_processes(order, spec, heartbeat, stop, place):
        result, run_id = run_training(
            spec.training,
            out=folder.work,
            data_root=Path(order.data_root),
            tracking_uri=order.mlflow_tracking_uri,
            key=job_key(order),
            reporters=[heartbeat, LogReporter(stop.is_set)],
            on_run=heartbeat.set_run,
            cache_root=folder.cache,
            exports=exports.make,
            files=files,
            settle=place.settle,
            keep_best=order.keep_best,
        )
    now = datetime.now(UTC)
    metrics = {**heartbeat.metrics, **result.metrics}
    if not result.finished:
        reason = f"stopped on request after step {result.step} of {spec.training.num_steps}"
        return Terminal(
            at=now, outcome="stopped", reason=reason, mlflow_run_id=run_id, metrics=metrics,
            train_seconds=result.train_seconds,
        )  # fmt: skip
    reason = f"finished {result.step} steps"
    if "val/AP" in result.metrics:
        reason += f" with {result.metrics['val/AP']:.1f} AP"
    reason += exports.trouble
    if run_id is None:
        reason += "; MLflow did not take the student, so it is in storage only"
    return Terminal(
        at=now, outcome="succeeded", reason=reason, mlflow_run_id=run_id, metrics=metrics,
        train_seconds=result.train_seconds,
    )  # fmt: skip


@contextmanager
def _all_processes(
    order: AttemptOrder, spec: JobSpec, heartbeat: HeartbeatReporter, stop: threading.Event, place: Place
) -> Iterator[None]:
    """Lead the processes of a training on several nodes; those on one are the trainer's own matter."""
    if spec.nodes == 1:
        yield
        return
    from workers.spanning import member_words, spanning

    def abandon(failure: Failure) -> None:
        """End although the training waits, which nothing else could end; from another thread."""
        logger.error("the training waits for what is gone and is given up")
        heartbeat.close()
        terminal = Terminal(at=datetime.now(UTC), outcome="failed", cause=failure.cause, reason=failure.reason)
        try:
            _write_end(place, order.attempt, terminal)
        finally:
            offspring.end_all()
            logging.shutdown()
            os._exit(1)

    words = member_words(place.folder().path.parents[1], order)
    with spanning(spec, words, abandon=abandon, on_connected=lambda: _stop_on_sigterm(stop, heartbeat)):
        yield


class StoppedEarly(SystemExit):
    """SIGTERM came before the first training step: there is nothing to save, so nothing is waited for."""


def _stop_on_sigterm(stop: threading.Event, heartbeat: HeartbeatReporter) -> None:
    def handle(number: int, frame: FrameType | None) -> None:
        if not stop.is_set() and not heartbeat.has_begun:
            stop.set()
            logger.info("asked to stop before the first step")
            raise StoppedEarly
        logger.info("asked to stop; a checkpoint is written first")
        stop.set()

    signal.signal(signal.SIGTERM, handle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
