"""Reasons in words, for states that several places lead to."""

from __future__ import annotations

from service.jobs.models import JobRow

PAUSING = "pausing: writes a checkpoint first"


def paused_words(row: JobRow) -> str:
    if row.attempt == 0:
        return "paused before it ran"
    unit = "trials" if row.kind == "sweep" else "steps"
    return f"paused after {row.step} of {row.num_steps} {unit}"


def queued_words(row: JobRow, what: str) -> str:
    goes_on = row.attempt > row.scratch_after
    return f"queued: {what}, " + ("goes on from its newest checkpoint" if goes_on else "starts from the beginning")
