"""A job's metric points on disk, so that each reaches MLflow exactly once whatever is killed in between.

A point is written here before it is sent. After a restart every point is sent again with the time it was first
written: MLflow keeps one row for the same key, step, value and time. What a resumed training computes again is
recognised by its step and not written a second time.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from trainer.reporting import NullReporter

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Point:
    """Metrics of one step; `at_ms` is milliseconds since the epoch."""

    step: int
    at_ms: int
    metrics: dict[str, float]


def points_after(path: Path, offset: int) -> tuple[list[Point], int]:
    """The whole points that a journal has from byte `offset` on, and the byte after them; none where it is not there.

    Raises OSError where the storage does not answer.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read()
    except FileNotFoundError:
        return [], offset
    whole = content[: content.rfind(b"\n") + 1]
    return [Point(**json.loads(line)) for line in whole.splitlines()], offset + len(whole)


class Journal:
    """Append-only file of metric points, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._drop_torn_line()
        self._last_step: dict[str, int] = {}
        for point in self.points():
            self._remember(point)
        self._file = path.open("ab", buffering=0)

    def append(self, metrics: Mapping[str, float], *, step: int) -> Point | None:
        """Store what is new of `metrics` at `step`; None when all of it is in the journal already.

        Raises OSError where the storage does not take it; nothing of it is in the journal then.
        """
        new = {key: float(value) for key, value in metrics.items() if step > self._last_step.get(key, -1)}
        if not new:
            return None
        point = Point(step, time.time_ns() // 1_000_000, new)
        self._write((json.dumps(point.__dict__) + "\n").encode())
        self._remember(point)
        return point

    def points(self) -> Iterator[Point]:
        """All points, oldest first."""
        if self._path.exists():
            with self._path.open(encoding="utf-8") as file:
                for line in file:
                    yield Point(**json.loads(line))

    def close(self) -> None:
        self._file.close()

    def _write(self, line: bytes) -> None:
        size = self._file.seek(0, os.SEEK_END)
        try:
            written = self._file.write(line)
            while written < len(line):  # a storage that is full takes a part first
                written += self._file.write(line[written:])
        except OSError:
            self._file.truncate(size)
            raise

    def _remember(self, point: Point) -> None:
        for key in point.metrics:
            self._last_step[key] = max(point.step, self._last_step.get(key, -1))

    def _drop_torn_line(self) -> None:
        """Cut what a killed process left of its last line."""
        if not self._path.exists():
            return
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            logger.warning("%s ended in a torn line of %d bytes, dropped", self._path, len(content) - whole)
            with self._path.open("r+b") as file:
                file.truncate(whole)


class JournalReporter(NullReporter):
    """Reporter that keeps the points of a training in its journal; others send them on.

    The journal is there from the first point on: by then the training has said in its folder what it trains.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._journal: Journal | None = None

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        if self._journal is None:
            self._journal = Journal(self._path)
        self._journal.append(metrics, step=step)

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()
