"""The entry point of an attempt, without a cluster."""

from __future__ import annotations

import errno
import os
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers import entrypoint
from workers.entrypoint import _stop_on_sigterm, run
from workers.heartbeat import HeartbeatReporter
from workers.spec import AttemptOrder, JobFolder, JobSpec, Terminal
from workers.storage.place import SharedFolder

NOWHERE = "http://127.0.0.1:9"
SPLIT = {"images": "nothing", "annotations": "nothing.json"}


def an_order(tmp_path: Path, training: dict[str, object]) -> AttemptOrder:
    spec = JobSpec.model_validate({"name": "j", "training": training})
    return AttemptOrder(
        job_id="job-aaaaaaaaaa", attempt=1, spec=spec, mlflow_tracking_uri=NOWHERE, data_root=str(tmp_path)
    )


def place_in(tmp_path: Path) -> SharedFolder:
    return SharedFolder(tmp_path / "storage", "job-aaaaaaaaaa", 1)


def test_missing_data_becomes_a_terminal_marker_that_names_the_file(tmp_path: Path) -> None:
    order = an_order(tmp_path, {"data": {"train": SPLIT, "val": SPLIT}})
    folder = JobFolder(tmp_path / "storage", order.job_id)
    terminal = run(order, folder, HeartbeatReporter(folder, 1), threading.Event(), place_in(tmp_path))
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
        terminal = run(order, folder, heartbeat, stop, place_in(tmp_path))
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


def test_the_end_marker_has_room_kept_for_it_and_waits_for_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = JobFolder(tmp_path, "job-aaaaaaaaaa")
    folder.keep_room(1)
    [room] = folder.attempt(1).iterdir()
    assert room.stat().st_size == 64 * 1024
    write, tries = JobFolder.write_terminal, []

    def reluctant(self: JobFolder, number: int, terminal: Terminal) -> None:
        assert not room.exists(), "its room is free"
        tries.append(number)
        if len(tries) < 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, number, terminal)

    monkeypatch.setattr(JobFolder, "write_terminal", reluctant)
    monkeypatch.setattr(entrypoint.time, "sleep", lambda _: None)
    place = SharedFolder(tmp_path, "job-aaaaaaaaaa", 1)
    entrypoint._write_end(place, 1, Terminal(at=datetime.now(UTC), outcome="failed", reason="the storage is full"))
    assert folder.read_terminal(1) is not None
