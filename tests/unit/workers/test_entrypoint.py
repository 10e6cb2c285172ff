"""The entry point of an attempt, without a cluster."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from workers.entrypoint import _stop_on_sigterm, run
from workers.heartbeat import HeartbeatReporter
from workers.spec import AttemptOrder, JobFolder, JobSpec

NOWHERE = "http://127.0.0.1:9"
SPLIT = {"images": "nothing", "annotations": "nothing.json"}


def an_order(tmp_path: Path, training: dict[str, object]) -> AttemptOrder:
    spec = JobSpec.model_validate({"name": "j", "training": training})
    return AttemptOrder(
        job_id="job-aaaaaaaaaa", attempt=1, spec=spec, mlflow_tracking_uri=NOWHERE, data_root=str(tmp_path)
    )


def test_missing_data_becomes_a_terminal_marker_that_names_the_file(tmp_path: Path) -> None:
    order = an_order(tmp_path, {"data": {"train": SPLIT, "val": SPLIT}})
    folder = JobFolder(tmp_path / "storage", order.job_id)
    terminal = run(order, folder, HeartbeatReporter(folder, 1), threading.Event())
    assert terminal.outcome == "failed"
    assert terminal.cause == "bad_input"
    assert str(tmp_path / "nothing.json") in terminal.reason


def test_sigterm_before_the_first_step_ends_the_attempt_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(tmp_path, {"data": {"train": SPLIT, "val": SPLIT}})
    folder = JobFolder(tmp_path / "storage", order.job_id)
    stop, heartbeat = threading.Event(), HeartbeatReporter(folder, 1)
    before = signal.getsignal(signal.SIGTERM)
    _stop_on_sigterm(stop, heartbeat)
    monkeypatch.setattr("workers.training_run.train", lambda *_, **__: signal.raise_signal(signal.SIGTERM))
    try:
        terminal = run(order, folder, heartbeat, stop)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (terminal.outcome, terminal.reason) == ("stopped", "stopped on request before it had trained")


def test_sigterm_after_the_first_step_waits_for_a_checkpoint(tmp_path: Path) -> None:
    stop, heartbeat = threading.Event(), HeartbeatReporter(JobFolder(tmp_path, "job-aaaaaaaaaa"), 1)
    before = signal.getsignal(signal.SIGTERM)
    _stop_on_sigterm(stop, heartbeat)
    heartbeat.log_progress("training", step=1, num_steps=10)
    try:
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert stop.is_set()
