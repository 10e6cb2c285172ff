"""The journal of metric points."""

from __future__ import annotations

import errno
import os
from io import FileIO
from pathlib import Path

import pytest

from workers.journal import Journal


def test_points_survive_a_restart_with_the_time_they_were_first_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "metrics.jsonl")
    first = journal.append({"loss": 1.5}, step=10)
    journal.close()
    assert list(Journal(tmp_path / "metrics.jsonl").points()) == [first]


def test_a_step_that_is_computed_again_after_a_restart_is_not_written_twice(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "metrics.jsonl")
    journal.append({"loss": 1.5}, step=10)
    journal.append({"loss": 1.25}, step=20)
    journal.close()
    again = Journal(tmp_path / "metrics.jsonl")
    assert again.append({"loss": 1.25}, step=20) is None
    assert again.append({"loss": 1.0}, step=30) is not None
    assert [point.step for point in again.points()] == [10, 20, 30]


def test_a_new_key_at_a_known_step_is_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "metrics.jsonl")
    journal.append({"loss": 1.5}, step=10)
    point = journal.append({"loss": 1.5, "val/AP": 3.0}, step=10)
    assert point is not None
    assert point.metrics == {"val/AP": 3.0}


def test_a_line_torn_by_a_kill_is_dropped_and_its_point_can_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    journal = Journal(path)
    journal.append({"loss": 1.5}, step=10)
    journal.close()
    with path.open("a") as file:
        file.write('{"step": 20, "at_ms"')
    again = Journal(path)
    assert again.append({"loss": 1.25}, step=20) is not None
    assert [point.step for point in again.points()] == [10, 20]


class _FullAfter:
    """A file of which the storage takes a few bytes more, and then nothing."""

    def __init__(self, file: FileIO, room: int) -> None:
        self._file, self._room = file, room

    def write(self, content: bytes) -> int:
        taken = content[: self._room]
        if not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._room -= len(taken)
        return self._file.write(taken)

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def test_a_point_that_a_full_storage_does_not_take_leaves_no_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    journal = Journal(path)
    first = journal.append({"loss": 1.5}, step=10)
    file = journal._file
    journal._file = _FullAfter(file, room=7)  # type: ignore[assignment]
    with pytest.raises(OSError, match="No space left"):
        journal.append({"loss": 1.25}, step=20)
    journal._file = file
    assert list(journal.points()) == [first]
    second = journal.append({"loss": 1.25}, step=20)
    assert list(journal.points()) == [first, second]
