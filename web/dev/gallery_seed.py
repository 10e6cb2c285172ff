"""What the pictures of the dashboard show: jobs, sweeps, data sets and models as a team has them after some weeks.

The data set is made and checked by the product's own code; curves are logged at a real MLflow server.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from mlflow import MlflowClient

from service.checks.states import CheckState
from service.datasets.models import DatasetRow, DatasetVersionRow
from service.db import Database
from service.db.base import utc_now
from service.jobs.logic import new_row
from service.jobs.models import AttemptRow, EventRow, JobRow
from service.models.models import ModelAliasRow, ModelEventRow, ModelRow, ModelVersionRow
from service.projects.models import ProjectRow
from service.sweeps.models import TrialRow
from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec
from trainer.training import train
from workers.checks.dataset import check_dataset
from workers.spec import JobFolder, JobSpec, SweepSpec
from workers.spec.checks import CheckFolder, DatasetOrder

SPLITS = {
    split: {"images": f"digit-scenes/{split}", "annotations": f"digit-scenes/annotations/{split}.json"}
    for split in ("train", "val")
}
PFI = "distillation.losses.feature_imitation.weight"
RM = "distillation.losses.rank_mimicking.weight"
TAU = "distillation.losses.rank_mimicking.temperature"
TEACHER_AP = 80.2
NUM_STEPS = 800


@dataclass(frozen=True)
class Story:
    """A job and how it went."""

    name: str
    state: str
    ap: float
    hours_ago: float
    step: int = NUM_STEPS
    weight: float | None = 300.0
    reason: str = ""
    cause: str | None = None
    project: str = "digits"


STORIES = (
    Story("digits, wide student", "queued", 0, 0.1, 0, reason="queued: needs 2 CPUs, 0 free, 1 job ahead"),
    Story("digits, PFI without RM", "queued", 0, 0.2, 0, reason="queued: needs 1 CPU, 0 free"),
    Story("digits, RM and PFI 300", "running", 74.6, 0.4, 430),
    Story("harbour, FCOS student", "paused", 38.4, 3.0, 310, reason="paused by ada", project="harbour"),
    Story("digits, weights of the sweep", "succeeded", 71.8, 5.0),
    Story("digits, the paper's weights", "succeeded", 63.9, 7.5, weight=1.5),
    Story("digits, baseline", "succeeded", 64.6, 8.0, weight=None),
    Story("digits, ChannelWise", "succeeded", 68.2, 20.0),
    Story(
        "harbour, COCO's teacher",
        "failed",
        0,
        26.0,
        0,
        reason="teacher has 80 classes, student has 10: the teacher must know the data set's classes by name",
        cause="bad_input",
        project="harbour",
    ),
    Story("digits, long run", "cancelled", 58.0, 40.0, 520, reason="cancelled by ada"),
    Story("harbour, RetinaNet student", "succeeded", 47.3, 52.0, project="harbour"),
)


def job_document(story: Story) -> dict[str, Any]:
    losses = [{"kind": "rank_mimicking", "weight": 4}, {"kind": "feature_imitation", "weight": story.weight}]
    distils = {"teacher": {"weights": "teachers/digits.safetensors"}, "losses": losses}
    return {
        "name": story.name,
        "project": story.project,
        "tags": ["spring"],
        "training": {"data": SPLITS, "num_steps": NUM_STEPS, "distillation": distils if story.weight else None},
    }


def sweep_document(name: str, num_trials: int) -> dict[str, Any]:
    document = job_document(Story(name, "", 0, 0))
    return {
        **document,
        "kind": "sweep",
        "space": {
            PFI: {"kind": "uniform", "low": 1, "high": 1000, "log": True},
            RM: {"kind": "uniform", "low": 0.1, "high": 10, "log": True},
            TAU: {"kind": "uniform", "low": 0.5, "high": 4},
        },
        "num_trials": num_trials,
        "max_concurrent_trials": 4,
        "scheduler": {"kind": "asha", "grace_steps": 200},
    }


def curves(ap: float, step: int, *, distils: bool, seed: int) -> dict[str, list[tuple[int, float]]]:
    """What the trainer would have logged until `step`."""
    dice = random.Random(seed)
    terms = {"classification": (0.22, 0.95), "box": (0.18, 0.5)}
    if distils:
        terms |= {"rank_mimicking": (0.06, 0.2), "feature_imitation": (0.0012, 0.006)}
    found: dict[str, list[tuple[int, float]]] = {}
    steps = range(10, step + 1, 10)
    for name, (floor, height) in terms.items():
        found[f"train/loss/{name}"] = [
            (at, (floor + height * math.exp(-at / 220)) * dice.uniform(0.9, 1.1)) for at in steps
        ]
    found["train/images_per_second"] = [(at, dice.uniform(110, 126)) for at in steps]
    evaluated = range(100, step + 1, 100)
    found["val/AP"] = [(at, growth(ap, at) + dice.uniform(-0.6, 0.6)) for at in evaluated]
    found["val/AP50"] = [(at, min(99.0, 1.3 * value)) for at, value in found["val/AP"]]
    for digit in range(10):
        found[f"val/AP/{digit}"] = [(at, max(0.0, value + 7 * math.sin(digit))) for at, value in found["val/AP"]]
    found |= costs("student", parameters=0.42e6, gflops=0.11, latency_ms=dice.uniform(2.9, 3.3))
    if distils:
        found |= costs("teacher", parameters=3.5e6, gflops=0.94, latency_ms=11.4)
        found |= {"teacher/AP": [(0, TEACHER_AP)], "teacher/AP50": [(0, 97.1)]}
    return found


def costs(model: str, **found: float) -> dict[str, list[tuple[int, float]]]:
    return {f"cost/{model}_{name}": [(0, value)] for name, value in found.items()}


def growth(final: float, step: int) -> float:
    return final * (1 - math.exp(-step / 240)) / (1 - math.exp(-NUM_STEPS / 240))


class Diagnostics(NullReporter):
    """Keeps what a training tells of teacher and student."""

    def __init__(self) -> None:
        self.curves: dict[str, list[tuple[int, float]]] = {}
        self.files: list[Path] = []

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        for key, value in metrics.items():
            if key.startswith("diagnostics/"):
                self.curves.setdefault(key, []).append((step, value))

    def log_artifact(self, path: Path, *, folder: str) -> None:
        if folder == "diagnostics":
            self.files.append(path)


def a_short_training(data_root: Path, out: Path) -> Diagnostics:
    """Diagnostics cannot be made up: a real distillation gives them, at three evaluations."""
    document = {
        **job_document(STORIES[2])["training"],
        "num_steps": 240,
        "evaluate_every_steps": 80,
        "batch_size": 8,
    }
    found = Diagnostics()
    train(TrainingSpec.model_validate(document), out=out, data_root=data_root, reporter=found)
    return found


class Mlflow:
    """Logs runs over MLflow's own REST interface."""

    def __init__(self, url: str) -> None:
        self._client = MlflowClient(url)
        self._http = httpx.Client(base_url=f"{url}/api/2.0/mlflow/", trust_env=False, timeout=60)
        self.experiment: str = self._ask("experiments/create", name="digits")["experiment_id"]

    def run(self, found: dict[str, list[tuple[int, float]]]) -> str:
        run_id: str = self._ask("runs/create", experiment_id=self.experiment, start_time=0)["run"]["info"]["run_id"]
        points = [
            {"key": key, "value": value, "step": step, "timestamp": 1000 * step}
            for key, series in found.items()
            for step, value in series
        ]
        for begin in range(0, len(points), 1000):
            self._ask("runs/log-batch", run_id=run_id, metrics=points[begin : begin + 1000])
        return run_id

    def keep(self, run_id: str, files: Sequence[Path]) -> None:
        for path in files:
            self._client.log_artifact(run_id, str(path), "diagnostics")

    def _ask(self, method: str, **body: Any) -> Any:
        answer = self._http.post(method, json=body)
        answer.raise_for_status()
        return answer.json()


async def seed(database: Database, storage: Path, data_root: Path, mlflow: Mlflow) -> None:
    async with database.writing() as session:
        diagnostics = a_short_training(data_root, storage / "gallery")
        rows = [seed_job(story, mlflow, storage, number, diagnostics) for number, story in enumerate(STORIES)]
        best = rows[4][0]
        for name, count, running in (("digits, loss weights", 48, True), ("digits, all of RM and PFI", 200, False)):
            sweep, trials = seed_sweep(name, count, running=running, mlflow=mlflow)
            rows.append((sweep, [*trials, *course_of(sweep)]))
            ends = [f"trial {trial.number}: {trial.state} after {trial.step} steps" for trial in trials]
            write_log(storage, sweep.id, ends)
        for row, extras in sorted(rows, key=lambda seeded: seeded[0].created_at):
            session.add(row)
            await session.flush()
            session.add_all(extras)
        for given in (seed_dataset(storage, data_root), seed_models(best)):
            for row in given:
                session.add(row)
                await session.flush()
        session.add(
            ProjectRow(
                name="digits",
                description="The scenes that come along",
                max_jobs=4,
                created_at=utc_now(),
                updated_at=utc_now(),
            )
        )


def seed_job(
    story: Story, mlflow: Mlflow, storage: Path, number: int, diagnostics: Diagnostics
) -> tuple[JobRow, list[Any]]:
    row = new_row(JobSpec.model_validate(job_document(story)), idempotency_key=None)
    start = utc_now() - timedelta(hours=story.hours_ago)
    row.created_at, row.updated_at, row.state = start, utc_now(), story.state
    row.reason, row.cause, row.step = story.reason, story.cause, story.step
    if story.state == "queued":
        return row, course_of(row)
    ended = story.state in ("succeeded", "failed", "cancelled")
    end = start + timedelta(minutes=14) if ended else None
    row.attempt, row.started_at, row.ended_at = 1, start + timedelta(seconds=6), end
    if story.state == "running":
        row.phase, row.eta_s = "training", 260.0
    if story.step:
        found = curves(story.ap, story.step, distils=story.weight is not None, seed=number)
        if story.state == "running":
            found |= diagnostics.curves
        row.mlflow_run_id, row.mlflow_experiment_id = mlflow.run(found), mlflow.experiment
        if story.state == "running":
            mlflow.keep(row.mlflow_run_id, diagnostics.files)
        shown = ("val/AP", "val/AP50", "teacher/AP")
        row.metrics = {key: found[key][-1][1] for key in shown if found.get(key)}
    lines = ["teacher: AP 80.2, AP50 97.1", "student: 0.42 M parameters"]
    lines += [f"step {step}: loss {0.6 + 2.4 * math.exp(-step / 220):.3f}" for step in range(0, story.step, 10)]
    write_log(storage, row.id, lines + ([story.reason] if story.reason else []))
    return row, course_of(row)


def course_of(row: JobRow) -> list[Any]:
    """The attempt of a job or sweep, and the changes of its state."""
    start = row.created_at
    changes: list[Any] = [event(row.id, start, None, "queued", "submitted", "ada")]
    if row.state == "queued":
        return changes
    changes.append(event(row.id, start, "queued", "starting", "attempt 1 was sent to Ray", "reconciler"))
    changes.append(event(row.id, start, "starting", "running", "first sign of life", "reconciler"))
    if row.state != "running":
        end = row.ended_at or utc_now()
        changes.append(event(row.id, end, "running", row.state, row.reason or "came to its end", "reconciler"))
    attempt = AttemptRow(
        job_id=row.id,
        number=1,
        submission_id=f"{row.id}-1",
        state="running" if row.ended_at is None else row.state,
        created_at=start,
        submitted_at=start,
        started_at=row.started_at,
        heartbeat_at=utc_now(),
        ended_at=row.ended_at,
    )
    return [attempt, *changes]


def event(job_id: str, at: datetime, before: str | None, after: str, cause: str, actor: str) -> EventRow:
    return EventRow(job_id=job_id, at=at, from_state=before, to_state=after, cause=cause, actor=actor)


def write_log(storage: Path, job_id: str, lines: Sequence[str]) -> None:
    log = JobFolder(storage, job_id).log(1)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("\n".join(lines) + "\n")


def seed_sweep(name: str, count: int, *, running: bool, mlflow: Mlflow) -> tuple[JobRow, list[TrialRow]]:
    dice = random.Random(count)
    row = new_row(SweepSpec.model_validate(sweep_document(name, count)), idempotency_key=None)
    slots = [0.0] * 4
    began = utc_now() - timedelta(minutes=count)
    trials = [one_trial(row.id, number, dice, slots, began) for number in range(1, count + 1)]
    for trial in trials[-3:] if running else []:
        trial.state, trial.ended_at, trial.reports = "running", None, trial.reports[:3]
        trial.objective = trial.reports[-1]["value"] if trial.reports else None
    found = [trial.objective for trial in trials if trial.objective is not None]
    row.state, row.attempt, row.created_at, row.started_at = "running" if running else "succeeded", 1, began, began
    row.updated_at, row.ended_at = utc_now(), None if running else began + timedelta(seconds=max(slots))
    row.reason = ""
    row.step, row.num_steps = sum(trial.ended_at is not None for trial in trials), count + (8 if running else 0)
    row.metrics, row.mlflow_experiment_id = {"val/AP": max(found), "teacher/AP": TEACHER_AP}, mlflow.experiment
    row.eta_s = 900.0 if running else None
    return row, trials


def one_trial(sweep_id: str, number: int, dice: random.Random, slots: list[float], began: datetime) -> TrialRow:
    """The first three are the baseline; the search closes in on what is good."""
    role = "baseline" if number <= 3 else "search"
    spread = 1.0 if number < 14 else 0.45
    pfi = 10 ** (3 * min(1.0, max(0.0, 0.75 + (dice.random() - 0.6) * spread)))
    rm, tau = 10 ** dice.uniform(-1, 1), dice.uniform(0.5, 4)
    final = 58 + 14 * math.exp(-((math.log10(pfi) - 2.45) ** 2) / 0.7) - math.log10(rm) ** 2 + dice.gauss(0, 1.2)
    final = 64.0 + dice.gauss(0, 0.7) if role == "baseline" else final
    failed = number == 9
    stopped = role == "search" and not failed and number > 6 and final < 67
    end = 200 if stopped else 120 if failed else NUM_STEPS
    reports = [
        {"step": step, "value": growth(final, step) + dice.uniform(-0.5, 0.5)} for step in range(40, end + 1, 40)
    ]
    slot = slots.index(min(slots))
    start, seconds = slots[slot], 25 + end / 8 + dice.uniform(0, 9)
    slots[slot] = start + seconds + 2
    return TrialRow(
        job_id=sweep_id,
        number=number,
        state="failed" if failed else "stopped" if stopped else "succeeded",
        role=role,
        seed=number - 1 if role == "baseline" else 0,
        parameters={} if role == "baseline" else {PFI: pfi, RM: rm, TAU: tau},
        metrics={"val/AP": final, "teacher/AP": TEACHER_AP},
        objective=None if failed else reports[-1]["value"],
        reports=reports,
        seconds=seconds,
        step=end,
        started_at=began + timedelta(seconds=start),
        ended_at=began + timedelta(seconds=start + seconds),
        reason="CUDA out of memory at step 120; try a smaller batch" if failed else "",
    )


def seed_dataset(storage: Path, data_root: Path) -> Sequence[Any]:
    """The digit scenes as the product's own check finds them."""
    order = DatasetOrder.model_validate(SPLITS)
    version_id = "dsv-gallery"
    report, samples, refusal = check_dataset(
        order, data_root=data_root, samples=CheckFolder(storage, version_id, 1).samples
    )
    now = utc_now() - timedelta(days=6)
    name = DatasetRow(name="digits", project="digits", latest=1, created_at=now)
    version = DatasetVersionRow(
        id=version_id,
        name="digits",
        version=1,
        description="Scenes of handwritten digits",
        train=SPLITS["train"],
        val=SPLITS["val"],
        state=CheckState.READY.value if refusal is None else CheckState.REFUSED.value,
        reason=refusal or "",
        check_number=1,
        checked_at=now,
        hash=report.hash,
        report=report.model_dump(mode="json"),
        samples=[sample.model_dump(mode="json") for sample in samples],
        samples_of=1,
        created_at=now,
        created_by="ada",
    )
    return [name, version]


def seed_models(job: JobRow) -> Sequence[Any]:
    """A teacher from a file, and the student of a job, which is in production."""
    now = utc_now() - timedelta(hours=4)
    rows: list[Any] = []
    for name, source, ap, parameters, job_id in (
        ("digits-teacher", {"path": "teachers/digits.safetensors"}, TEACHER_AP, 3_500_000, None),
        ("digits-student", {"job": job.id}, 71.8, 420_000, job.id),
    ):
        report = {
            "kind": "model",
            "architecture": "retinanet with resnet",
            "detector": {},
            "class_names": [str(digit) for digit in range(10)],
            "image_size_px": 96,
            "num_parameters": parameters,
            "precision": "float32",
            "metrics": {"val/AP": ap},
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "size_bytes": 4 * parameters,
            "sample": {"dataset": "digits@1", "images": 100, "metrics": {"AP": ap - 0.8}},
            "findings": [],
        }
        rows.append(ModelRow(name=name, project="digits", latest=1, created_at=now))
        rows.append(
            ModelVersionRow(
                id=f"mdv-{name}",
                name=name,
                version=1,
                description="",
                source=source,
                weights=f"teachers/{name}.safetensors",
                job_id=job_id,
                state=CheckState.READY.value,
                reason="",
                check_number=1,
                checked_at=now,
                sha256=report["sha256"],
                size_bytes=report["size_bytes"],
                report=report,
                metrics={"val/AP": ap},
                registration="none",
                created_at=now,
                created_by="ada",
            )
        )
        rows.append(ModelEventRow(name=name, at=now, actor="ada", action="registered", version=1))
    rows.append(ModelAliasRow(name="digits-student", alias="production", version=1, set_at=now, set_by="ada"))
    rows.append(
        ModelEventRow(name="digits-student", at=now, actor="ada", action="promoted", alias="production", version=1)
    )
    return rows
