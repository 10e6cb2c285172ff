"""Sweeps that have ended, with many trials, as the benchmarks need them in a database."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta

from service.db import Database
from service.db.base import utc_now
from service.jobs.logic import new_row
from service.sweeps.models import TrialRow
from tests.factories import PFI_WEIGHT, RM_WEIGHT, TEMPERATURE, small_sweep


async def seed_sweep(database: Database, name: str, num_trials: int, num_points: int) -> str:
    """Write a sweep of so many trials, each with so many reports at most; returns its id."""
    row = new_row(small_sweep(name, trials=num_trials), idempotency_key=None)
    row.state, row.attempt, row.step, row.num_steps = "succeeded", 1, num_trials, num_trials
    row.started_at, row.ended_at = utc_now() - timedelta(hours=9), utc_now()
    async with database.writing() as session:
        session.add(row)
        await session.flush()
        session.add_all(trials_of(row.id, num_trials, num_points))
    return row.id


def trials_of(sweep: str, count: int, points: int) -> list[TrialRow]:
    dice = random.Random(count)
    began = utc_now() - timedelta(hours=9)
    return [
        _trial(sweep, number, points, dice, began + timedelta(seconds=30 * number)) for number in range(1, count + 1)
    ]


def _trial(sweep: str, number: int, points: int, dice: random.Random, start: datetime) -> TrialRow:
    pfi, rm, tau = 10 ** dice.uniform(-1, 4), 10 ** dice.uniform(-2, 1), 10 ** dice.uniform(-1, 1)
    final = 58 + 3 * math.log10(pfi) - math.log10(rm) ** 2 + dice.gauss(0, 1.5)
    stopped = number > 8 and final < 62
    kept = max(2, points // 3) if stopped else points
    reports = [
        {"step": step, "value": final * (1 - math.exp(-4 * step / points)) + dice.uniform(-1, 1)}
        for step in range(1, kept + 1)
    ]
    return TrialRow(
        job_id=sweep, number=number, state="stopped" if stopped else "succeeded",
        parameters={PFI_WEIGHT: pfi, RM_WEIGHT: rm, TEMPERATURE: tau}, metrics={"val/AP": final},
        objective=reports[-1]["value"], reports=reports, seconds=60.0, step=kept,
        started_at=start, ended_at=start + timedelta(seconds=60),
    )  # fmt: skip
