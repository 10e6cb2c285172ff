"""Where the files of a job are in storage, and how they are written and read whole."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TypeVar

from trainer.spec import Spec
from workers.spec.attempts import AttemptOrder, Fence, Heartbeat, LogCut, Terminal, TrialRecord

S = TypeVar("S", bound=Spec)
JOURNAL = "metrics.jsonl"
_ROOM_BYTES = 64 * 1024


class JobFolder:
    """The folder of one job below a storage root that workers and the reconciler share.

    `scratch_after` is the attempt after which a person had the job begin again from scratch: what is trained since
    then is in a folder of its own, so that nothing of before is taken for a checkpoint or lost.
    """

    def __init__(self, storage_root: Path, job_id: str, *, scratch_after: int = 0, cache: Path | None = None) -> None:
        self.path = storage_root / "jobs" / job_id
        self.cache = (cache or storage_root / "cache") / "teacher-outputs"  # shared by all jobs
        self.work = self.path / "from-scratch" / str(scratch_after) if scratch_after else self.path
        self.checkpoints = self.work / "checkpoints"
        self.tune = self.work / "tune"
        self.rungs = self.work / "rungs.json"
        self.rounds = self.work / "rounds.json"
        self.fence = self.path / "fence.json"
        self.steering = self.path / "steering.json"
        self.trials = self.work / "trials"
        self.journal = self.work / JOURNAL
        self.changes = self.work / "changes.jsonl"  # of the records of a sweep, where its storage is a URI

    def trial(self, number: int, *, exploits: int = 0) -> Path:
        """The folder in which one trial of a sweep trains; a new one after each exploit."""
        folder = self.trials / f"{number:05d}"
        return folder / f"exploit-{exploits}" if exploits else folder

    def trial_journal(self, number: int, *, exploits: int = 0) -> Path:
        """The metrics of one trial since its last exploit, as they were before they went to MLflow."""
        return self.trial(number, exploits=exploits) / JOURNAL

    def attempt(self, number: int) -> Path:
        return self.path / "attempts" / str(number)

    def log(self, number: int) -> Path:
        """The log of one attempt: what it and its children print, UTF-8."""
        return self.attempt(number) / "log.txt"

    def log_cut(self, number: int) -> Path:
        """What was dropped of a log that became too large."""
        return self.attempt(number) / "log-cut.json"

    def write_log_cut(self, number: int, cut: LogCut) -> None:
        write_whole(self.log_cut(number), cut)

    def read_log_cut(self, number: int) -> LogCut | None:
        return read_whole(self.log_cut(number), LogCut)

    def order_path(self, number: int) -> Path:
        return self.attempt(number) / "order.json"

    def write_order(self, order: AttemptOrder) -> Path:
        """Store the order of an attempt and fence off all earlier ones; returns the path of the order."""
        write_whole(self.order_path(order.attempt), order)
        write_whole(self.fence, Fence(attempt=order.attempt))
        return self.order_path(order.attempt)

    def read_order(self, number: int) -> AttemptOrder | None:
        return read_whole(self.order_path(number), AttemptOrder)

    def read_fence(self) -> Fence | None:
        return read_whole(self.fence, Fence)

    def heartbeat(self, number: int) -> Path:
        return self.attempt(number) / "heartbeat.json"

    def terminal(self, number: int) -> Path:
        return self.attempt(number) / "terminal.json"

    def write_heartbeat(self, number: int, heartbeat: Heartbeat) -> None:
        write_whole(self.heartbeat(number), heartbeat)

    def read_heartbeat(self, number: int) -> Heartbeat | None:
        return read_whole(self.heartbeat(number), Heartbeat)

    def write_terminal(self, number: int, terminal: Terminal) -> None:
        write_whole(self.terminal(number), terminal)

    def keep_room(self, number: int) -> None:
        """Take the room in which the end marker will be written, also when the storage is full by then."""
        path = self._room(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(b"\n" * _ROOM_BYTES)
            file.flush()
            os.fsync(file.fileno())

    def give_up_room(self, number: int) -> None:
        self._room(number).unlink(missing_ok=True)

    def _room(self, number: int) -> Path:
        return self.attempt(number) / ".room"

    def read_terminal(self, number: int) -> Terminal | None:
        return read_whole(self.terminal(number), Terminal)

    def write_trial(self, trial: TrialRecord) -> None:
        write_whole(self.trial_record(trial.number), trial)

    def read_trial(self, number: int) -> TrialRecord | None:
        return read_whole(self.trial_record(number), TrialRecord)

    def read_trials(self) -> list[TrialRecord]:
        """All trials of a sweep, by number."""
        found = (read_whole(path, TrialRecord) for path in sorted(self.trials.glob("*.json")))
        return [trial for trial in found if trial is not None]

    def trial_record(self, number: int) -> Path:
        return self.trials / f"{number:05d}.json"


def write_whole(path: Path, content: Spec) -> None:
    """Replace `path` in one step, durably: a reader sees the old file or the new one, never a part."""
    replace_whole(path, content.model_dump_json())


def replace_whole(path: Path, text: str) -> None:
    """Replace the text at `path` as `write_whole` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_whole(path: Path, schema: type[S]) -> S | None:
    """Return the content of `path`, or None where there is no such file."""
    try:
        return schema.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
