"""What attempts left in storage, read so that no bad file stops the reconciler."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from trainer.spec import Spec
from workers.spec import AttemptOrder, Fence, Heartbeat, JobFolder, Terminal, TrialRecord
from workers.spec.layout import read_whole, write_whole
from workers.storage.near import Store

S = TypeVar("S", bound=Spec)
_TAIL_BYTES = 4096
_TAIL_LINES = 8


@dataclass(frozen=True)
class Findings:
    """What one attempt left."""

    heartbeat: Heartbeat | None
    terminal: Terminal | None
    trials: tuple[TrialRecord, ...] = ()


@dataclass
class Storage:
    """Reads job folders; remembers which trial files it has seen, so that a long sweep stays cheap to watch."""

    store: Store
    _seen: dict[Path, int] = field(default_factory=dict)

    def shortage(self, min_free_bytes: int) -> str | None:
        """Why no attempt should begin now, in words; None where there is room enough."""
        try:
            there = next(path for path in (self._root, *self._root.parents) if path.exists())
            free = shutil.disk_usage(there).free
        except OSError as error:
            return f"the storage {self._root} cannot be used: {error.strerror}"
        if free >= min_free_bytes:
            return None
        return (
            f"the storage is full: {megabytes(free)} are free, and {megabytes(min_free_bytes)} have to be "
            "(STILLHOUSE_MIN_FREE_BYTES)"
        )

    def write_order(self, order: AttemptOrder) -> None:
        folder = JobFolder(self._root, order.job_id)
        self.store.put(folder.write_order(order))
        self.store.put(folder.fence)

    def fence_off(self, job_id: str, attempt: int) -> None:
        """Tell this attempt and all earlier ones to end themselves."""
        fence = JobFolder(self._root, job_id).fence
        write_whole(fence, Fence(attempt=attempt + 1))
        self.store.put(fence)

    def find(self, job_id: str, attempt: int, *, is_sweep: bool, scratch_after: int = 0) -> Findings:
        folder = JobFolder(self._root, job_id, scratch_after=scratch_after)
        # The end marker is read first: what was written before it is then whole.
        terminal = self._read_newest(folder.terminal(attempt), Terminal)
        heartbeat = self._read_newest(folder.heartbeat(attempt), Heartbeat)
        return Findings(heartbeat, terminal, self._changed_trials(folder) if is_sweep else ())

    def forget(self, job_id: str) -> None:
        """Read all trials of a job anew the next time."""
        folder = JobFolder(self._root, job_id).path
        self._seen = {path: stamp for path, stamp in self._seen.items() if folder not in path.parents}

    def log_tail(self, job_id: str, attempt: int) -> str:
        """The last lines of an attempt's log; empty where there is none."""
        path = JobFolder(self._root, job_id).log(attempt)
        try:
            self.store.fetch(path)
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, size - _TAIL_BYTES))
                lines = file.read().decode("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join([line for line in lines if line.strip()][-_TAIL_LINES:])

    @property
    def _root(self) -> Path:
        return self.store.root

    def _read_newest(self, path: Path, schema: type[S]) -> S | None:
        self.store.fetch(path)
        return _read(path, schema)

    def _changed_trials(self, folder: JobFolder) -> tuple[TrialRecord, ...]:
        self.store.fetch_records(folder)
        changed: list[TrialRecord] = []
        for path in sorted(folder.trials.glob("*.json")):
            if path.name.startswith("."):
                continue
            stamp = path.stat().st_mtime_ns
            if self._seen.get(path) != stamp and (trial := _read(path, TrialRecord)) is not None:
                changed.append(trial)
                self._seen[path] = stamp
        return tuple(changed)


def megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:.0f} MiB"


def finite(metrics: dict[str, float]) -> dict[str, float]:
    return {key: value for key, value in metrics.items() if math.isfinite(value)}


def _read(path: Path, schema: type[S]) -> S | None:
    """Read a whole file. JSON has no NaN: metrics that were not finite arrive as null and are left out."""
    try:
        return read_whole(path, schema)
    except ValidationError:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        metrics = document.get("metrics") or {}
        document["metrics"] = {key: value for key, value in metrics.items() if value is not None}
        return schema.model_validate(document)
