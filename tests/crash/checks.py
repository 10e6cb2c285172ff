"""What has to hold after the load, whatever was killed: read from the API, the database, storage and MLflow."""

from __future__ import annotations

import itertools
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.jobs.lifecycle import FINAL, TRANSITIONS, JobState
from service.jobs.models import AttemptRow, EventRow, JobRow
from service.sdk import Client, NotFoundError
from tests.crash.load import Ledger
from tests.crash.trainings import TIMED_METRICS, Reference, student_digest
from tests.crash.watch import Life
from workers.spec import JobFolder

if TYPE_CHECKING:  # its import takes seconds, and not every check asks MLflow
    from mlflow import MlflowClient
    from mlflow.entities import Run

# What an accepted request leaves in the history of a job, at the least.
TRACES: Mapping[str, frozenset[JobState]] = {
    "cancel": frozenset({JobState.CANCELLING, JobState.CANCELLED}),
    "pause": frozenset({JobState.PAUSING, JobState.PAUSED}),
}


@dataclass(frozen=True)
class Evidence:
    """Where the checks look."""

    client: Client
    engine: Engine
    storage: Path
    mlflow: MlflowClient
    ray_url: str
    ledger: Ledger
    lives: list[Life]
    references: Mapping[str, Reference]


def check_all(evidence: Evidence) -> list[str]:
    """Everything that is wrong, in words; empty where all holds."""
    with Session(evidence.engine) as session:
        jobs = {job.id: job for job in session.scalars(select(JobRow))}
        attempts = list(session.scalars(select(AttemptRow).order_by(AttemptRow.job_id, AttemptRow.number)))
    wrong = [
        *evidence.ledger.wrong_answers,
        *promises_kept(evidence, jobs),
        *ended_once(evidence, jobs),
        *histories_legal(evidence, jobs),
        *attempts_one_by_one(attempts, evidence.lives),
        *resources_free(evidence.ray_url),
    ]
    for job in jobs.values():
        wrong += run_is_whole(evidence, job)
    return wrong


def promises_kept(evidence: Evidence, jobs: Mapping[str, JobRow]) -> Iterator[str]:
    """No accepted job is lost, the same key gave one job, and nobody else's job is there."""
    promised: set[str] = set()
    for promise in evidence.ledger.promises.values():
        promised |= promise.job_ids
        if len(promise.job_ids) != 1:
            yield f"the key {promise.key} gave {len(promise.job_ids)} jobs: {', '.join(sorted(promise.job_ids))}"
        for job_id in promise.job_ids:
            try:
                job = evidence.client.jobs.get(job_id)
            except NotFoundError:
                yield f"{job_id} was accepted and is lost"
                continue
            if job.spec != promise.spec:
                yield f"{job_id} does not have the spec that was accepted"
    for job_id in jobs.keys() - promised:
        yield f"{job_id} is there though no client was told of it"


def ended_once(evidence: Evidence, jobs: Mapping[str, JobRow]) -> Iterator[str]:
    for job in jobs.values():
        if JobState(job.state) not in FINAL:
            yield f"{job.id} never ended, it is {job.state}: {job.reason}"
        elif job.state == JobState.FAILED and not (job.max_attempts == 1 and job.cause == "infrastructure"):
            yield f"{job.id} failed, and should not have: {job.reason}"


def histories_legal(evidence: Evidence, jobs: Mapping[str, JobRow]) -> Iterator[str]:
    """Each event goes on where the one before ended, by a change that the lifecycle has, to the state of the row."""
    histories: dict[str, list[EventRow]] = defaultdict(list)
    with Session(evidence.engine) as session:
        for event in session.scalars(select(EventRow).order_by(EventRow.id)):
            histories[event.job_id].append(event)
    for job in jobs.values():
        history = histories[job.id]
        if not history or history[0].from_state is not None or history[0].to_state != JobState.QUEUED:
            yield f"the history of {job.id} does not begin with its submit"
            continue
        for before, event in itertools.pairwise(history):
            if event.from_state != before.to_state:
                yield f"{job.id} went on from {event.from_state} though it was {before.to_state}"
            elif JobState(event.to_state) not in TRANSITIONS[JobState(event.from_state)]:
                yield f"{job.id} went from {event.from_state} to {event.to_state}, which the lifecycle does not have"
        if history[-1].to_state != job.state:
            yield f"the history of {job.id} ends with {history[-1].to_state}, and its row says {job.state}"
        for event in history:
            if event.from_state in FINAL and event.actor == "reconciler":
                yield f"{job.id} had {event.from_state} and was taken up again without anybody's asking"
        if sum(event.from_state in FINAL for event in history) and job.id not in evidence.ledger.done.get("retry", ()):
            yield f"{job.id} was taken up again though no retry of it was answered"
        shown = [event.id for event in evidence.client.jobs.each_event(job.id)]
        if shown != [event.id for event in history]:
            yield f"the API shows other events of {job.id} than the database holds"
    for action, traces in TRACES.items():
        for job_id in evidence.ledger.done.get(action, ()):
            if not {event.to_state for event in histories[job_id]} & traces:
                yield f"the {action} of {job_id} was accepted and is lost"


def attempts_one_by_one(attempts: list[AttemptRow], lives: list[Life]) -> Iterator[str]:
    """Attempts of a job are numbered without gaps, and neither their rows nor their processes ever overlap."""
    rows: dict[str, list[AttemptRow]] = defaultdict(list)
    for attempt in attempts:
        rows[attempt.job_id].append(attempt)
        if attempt.ended_at is None:
            yield f"attempt {attempt.number} of {attempt.job_id} never ended in its row, it is {attempt.state}"
    for job_id, of_job in rows.items():
        if [attempt.number for attempt in of_job] != list(range(1, len(of_job) + 1)):
            yield f"the attempts of {job_id} are numbered {[attempt.number for attempt in of_job]}"
        for before, after in itertools.pairwise(of_job):
            if before.ended_at is not None and after.created_at < before.ended_at:
                yield f"attempt {after.number} of {job_id} was made before the one before it had ended"
    seen: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        seen[life.job_id].append(life)
    for job_id, of_job_lives in seen.items():
        in_order = sorted(of_job_lives, key=lambda life: life.began)
        for first, second in itertools.pairwise(in_order):
            if second.began < first.last_seen:
                yield (
                    f"{job_id}: process {second.pid} of attempt {second.number} began while process {first.pid} of "
                    f"attempt {first.number} lived on for {first.last_seen - second.began:.1f} s"
                )
            if second.number <= first.number:
                yield f"{job_id}: attempt {second.number} was started after attempt {first.number}"


def resources_free(ray_url: str) -> Iterator[str]:
    status = httpx.get(f"{ray_url}/api/cluster_status", timeout=10, trust_env=False).json()
    usage = status["data"]["clusterStatus"]["loadMetricsReport"]["usage"]
    used, total = usage.get("CPU", [0.0, 0.0])
    if used > 0:
        yield f"{used:g} of {total:g} CPUs are still taken at Ray"
    for job in httpx.get(f"{ray_url}/api/jobs/", timeout=10, trust_env=False).json():
        if job["status"] in ("PENDING", "RUNNING"):
            yield f"Ray still has {job['submission_id']} as {job['status']}"


def run_is_whole(evidence: Evidence, job: JobRow) -> Iterator[str]:
    """One MLflow run with every logged step exactly once; of a job that succeeded, all that the reference has."""
    runs = _runs_of(evidence.mlflow, job)
    if len(runs) > 1:
        yield f"{job.id} has {len(runs)} runs at MLflow"
    training = next(p.training for p in evidence.ledger.promises.values() if job.id in p.job_ids)
    reference = evidence.references[training]
    if job.state == JobState.SUCCEEDED:
        if not runs:
            yield f"{job.id} succeeded and has no run at MLflow"
            return
        yield from _student_is_identical(evidence, job, runs[0], reference)
    for run in runs:
        if run.info.status in ("RUNNING", "SCHEDULED"):
            yield f"the run of {job.id}, which has {job.state}, is still {run.info.status} at MLflow"
        yield from _metrics_are_whole(evidence.mlflow, job, run, reference)


def _runs_of(mlflow: MlflowClient, job: JobRow) -> list[Run]:
    experiment = mlflow.get_experiment_by_name(job.project)
    if experiment is None:
        return []
    wanted = f"tags.`stillhouse.job_id` = '{job.id}'"
    return list(mlflow.search_runs([experiment.experiment_id], filter_string=wanted))


def _metrics_are_whole(mlflow: MlflowClient, job: JobRow, run: Run, reference: Reference) -> Iterator[str]:
    whole = job.state == JobState.SUCCEEDED
    if whole and (missing := reference.logged.keys() - run.data.metrics.keys()):
        yield f"the run of {job.id} has no {', '.join(sorted(missing))}"
    for key in run.data.metrics:
        expected = reference.logged.get(key)
        if expected is None:
            yield f"the run of {job.id} has {key}, which an uninterrupted training does not log"
            continue
        points = mlflow.get_metric_history(run.info.run_id, key)
        steps = sorted(point.step for point in points)
        twice = sorted({step for step in steps if steps.count(step) > 1})
        if twice:
            yield f"{key} of {job.id} is at MLflow more than once at steps {twice}"
        lacking = sorted(expected.keys() - set(steps)) if whole else _gaps(steps, expected)
        if lacking:
            yield f"{key} of {job.id} is not at MLflow at steps {lacking}"
        if key not in TIMED_METRICS and any(expected.get(point.step) != point.value for point in points):
            yield f"{key} of {job.id} differs from that of an uninterrupted training"


def _gaps(steps: list[int], expected: Mapping[int, float]) -> list[int]:
    """Steps before the last one that are not there."""
    return [step for step in sorted(expected) if steps and step < steps[-1] and step not in steps]


def _student_is_identical(evidence: Evidence, job: JobRow, run: Run, reference: Reference) -> Iterator[str]:
    kept = JobFolder(evidence.storage, job.id).path / "student.safetensors"
    if not kept.is_file() or student_digest(kept) != reference.digest:
        yield f"the student of {job.id} is not that of an uninterrupted training"
    if {key: job.metrics.get(key) for key in reference.metrics} != reference.metrics:
        yield f"the metrics of {job.id} are not those of an uninterrupted training"
    with tempfile.TemporaryDirectory() as folder:
        found = Path(evidence.mlflow.download_artifacts(run.info.run_id, "student/student.safetensors", folder))
        if student_digest(found) != reference.digest:
            yield f"MLflow has another student of {job.id} than an uninterrupted training gives"
    models = run.outputs.model_outputs if run.outputs else []
    if len(models) != 1:
        yield f"the run of {job.id} has {len(models)} models at MLflow, wanted one"
