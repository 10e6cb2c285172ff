"""What the driver of a sweep asks of the storage: its own records, and what its trials leave in other processes."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Protocol

from trainer.folders import SPEC, branch
from trainer.spec import Spec
from workers.spec import JobFolder, TrialRecord
from workers.spec.layout import JOURNAL, write_whole

# Says in the folder of a trial that all of it is at MLflow.
SETTLED = "settled"


class Found(Enum):
    """What there is of a trial for MLflow."""

    THERE = "there"
    NOTHING = "nothing"
    LATER = "later"  # the rest of it is on its way


class Trials(Protocol):
    """Paths are those of the job's folder here. All of it raises OSError where the storage does not do it."""

    storage: str

    def write(self, path: Path, content: Spec, *, at_once: bool = True) -> None:
        """Replace a file of the driver. With `at_once` a later driver finds it, whatever happens from now on."""

    def begin(self, number: int, *, exploits: int, start: int) -> None:
        """A trial is about to start: whatever trained it before has no place any more."""

    def bring(self, record: TrialRecord, *, exploits: int) -> Found:
        """Have here what MLflow is to hear of a trial."""

    def settled(self, number: int, *, exploits: int) -> None:
        """MLflow has all of a trial, as its folder here says."""

    def branch(self, source: Path, out: Path, *, step: int) -> None:
        """As `trainer.folders.branch`."""


class SharedTrials:
    """A folder that all see."""

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self.storage = str(folder.path.parents[1].resolve())

    def write(self, path: Path, content: Spec, *, at_once: bool = True) -> None:
        write_whole(path, content)

    def begin(self, number: int, *, exploits: int, start: int) -> None:
        """Its process sees the record, and those before it do."""

    def bring(self, record: TrialRecord, *, exploits: int) -> Found:
        return what_is_in(self._folder.trial(record.number, exploits=exploits), record, exploits=exploits)

    def settled(self, number: int, *, exploits: int) -> None:
        """The folder says it."""

    def branch(self, source: Path, out: Path, *, step: int) -> None:
        branch(source, out, step=step)


def what_is_in(out: Path, record: TrialRecord, *, exploits: int) -> Found:
    """Whether the folder says what is trained; after an exploit it says at first what the other one trained."""
    has_failed_early = record.ended_at is not None and not exploits
    has_begun = (out / SPEC).exists() and (has_failed_early or (out / JOURNAL).exists())
    return Found.THERE if has_begun else Found.NOTHING
