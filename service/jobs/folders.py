"""Where in storage the files of a job lie that it works on now."""

from __future__ import annotations

from pathlib import Path

from service.jobs.models import JobRow
from workers.spec import JobFolder


def folder_of(storage: Path, job: JobRow) -> JobFolder:
    """The job's folder; of one that began again from scratch, with what it has done since."""
    return JobFolder(storage, job.id, scratch_after=job.scratch_after)
