"""What the benchmark of the API starts from: a database of jobs, logs of some of them, and their runs at MLflow."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from service.db import Database
from service.db.base import utc_now
from service.jobs.lifecycle import JobState
from service.jobs.logic import new_row
from service.jobs.models import AttemptRow, EventRow
from workers.journal import Journal
from workers.spec import JobFolder, JobSpec

KEYS = ("train/loss/total", "train/loss/classification", "train/loss/box", "train/gradient_norm", "val/AP", "val/AP50")
# How jobs of a team that has worked for a year are spread.
_STATES = {"succeeded": 780, "failed": 90, "cancelled": 85, "queued": 30, "paused": 10, "running": 4, "starting": 1}
_BATCH = 500
# Of one in so many of the jobs that are looked at, the folder has been cleared: their curves are at MLflow alone.
CLEARED = 3
# Of each curve; MLflow takes a thousand points at once.
_NUM_POINTS = 500
_LOGGED_AT_ONCE = 1000


def spec(number: int) -> dict[str, Any]:
    split = {"images": "digits/train", "annotations": "digits/train.json"}
    losses = [{"kind": "rank_mimicking"}, {"kind": "feature_imitation", "weight": 1 + number % 300}]
    teacher = {"weights": f"teachers/teacher-{number % 5}.safetensors"}
    return {
        "name": f"run {number}, RM and PFI",
        "project": f"project-{number % 8}",
        "tags": ["night"] if number % 10 == 0 else ["day", f"batch-{number % 50}"],
        "priority": number % 3,
        "training": {
            "data": {"train": split, "val": split},
            "distillation": {"teacher": teacher, "losses": losses},
        },
    }


async def seed(url: str, storage: Path, number_of_jobs: int, *, runs: list[str]) -> list[str]:
    """Fill an empty database; returns jobs that have logs and curves, of one in `CLEARED` in these runs at MLflow."""
    dice = random.Random(0)
    database = Database(url)
    start = utc_now() - timedelta(days=300)
    shown: list[str] = []
    for begin in range(0, number_of_jobs, _BATCH):
        async with database.writing() as session:
            for number in range(begin, min(begin + _BATCH, number_of_jobs)):
                row = new_row(JobSpec.model_validate(spec(number)), idempotency_key=None)
                row.state = dice.choices(list(_STATES), list(_STATES.values()))[0]
                row.created_at = start + timedelta(minutes=40 * number)
                row.updated_at = row.created_at + timedelta(minutes=dice.randint(1, 90))
                waits = row.state in (JobState.QUEUED, JobState.PAUSED)
                if not waits:
                    row.attempt, row.mlflow_run_id, row.mlflow_experiment_id = 1, f"run{number}", "1"
                    row.started_at, row.step = row.created_at, 800
                    row.ended_at = None if row.state in ("running", "starting") else row.updated_at
                    row.metrics = {"val/AP": dice.uniform(20, 60), "val/AP50": dice.uniform(40, 80)}
                session.add(row)
                await session.flush()
                if not waits:
                    session.add(_attempt(row.id, row.state))
                    if row.state == JobState.SUCCEEDED and len(shown) < CLEARED * len(runs):
                        if len(shown) % CLEARED == 0:
                            row.mlflow_run_id = runs[len(shown) // CLEARED]
                        shown.append(row.id)
                for state in ("queued", "starting", "running", row.state)[: 1 if waits else 4]:
                    session.add(
                        EventRow(job_id=row.id, at=row.created_at, to_state=state, cause="seeded", actor="reconciler")
                    )
    await database.close()
    for number, job_id in enumerate(shown):
        if number % CLEARED:
            write_journal(JobFolder(storage, job_id))
        log = JobFolder(storage, job_id).log(1)
        log.parent.mkdir(parents=True)
        log.write_text("".join(f"step {step}/800 loss {1 / (1 + step):.4f}\n" for step in range(0, 800, 2)))
    return shown


def write_journal(folder: JobFolder) -> None:
    """The points that `seed_mlflow` logs, as a training leaves them in its folder."""
    journal = Journal(folder.journal)
    for step in range(0, 10 * _NUM_POINTS, 10):
        journal.append({key: _value(step) for key in KEYS}, step=step)
    journal.close()


def _attempt(job_id: str, state: str) -> AttemptRow:
    now = utc_now()
    return AttemptRow(
        job_id=job_id,
        number=1,
        submission_id=f"{job_id}-1",
        state=state,
        created_at=now,
        submitted_at=now,
        started_at=now,
        ended_at=None if state in ("running", "starting") else now,
    )


def seed_mlflow(url: str, number_of_runs: int) -> list[str]:
    """Make runs with all curves at an MLflow server; returns their ids."""
    with httpx.Client(base_url=f"{url}/api/2.0/mlflow/", trust_env=False, timeout=60) as mlflow:

        def ask(method: str, **body: Any) -> Any:
            answer = mlflow.post(method, json=body)
            answer.raise_for_status()
            return answer.json()

        experiment = ask("experiments/create", name="benchmark")["experiment_id"]
        ids: list[str] = []
        for _ in range(number_of_runs):
            run_id = ask("runs/create", experiment_id=experiment, start_time=0)["run"]["info"]["run_id"]
            points = [_point(key, step) for key in KEYS for step in range(0, 10 * _NUM_POINTS, 10)]
            for begin in range(0, len(points), _LOGGED_AT_ONCE):
                ask("runs/log-batch", run_id=run_id, metrics=points[begin : begin + _LOGGED_AT_ONCE])
            ids.append(run_id)
        return ids


def _point(key: str, step: int) -> dict[str, Any]:
    return {"key": key, "value": _value(step), "step": step, "timestamp": 1000 * step}


def _value(step: int) -> float:
    return 1 / (1 + step) + 0.01 * math.sin(step)
