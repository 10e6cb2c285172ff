"""Whose the files of a sweep are: the sweep has some, and each trial has its own, as if it was a job.

What a trial leaves lies below `jobs/ID/trials/00001/attempts/N`, where N is one start of it. Starts of a later attempt
of the sweep have higher numbers, so that a driver that was cut off gives none that another one gives, too.
"""

from __future__ import annotations

import re
from pathlib import Path

from workers.spec import JobFolder

_TRIAL = re.compile(r"(?P<folder>(?:from-scratch/\d+/)?trials/\d{5,}(?:/exploit-\d+)?)/(?P<name>.+)")
_STARTS = 1_000_000


def owner_of(job_id: str, below: str) -> tuple[str, str]:
    """Who leaves the file at a path below a job's folder, and its path below the owner's."""
    found = _TRIAL.fullmatch(below)
    return (job_id, below) if found is None else (f"{job_id}/{found['folder']}", found["name"])


def trial_owner(folder: JobFolder, number: int, *, exploits: int = 0) -> str:
    """A trial of a sweep, or what it does after so many exploits, as an owner."""
    return owner_of_folder(folder, folder.trial(number, exploits=exploits))


def owner_of_folder(folder: JobFolder, path: Path) -> str:
    return path.relative_to(folder.path.parent).as_posix()


def start_number(attempt: int, start: int) -> int:
    """The number of a start of a trial among all starts by all attempts of its sweep."""
    assert 0 <= start < _STARTS
    return attempt * _STARTS + start


def start_fence(job_id: str, attempt: int, trial: int) -> str:
    """The key of what an attempt of a sweep says about the newest start of a trial."""
    return f"jobs/{job_id}/attempts/{attempt}/starts/{trial:05d}.json"
