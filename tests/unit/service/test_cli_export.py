"""`stillhouse export` writes what a job leaves, whole and verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from service.cli.exits import Exit
from service.db import Database
from service.sdk import Client
from service.settings import Settings
from tests.unit.service.factories import job_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from tests.unit.service.test_models import SHA256, SHIPPED, World


@pytest.fixture
def world(http: TestClient, settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow) -> World:
    return World(http, settings, database, ray, mlflow)


async def finished(world: World, **files: bytes) -> str:
    job_id = await world.succeed()
    world.mlflow.files[f"run-{job_id}"] = {
        "spec.json": b"{}",
        "student/student.safetensors": SHIPPED.read_bytes(),
        **{f"student/student.{suffix}": content for suffix, content in files.items()},
    }
    await world.rounds()
    return job_id


async def test_all_that_a_job_leaves_is_written(run, world: World, http: TestClient, tmp_path: Path) -> None:
    job_id = await finished(world, onnx=b"a graph")
    folder = tmp_path / "out"
    done = run("export", job_id, "--out", folder)
    assert done.exit_code == 0, done.stderr
    assert sorted(path.name for path in folder.glob("*")) == [
        "job.yaml", "numbers.json", "student.onnx", "student.safetensors",
    ]  # fmt: skip
    assert (folder / "student.safetensors").read_bytes() == SHIPPED.read_bytes()
    assert (folder / "student.onnx").read_bytes() == b"a graph"
    numbers = json.loads((folder / "numbers.json").read_text())
    assert numbers["metrics"]["val/AP"] == 54.2
    assert numbers["files"]["student.safetensors"]["sha256"] == SHA256
    assert numbers["lineage"]["model"]["name"] == "digits"
    spec = yaml.safe_load((folder / "job.yaml").read_text())
    assert http.post("/api/v1/jobs", json=spec).status_code == 201
    assert json.loads(run("export", job_id, "--out", folder, "--json").stdout) == numbers


async def test_a_student_that_mlflow_did_not_take_comes_from_the_registry(run, world: World, tmp_path: Path) -> None:
    job_id = await finished(world)
    world.mlflow.files.clear()
    done = run("export", job_id, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "out/student.safetensors").read_bytes() == SHIPPED.read_bytes()


async def test_weights_that_are_not_those_that_were_registered_are_told(run, world: World, tmp_path: Path) -> None:
    job_id = await finished(world)
    world.mlflow.files[f"run-{job_id}"]["student/student.safetensors"] = b"others"
    done = run("export", job_id, "--out", tmp_path / "out")
    assert done.exit_code == Exit.FAILED
    assert f"wanted {SHA256[:12]}, that of digits@1" in done.stderr
    assert names(tmp_path / "out") == []


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_has_no_student_is_told(run, http: TestClient, tmp_path: Path) -> None:
    job_id = http.post("/api/v1/jobs", json=job_spec()).json()["id"]
    done = run("export", job_id, "--out", tmp_path / "out")
    assert done.exit_code == Exit.FAILED
    assert "is queued and has no student" in done.stderr
    assert run("export", "job-none").exit_code == Exit.NOT_FOUND
    (tmp_path / "file").write_text("")
    assert run("export", job_id, "--out", tmp_path / "file").exit_code == Exit.WRONG_USE


async def test_a_download_that_is_refused_leaves_nothing(http: TestClient, world: World, tmp_path: Path) -> None:
    job_id = await finished(world)
    client = Client("http://testserver", http=http)
    client.jobs.download(job_id, "student/student.safetensors", tmp_path / "out/whole")
    world.mlflow.away = True
    with pytest.raises(Exception, match="artifacts are kept by MLflow"):
        client.jobs.download(job_id, "student/student.safetensors", tmp_path / "out/broken")
    assert names(tmp_path / "out") == ["whole"]
