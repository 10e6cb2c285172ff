"""An attempt of a job on a node of its own, without a training."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from workers.journal import Journal
from workers.spec import Fence, JobFolder
from workers.storage.mirror import Mirror
from workers.storage.objects import Objects

JOB = "job-aaaaaaaaaa"


class Node:
    """One attempt on a node of its own, which has nothing but the storage in common with others."""

    def __init__(
        self,
        objects: Objects,
        root: Path,
        attempt: int,
        *,
        scratch_after: int = 0,
        job_id: str = JOB,
        all_checkpoints: bool = False,
    ) -> None:
        self.ended = threading.Event()
        self.attempt = attempt
        self.objects = objects
        self.folder = JobFolder(root / f"node-{attempt}", job_id, scratch_after=scratch_after)
        self.mirror = Mirror(
            objects, self.folder, job_id, attempt, on_superseded=self.ended.set, all_checkpoints=all_checkpoints
        )
        self._fence = f"jobs/{job_id}/fence.json"

    def begin(self) -> Node:
        self.objects.put(self._fence, Fence(attempt=self.attempt).model_dump_json().encode())
        self.mirror.take_over()
        return self

    def checkpoint(self, step: int, content: bytes | None = None) -> bytes:
        """Write a checkpoint and drop all but the newest two, as the trainer does."""
        content = content or os.urandom(1000)
        path = self.folder.checkpoints / f"step-{step:08d}.pt"
        self.write(path, content)
        for old in sorted(self.folder.checkpoints.glob("step-*.pt"))[:-2]:
            old.unlink()
        return content

    def write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        draft.write_bytes(content)
        draft.replace(path)

    def log(self, *steps: int) -> None:
        journal = Journal(self.folder.journal)
        for step in steps:
            journal.append({"train/loss": float(step)}, step=step)
        journal.close()

    @property
    def files(self) -> dict[str, bytes]:
        """What is in the job's folder here."""
        return {
            path.relative_to(self.folder.path).as_posix(): path.read_bytes()
            for path in self.folder.path.rglob("*")
            if path.is_file() and path.name != "fence.json"
        }

    @property
    def steps(self) -> list[int]:
        journal = Journal(self.folder.journal)
        steps = [point.step for point in journal.points()]
        journal.close()
        return steps
