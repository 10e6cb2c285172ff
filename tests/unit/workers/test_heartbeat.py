"""The heartbeat of an attempt and its fence."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workers import heartbeat as module
from workers.heartbeat import HeartbeatReporter
from workers.spec import Fence, JobFolder
from workers.spec.layout import write_whole


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    return JobFolder(tmp_path, "job-aaaaaaaaaa")


def test_a_heartbeat_tells_progress_and_headline_metrics_only(folder: JobFolder) -> None:
    reporter = HeartbeatReporter(folder, 1)
    reporter.log_progress("training", step=3, num_steps=10)
    reporter.log_metrics({"train/loss/total": 2.0, "val/AP": 12.5, "teacher/AP": 60.0}, step=3)
    reporter.set_run("abc")
    reporter.write()
    beat = folder.read_heartbeat(1)
    assert beat is not None
    assert (beat.phase, beat.step, beat.num_steps, beat.mlflow_run_id) == ("training", 3, 10, "abc")
    assert beat.metrics == {"val/AP": 12.5, "teacher/AP": 60.0}


def test_a_superseded_attempt_ends_itself_and_writes_nothing(folder: JobFolder) -> None:
    ended: list[bool] = []
    reporter = HeartbeatReporter(folder, 1, on_fenced=lambda: ended.append(True))
    write_whole(folder.path / "fence.json", Fence(attempt=2))
    reporter.write()
    assert ended == [True]
    assert folder.read_heartbeat(1) is None


def test_the_newest_attempt_is_not_fenced_off(folder: JobFolder) -> None:
    ended: list[bool] = []
    write_whole(folder.path / "fence.json", Fence(attempt=2))
    HeartbeatReporter(folder, 2, on_fenced=lambda: ended.append(True)).write()
    assert ended == []
    assert folder.read_heartbeat(2) is not None


def test_it_beats_by_itself(folder: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INTERVAL_S", 0.01)
    reporter = HeartbeatReporter(folder, 1)
    reporter.start()
    first = folder.read_heartbeat(1)
    deadline = time.monotonic() + 5
    while folder.read_heartbeat(1) == first and time.monotonic() < deadline:
        time.sleep(0.01)
    reporter.close()
    assert folder.read_heartbeat(1) != first


@pytest.mark.parametrize(
    "about_to_write",
    [
        lambda reporter: reporter.log_metrics({"train/loss/total": 1.0}, step=3),
        lambda reporter: reporter.log_progress("saving", step=3, num_steps=10),
    ],
    ids=["metrics", "a checkpoint"],
)
def test_a_training_looks_at_the_fence_before_it_writes(
    folder: JobFolder, about_to_write: Callable[[HeartbeatReporter], None]
) -> None:
    ended: list[bool] = []
    reporter = HeartbeatReporter(folder, 1, on_fenced=lambda: ended.append(True))
    reporter.log_progress("training", step=3, num_steps=10)
    write_whole(folder.path / "fence.json", Fence(attempt=2))
    reporter.log_progress("training", step=3, num_steps=10)
    assert ended == [], "a step is no reason to read a file"
    about_to_write(reporter)
    assert ended == [True]
