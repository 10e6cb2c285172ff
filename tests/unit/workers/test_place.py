"""Who has lost its place, and what a process does that cannot know."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers import place as module
from workers.place import Place
from workers.spec import Fence, JobFolder, TrialRecord
from workers.spec.layout import write_whole


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    made = JobFolder(tmp_path, "job-aaaaaaaaaa")
    fence(made, 1)
    return made


def fence(folder: JobFolder, attempt: int) -> None:
    write_whole(folder.path / "fence.json", Fence(attempt=attempt))


def a_trial(*, starts: int) -> TrialRecord:
    return TrialRecord(number=3, state="running", parameters={}, started_at=datetime.now(UTC), starts=starts)


def test_a_newer_attempt_takes_the_place_and_an_older_one_does_not(folder: JobFolder) -> None:
    assert Place(folder, 1).why_lost() is None
    fence(folder, 2)
    assert Place(folder, 1).why_lost() == "attempt 1 is superseded by attempt 2"
    assert Place(folder, 2).why_lost() is None


def test_a_trial_that_was_started_again_has_lost_its_place_within_the_same_attempt(folder: JobFolder) -> None:
    first, second = (Place(folder, 1, trial=3, start=start) for start in (1, 2))
    assert first.why_lost() is None
    folder.write_trial(a_trial(starts=2))
    assert first.why_lost() == "trial 3 was started again elsewhere"
    assert second.why_lost() is None


def test_a_fence_that_is_gone_is_no_leave_to_go_on(folder: JobFolder) -> None:
    place = Place(folder, 1)
    assert place.why_lost() is None
    (folder.path / "fence.json").unlink()
    assert "the fence is gone from" in (place.why_lost() or "")


def test_who_is_about_to_write_waits_while_the_storage_cannot_be_read(
    folder: JobFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN_S", 0.01)
    file = folder.path / "fence.json"
    file.unlink()
    file.symlink_to(file)  # reading it is an error of the file system
    found: list[str | None] = []
    waiting = threading.Thread(target=lambda: found.append(Place(folder, 1).wait_to_know()))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    fence(folder, 2)
    waiting.join(10)
    assert found == ["attempt 1 is superseded by attempt 2"]
    assert caplog.text.count("the storage cannot be read") == 1
