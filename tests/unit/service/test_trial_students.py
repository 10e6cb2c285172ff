"""Students of trials become versions of models, and jobs that began again from scratch have the right student."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from service.clients.mlflow_registry import MlflowRegistry
from service.db import Database
from service.jobs.repository import JobRepository
from service.reconciler.registry import Registry
from service.settings import Settings
from tests.unit.service.factories import job_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.test_models import SHIPPED
from tests.unit.service.test_steering import WEIGHT, add_trial, submitted
from workers.spec import JobFolder

STUDENT = "student.safetensors"


@pytest.fixture
def registry(settings: Settings, database: Database, mlflow: FakeMlflow) -> Registry:
    client = httpx.AsyncClient(base_url="http://mlflow", transport=mlflow)
    return Registry(settings, database, MlflowRegistry(client), clock=iter(range(0, 10_000, 100)).__next__)


def leave_student(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SHIPPED, path)


async def test_a_trial_that_took_over_is_promoted_with_what_it_has_trained_since(
    http: TestClient, database: Database, settings: Settings
) -> None:
    sweep_id = submitted(http)
    await add_trial(database, sweep_id, 1, exploits=[{"step": 2}])
    asked = {"model": "small"}
    assert http.post(f"/api/v1/sweeps/{sweep_id}/trials/1/promote", json=asked).status_code == 409
    leave_student(JobFolder(settings.storage, sweep_id).trial(1) / STUDENT)
    assert http.post(f"/api/v1/sweeps/{sweep_id}/trials/1/promote", json=asked).status_code == 409
    leave_student(JobFolder(settings.storage, sweep_id).trial(1, exploits=1) / STUDENT)
    assert http.post(f"/api/v1/sweeps/{sweep_id}/trials/1/promote", json=asked).status_code == 200


async def test_the_student_of_a_trial_is_promoted_and_registered(
    http: TestClient, database: Database, settings: Settings, mlflow: FakeMlflow, registry: Registry
) -> None:
    sweep_id = submitted(http)
    for number in (1, 2):
        metrics = {"val/AP": 40.0 + number, "train/loss": 1.0}
        await add_trial(database, sweep_id, number, metrics=metrics, mlflow_run_id=f"run-{number}")
        leave_student(JobFolder(settings.storage, sweep_id).trial(number) / STUDENT)
        mlflow.runs[f"run-{number}"] = {}
    for number in (1, 2, 2):
        answer = http.post(f"/api/v1/sweeps/{sweep_id}/trials/{number}/promote", json={"model": "small"})
        assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["aliases"] == {"production": 2}
    assert [version["source"] for version in found["versions"]] == [
        {"job": sweep_id, "trial": 2},
        {"job": sweep_id, "trial": 1},
    ]
    assert (found["version"]["state"], found["version"]["metrics"]) == ("ready", {"val/AP": 42.0})
    await registry.run_once()
    assert [one["run_id"] for one in mlflow.registry.models["small"]] == ["run-1", "run-2"]
    assert mlflow.registry.aliases["small"] == {"production": "2"}
    lineage = http.get("/api/v1/models/small/lineage").json()["origin"]
    assert (lineage["job"]["id"], lineage["model"]["version"]) == (sweep_id, 2)


async def test_a_trial_without_a_student_is_a_conflict(
    http: TestClient, database: Database, settings: Settings
) -> None:
    sweep_id = submitted(http)
    await add_trial(database, sweep_id, 1, state="stopped")
    await add_trial(database, sweep_id, 2)
    for number, status, words in ((1, 409, "was stopped early"), (2, 409, "cannot be read"), (3, 404, "no trial 3")):
        answer = http.post(f"/api/v1/sweeps/{sweep_id}/trials/{number}/promote", json={"model": "small"})
        assert (answer.status_code, words in answer.json()["detail"]) == (status, True)
    assert http.get("/api/v1/models/small").status_code == 404


async def test_the_student_of_a_job_that_began_again_is_the_new_one(
    http: TestClient, database: Database, settings: Settings, registry: Registry
) -> None:
    job_id = http.post("/api/v1/jobs", json=job_spec()).json()["id"]
    async with database.writing() as session:
        job = await JobRepository(session).get(job_id)
        assert job is not None
        job.state, job.scratch_after, job.ended_at = "succeeded", 1, job.created_at
    new = JobFolder(settings.storage, job_id, scratch_after=1).work / STUDENT
    leave_student(new)
    (JobFolder(settings.storage, job_id).path / STUDENT).write_bytes(b"of before")
    await registry.run_once()
    assert http.get("/api/v1/models/digits").json()["version"]["weights"] == str(new)


def test_sweeps_are_steered_from_the_command_line(run, http: TestClient) -> None:
    sweep_id = submitted(http, space={
        WEIGHT: {"kind": "uniform", "low": 1, "high": 1000},
        "num_steps": {"kind": "choice", "values": [400, 800]},
    })  # fmt: skip
    short = "feature_imitation.weight"
    done = run("sweeps", "steer", sweep_id, "--add", f"{short}=1e2,num_steps=800", "--more-trials", 3)
    assert done.exit_code == 0, done.stderr
    assert "follows within seconds" in done.stdout
    wrong = run("sweeps", "steer", sweep_id, "--add", "width=3")
    assert wrong.exit_code == 2
    assert "'width' is no dimension" in wrong.stderr
    outside = run("sweeps", "steer", sweep_id, "--add", "num_steps=5")
    assert "outside its dimension" in outside.stderr
    assert run("sweeps", "steer", sweep_id).exit_code == 2


async def test_results_of_sweeps_are_used_from_the_command_line(
    run, http: TestClient, database: Database, settings: Settings
) -> None:
    sweep_id = submitted(http)
    await add_trial(database, sweep_id, 1)
    await add_trial(database, sweep_id, 2, state="running", ended_at=None)
    leave_student(JobFolder(settings.storage, sweep_id).trial(1) / STUDENT)
    assert "ends trial 2" in run("sweeps", "stop", sweep_id, 2).stdout
    job_id = run("sweeps", "retrain", sweep_id, "--steps", 77, "--name", "again").stdout.strip()
    assert http.get(f"/api/v1/jobs/{job_id}").json()["spec"]["training"]["num_steps"] == 77
    forked = run("sweeps", "fork", sweep_id, "--set", "num_trials=9").stdout.strip()
    spec = http.get(f"/api/v1/sweeps/{forked}").json()["spec"]
    assert (spec["num_trials"], len(spec["past_trials"])) == (9, 1)
    promoted = run("sweeps", "promote", sweep_id, 1, "--model", "small")
    assert promoted.exit_code == 0, promoted.stderr
    assert "production" in promoted.stdout
