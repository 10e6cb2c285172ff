"""The checkpoints that lie in storage, by job; nothing is followed out of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from service.retention.policy import Checkpoint
from workers.spec.layout import JOURNAL

_NAME = re.compile(r"step-(\d{8,})\.pt")
_AP = '"val/AP"'


class CheckpointFiles:
    """The checkpoints below the folder of the storage."""

    def __init__(self, storage: Path) -> None:
        self._jobs = storage / "jobs"

    def job_ids(self) -> list[str]:
        """Ids of the jobs that have a folder."""
        try:
            return sorted(entry.name for entry in os.scandir(self._jobs) if entry.is_dir(follow_symlinks=False))
        except FileNotFoundError:
            return []

    def of_job(self, job_id: str) -> tuple[Checkpoint, ...]:
        """Links are left out: what they lead to is somebody's own."""
        return tuple(self._walk(self._jobs / job_id))

    def path(self, job_id: str, checkpoint: Checkpoint) -> Path:
        return self._jobs / job_id / checkpoint.name

    def best_steps(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> Mapping[str, int]:
        """For each training the step of that checkpoint at which its student's AP was highest, where one was taken."""
        steps: dict[str, set[int]] = {}
        for one in checkpoints:
            steps.setdefault(one.training, set()).add(one.step)
        found = {
            training: _best_step(self._jobs / job_id / training / JOURNAL, mine) for training, mine in steps.items()
        }
        return {training: step for training, step in found.items() if step is not None}

    def remove(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> None:
        """Remove checkpoints; one that is gone already is as wanted. Raises OSError."""
        for one in checkpoints:
            self.path(job_id, one).unlink(missing_ok=True)

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


def _best_step(journal: Path, steps: set[int]) -> int | None:
    """The first of the steps with the highest AP; a line that cannot be read says nothing."""
    best: tuple[float, int] | None = None
    try:
        with journal.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                if _AP not in line:
                    continue
                point = _point(line)
                if point is not None and point[1] in steps and (best is None or point[0] > best[0]):
                    best = point
    except FileNotFoundError:
        return None
    return None if best is None else best[1]


def _point(line: str) -> tuple[float, int] | None:
    try:
        point = json.loads(line)
        return float(point["metrics"]["val/AP"]), int(point["step"])
    except (ValueError, LookupError, TypeError):
        return None
