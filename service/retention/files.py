"""The checkpoints that lie in a shared folder, by job; nothing is followed out of it."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from service.retention.policy import Checkpoint
from workers.spec.layout import JOURNAL

_NAME = re.compile(r"step-(\d{8,})\.pt")
_AP = '"val/AP"'


class Checkpoints(Protocol):
    """The checkpoints of all jobs, wherever they lie. Everything raises OSError where the storage does not do it."""

    def job_ids(self) -> list[str]:
        """Ids of the jobs that have left something."""

    def of_job(self, job_id: str) -> tuple[Checkpoint, ...]:
        """All of a job."""

    def best_steps(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> Mapping[str, int]:
        """For each training the step of that checkpoint at which its student's AP was highest, where one was taken."""

    def named(self, job_id: str) -> tuple[Path, str]:
        """The folder of a job, by which specs may name what is in it, and its URI; "" where it has none."""

    def remove(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> None:
        """Remove checkpoints; one that is gone already is as wanted."""


class CheckpointFiles:
    """The checkpoints below the folder of the storage."""

    def __init__(self, storage: Path) -> None:
        self._jobs = storage / "jobs"

    def job_ids(self) -> list[str]:
        try:
            return sorted(entry.name for entry in os.scandir(self._jobs) if entry.is_dir(follow_symlinks=False))
        except FileNotFoundError:
            return []

    def of_job(self, job_id: str) -> tuple[Checkpoint, ...]:
        """Links are left out: what they lead to is somebody's own."""
        return tuple(self._walk(self._jobs / job_id))

    def named(self, job_id: str) -> tuple[Path, str]:
        return self._jobs / job_id, ""

    def best_steps(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> Mapping[str, int]:
        return best_of(checkpoints, lambda training: _lines(self._jobs / job_id / training / JOURNAL))

    def remove(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> None:
        for one in checkpoints:
            (self._jobs / job_id / one.name).unlink(missing_ok=True)

    def _walk(self, folder: Path) -> Iterator[Checkpoint]:
        for place, _, names in os.walk(folder, followlinks=False):
            here = Path(place)
            if here.name != "checkpoints":
                continue
            training = here.parent.relative_to(folder).as_posix()
            for name in names:
                found = _NAME.fullmatch(name)
                if found is None or (here / name).is_symlink():
                    continue
                try:
                    size_bytes = (here / name).stat().st_size
                except FileNotFoundError:
                    continue  # its training has written a newer one
                yield Checkpoint("" if training == "." else training, int(found[1]), size_bytes)


def best_of(checkpoints: Iterable[Checkpoint], journal: Callable[[str], Iterable[str]]) -> dict[str, int]:
    """For each training the first step of a checkpoint with the highest AP, by the lines of its journal."""
    steps: dict[str, set[int]] = {}
    for one in checkpoints:
        steps.setdefault(one.training, set()).add(one.step)
    found: dict[str, int] = {}
    for training, mine in steps.items():
        points = (_point(line) for line in journal(training) if _AP in line)
        there = [point for point in points if point is not None and point[1] in mine]
        if there:
            found[training] = max(there, key=lambda point: (point[0], -point[1]))[1]
    return found


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from file
    except FileNotFoundError:
        return


def _point(line: str) -> tuple[float, int] | None:
    """AP and step; None where the line cannot be read or has a value that is no number."""
    try:
        point = json.loads(line)
        ap = float(point["metrics"]["val/AP"])
        return (ap, int(point["step"])) if math.isfinite(ap) else None
    except (ValueError, LookupError, TypeError):
        return None
