"""Models over HTTP: registered by people and by jobs that succeed, promoted, and kept the same in MLflow."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from service.clients.mlflow_registry import MlflowRegistry
from service.clients.ray import RayClient
from service.db import Database
from service.jobs.repository import JobRepository
from service.reconciler.checks import Checks
from service.reconciler.registry import Registry
from service.settings import Settings
from tests.unit.service.factories import job_spec, sweep_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from workers.spec import JobFolder
from workers.spec.checks import CheckFolder, CheckOrder, CheckReport, ModelReport
from workers.spec.weights import describe, file_sha256

SHIPPED = Path(__file__).parents[3] / "recipes/digits/teacher.safetensors"
SHA256 = file_sha256(SHIPPED)


def a_model(**fields: Any) -> dict[str, Any]:
    return {"name": "digits-teacher", "weights": {"path": "teachers/digits.safetensors"}, **fields}


class World:
    """What happens beside the requests: checks, jobs that succeed, the registry's rounds."""

    def __init__(self, http: TestClient, settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow):
        self.http, self.settings, self.database, self.mlflow, self.ray = http, settings, database, mlflow, ray
        self.now_s = 0.0
        ray_http = httpx.AsyncClient(base_url="http://ray", transport=ray)
        self.checks = Checks(settings, database, RayClient(ray_http))
        mlflow_http = httpx.AsyncClient(base_url="http://mlflow", transport=mlflow)
        self.registry = Registry(settings, database, MlflowRegistry(mlflow_http), clock=lambda: self.now_s)

    async def check(self, refusal: str | None = None, *, described: bool = False) -> None:
        """Carry out the open checks, as a cluster would that finds the shipped teacher everywhere.

        `described`: what is refused has a report, too.
        """
        done = len(self.ray.submitted)
        await self.checks.run_once()
        for submission_id in self.ray.submitted[done:]:
            target, _, number = submission_id.removeprefix("check-").rpartition("-")
            report = describe(SHIPPED, sha256=SHA256) if described or not refusal else None
            found = {"at": "2026-01-01T00:00:00Z", "seconds": 1, "refusal": refusal, "report": report}
            CheckFolder(self.settings.storage, target, int(number)).write_report(CheckReport.model_validate(found))
        await self.checks.run_once()

    def only_order(self) -> CheckOrder:
        """What was asked of the cluster in the only check."""
        [path] = self.settings.storage.glob("checks/model-*/1/order.json")
        order = CheckFolder(self.settings.storage, path.parts[-3], 1).read_order()
        assert order is not None
        return order

    async def succeed(self, *, student: bool = True, **fields: Any) -> str:
        """A job that has succeeded, with a student in storage."""
        job_id = str(self.http.post("/api/v1/jobs", json=job_spec(**fields)).json()["id"])
        async with self.database.writing() as session:
            job = await JobRepository(session).get(job_id)
            assert job is not None
            job.state, job.mlflow_run_id, job.metrics = "succeeded", f"run-{job_id}", {"val/AP": 54.2, "teacher/AP": 80}
            job.ended_at = job.created_at
        self.mlflow.runs[f"run-{job_id}"] = {}
        if student:
            path = JobFolder(self.settings.storage, job_id).path / "student.safetensors"
            path.parent.mkdir(parents=True)
            shutil.copyfile(SHIPPED, path)
        return job_id

    async def rounds(self) -> None:
        self.now_s += 100
        await self.registry.run_once()

    def model(self, name: str, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"/api/v1/models/{name}", params=query).json()
        return found


@pytest.fixture
def world(http: TestClient, settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow) -> World:
    return World(http, settings, database, ray, mlflow)


async def test_a_teacher_is_checked_and_described(http: TestClient, world: World) -> None:
    answer = http.post("/api/v1/models", json=a_model(description="big"))
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/models/digits-teacher?version=1"
    assert answer.json()["version"]["state"] == "checking"
    await world.check()
    found = world.model("digits-teacher")
    version = found["version"]
    assert (version["state"], version["sha256"], version["num_classes"]) == ("ready", SHA256, 10)
    assert version["source"] == {"path": "teachers/digits.safetensors", "job": None, "torchvision": None}
    assert version["metrics"]["val/AP"] > 70
    assert version["registration"]["state"] == "none"
    assert found["report"]["class_names"][0] == "zero"
    assert ModelReport.model_validate(found["report"]).num_parameters == version["num_parameters"] > 3e6
    [listed] = http.get("/api/v1/models").json()["items"]
    assert (listed["name"], listed["version"]["version"]) == ("digits-teacher", 1)


async def test_jobs_without_a_student_are_not_remembered_for_ever(world: World) -> None:
    old, new = await world.succeed(student=False), await world.succeed(student=False)
    async with world.database.writing() as session:
        job = await JobRepository(session).get(old)
        assert job is not None
        job.ended_at = job.created_at - timedelta(hours=1)
    await world.rounds()
    assert set(world.registry._without_student) == {new}
    await world.rounds()
    assert set(world.registry._without_student) == {new}, "the old one is not looked at again"


async def test_a_file_that_is_no_detector_is_refused(http: TestClient, world: World) -> None:
    http.post("/api/v1/models", json=a_model())
    await world.check(refusal="no weights at /data/teachers/digits.safetensors")
    version = world.model("digits-teacher")["version"]
    assert (version["state"], version["reason"]) == ("refused", "no weights at /data/teachers/digits.safetensors")
    answer = http.post("/api/v1/models/digits-teacher/promote", json={"version": 1})
    assert answer.status_code == 409
    assert "is refused: no weights" in answer.json()["detail"]


PUBLISHED = "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1"


async def test_a_detector_of_torchvision_is_checked_and_becomes_a_teacher(http: TestClient, world: World) -> None:
    answer = http.post("/api/v1/models", json=a_model(name="coco", weights={"torchvision": PUBLISHED}))
    assert answer.status_code == 201
    assert answer.json()["version"]["weights"] == f"torchvision:{PUBLISHED}"
    await world.check()
    assert world.only_order().what.model_dump(exclude_none=True) == {"kind": "model", "torchvision": PUBLISHED}
    job = http.post("/api/v1/jobs", json=named(model="coco")).json()
    teacher = {k: v for k, v in job["spec"]["training"]["distillation"]["teacher"].items() if v is not None}
    assert teacher == {"model": "coco@1", "torchvision": PUBLISHED}
    assert job["teacher"] == "coco@1"
    unnamed = http.post("/api/v1/jobs", json=taught_by(torchvision=PUBLISHED)).json()
    assert unnamed["teacher"] == PUBLISHED
    assert http.get(f"/api/v1/jobs/{unnamed['id']}/lineage").json()["teacher"]["weights"] == f"torchvision:{PUBLISHED}"
    assert http.post("/api/v1/jobs", json=job["spec"]).status_code == 201
    http.post("/api/v1/models", json=a_model())
    await world.check()
    edits = {"training": {"distillation": {"teacher": {"model": "digits-teacher"}}}}
    cloned = http.post(f"/api/v1/jobs/{job['id']}/clone", json={"edits": edits})
    assert cloned.is_success, cloned.text
    assert cloned.json()["spec"]["training"]["distillation"]["teacher"]["torchvision"] is None


async def test_weights_that_could_not_be_fetched_are_told_with_what_is_known(http: TestClient, world: World) -> None:
    http.post("/api/v1/models", json=a_model(name="coco", weights={"torchvision": PUBLISHED}))
    await world.check(refusal="cannot get the weights", described=True)
    version = world.model("coco")["version"]
    assert (version["state"], version["reason"], version["sha256"]) == ("refused", "cannot get the weights", None)
    assert version["num_parameters"] > 0
    assert http.post("/api/v1/models/coco/check").json()["version"]["state"] == "checking"


async def test_a_student_is_registered_when_its_job_succeeds(http: TestClient, world: World) -> None:
    first = await world.succeed(name="Digits, RM and PFI")
    await world.rounds()
    second = await world.succeed(name="Digits, RM and PFI")
    await world.rounds()
    found = world.model("digits-rm-and-pfi")
    assert [version["job_id"] for version in found["versions"]] == [second, first]
    version = found["version"]
    assert (version["state"], version["sha256"]) == ("ready", SHA256)
    assert version["metrics"] == {"val/AP": 54.2}
    assert version["registration"] == {
        "state": "done", "note": "", "version": "2", "url": "/mlflow/#/models/digits-rm-and-pfi/versions/2",
    }  # fmt: skip
    stored = world.mlflow.registry.models["digits-rm-and-pfi"]
    assert [one["run_id"] for one in stored] == [f"run-{first}", f"run-{second}"]
    assert stored[0]["source"] == f"mlflow-artifacts:/7/models/m-run-{first}/artifacts"
    assert {"key": "sha256", "value": SHA256} in stored[0]["tags"]


async def test_a_student_is_registered_once_whatever_is_restarted(http: TestClient, world: World) -> None:
    job_id = await world.succeed()
    await world.rounds()
    async with world.database.writing() as session:  # as if the process had died before it noted the version
        from service.models.repository import ModelRepository

        [row] = await ModelRepository(session).of_job(job_id)
        row.registration, row.mlflow_version = "pending", None
    world.registry = Registry(world.settings, world.database, world.registry.mlflow, clock=lambda: world.now_s)
    await world.rounds()
    assert len(world.mlflow.registry.models["digits"]) == 1
    assert world.model("digits")["version"]["registration"]["version"] == "1"


async def test_registration_waits_for_mlflow(http: TestClient, world: World) -> None:
    await world.succeed()
    world.mlflow.away = True
    await world.rounds()
    assert world.model("digits")["version"]["registration"]["state"] == "pending"
    assert http.post("/api/v1/models/digits/promote", json={"version": 1}).status_code == 200
    world.mlflow.away = False
    await world.rounds()
    assert world.model("digits")["version"]["registration"]["state"] == "done"
    assert world.mlflow.registry.aliases == {"digits": {"production": "1"}}


async def test_a_run_that_mlflow_has_lost_is_told(http: TestClient, world: World) -> None:
    await world.succeed()
    world.mlflow.runs.clear()
    await world.rounds()
    registration = world.model("digits")["version"]["registration"]
    assert registration["state"] == "failed"
    assert "there is no run" in registration["note"]


async def test_jobs_without_a_readable_student_hold_up_no_others(http: TestClient, world: World) -> None:
    await world.succeed(name="lost", student=False)
    await world.succeed(name="kept")
    await world.rounds()
    assert [item["name"] for item in http.get("/api/v1/models").json()["items"]] == ["kept"]


async def test_promotion_moves_the_alias_and_can_be_taken_back(http: TestClient, world: World) -> None:
    for _ in range(3):
        await world.succeed()
        await world.rounds()

    def promote(version: int) -> None:
        asked = {"version": version, "alias": "production", "note": "better"}
        assert http.post("/api/v1/models/digits/promote", json=asked).is_success

    promote(1)
    promote(2)
    promote(3)
    promote(3)
    assert world.model("digits")["aliases"] == {"production": 3}
    assert world.model("digits", version=3)["version"]["aliases"] == ["production"]
    assert http.post("/api/v1/models/digits/rollback", json={}).json()["aliases"] == {"production": 2}
    assert http.post("/api/v1/models/digits/rollback", json={}).json()["aliases"] == {"production": 1}
    assert http.post("/api/v1/models/digits/rollback", json={}).status_code == 409
    await world.rounds()
    assert world.mlflow.registry.aliases["digits"] == {"production": "1"}
    assert http.delete("/api/v1/models/digits/aliases/production").json()["aliases"] == {}
    await world.rounds()
    assert world.mlflow.registry.aliases["digits"] == {}
    assert http.delete("/api/v1/models/digits/aliases/production").status_code == 404
    events = http.get("/api/v1/models/digits/events").json()["items"]
    told = [(event["action"], event["version"], event["previous"]) for event in events if event["alias"]]
    assert told == [
        ("promoted", 1, None),
        ("promoted", 2, 1),
        ("promoted", 3, 2),
        ("rolled back", 2, 3),
        ("rolled back", 1, 2),
        ("demoted", None, 1),
    ]
    assert {event["actor"] for event in events} == {"reconciler", "owner"}


async def test_the_student_of_a_job_is_promoted_in_one_call(http: TestClient, world: World) -> None:
    job_id = await world.succeed()
    answer = http.post(f"/api/v1/jobs/{job_id}/promote", json={"model": "small-digits", "alias": "production"})
    assert answer.is_success, answer.text
    assert answer.json()["aliases"] == {"production": 1}
    assert http.post(f"/api/v1/jobs/{job_id}/promote", json={"model": "small-digits"}).json()["version"]["version"] == 1
    await world.rounds()
    assert world.mlflow.registry.aliases["small-digits"] == {"production": "1"}
    assert http.post(f"/api/v1/jobs/{job_id}/promote", json={}).json()["name"] == "small-digits"


def test_a_job_that_has_not_succeeded_has_nothing_to_promote(http: TestClient) -> None:
    job_id = http.post("/api/v1/jobs", json=job_spec()).json()["id"]
    answer = http.post(f"/api/v1/jobs/{job_id}/promote", json={"model": "a"})
    assert answer.status_code == 409
    assert "is queued and has no student" in answer.json()["detail"]
    assert http.post("/api/v1/jobs/job-nothere/promote", json={}).status_code == 404


def test_the_source_has_to_make_sense(http: TestClient) -> None:
    job_id = http.post("/api/v1/jobs", json=job_spec()).json()["id"]
    sweep_id = http.post("/api/v1/sweeps", json=sweep_spec()).json()["id"]
    wrong = {
        "weights": [{}, {"path": "a", "job": "b"}],
        "weights.job": [{"job": job_id}, {"job": sweep_id}, {"job": "job-nothere"}],
        "weights.path": [{"path": "/etc/passwd"}, {"path": "../../x"}],
        "weights.torchvision": [{"torchvision": "retinanet_resnet50_fpn"}],
    }
    for field, sources in wrong.items():
        for source in sources:
            answer = http.post("/api/v1/models", json=a_model(weights=source))
            assert answer.status_code == 422
            assert [error["field"] for error in answer.json()["errors"]] == [field], source


@pytest.mark.parametrize("alias", ["latest", "v1", "Production", "7", "a/b"])
def test_an_alias_that_means_something_else_is_refused(alias: str, http: TestClient) -> None:
    http.post("/api/v1/models", json=a_model(name="digits"))
    assert http.post("/api/v1/models/digits/promote", json={"version": 1, "alias": alias}).status_code == 422


async def test_a_model_with_an_alias_is_not_deleted(http: TestClient, world: World) -> None:
    await world.succeed()
    await world.rounds()
    http.post("/api/v1/models/digits/promote", json={"version": 1})
    answer = http.delete("/api/v1/models/digits")
    assert answer.status_code == 409
    assert "has the aliases production" in answer.json()["detail"]
    http.delete("/api/v1/models/digits/aliases/production")
    assert http.delete("/api/v1/models/digits").status_code == 204
    assert http.get("/api/v1/models/digits").status_code == 404


# Named in specs


def taught_by(**teacher: str) -> dict[str, Any]:
    spec = json.loads(json.dumps(job_spec()))
    spec["training"]["distillation"] = {"teacher": teacher}
    return dict(spec)


def named(*, dataset: str | None = None, model: str | None = None, **fields: Any) -> dict[str, Any]:
    spec = job_spec(**fields)
    if dataset is not None:
        spec["training"]["data"] = {"dataset": dataset, "image_size_px": 64}
    if model is not None:
        spec["training"]["distillation"] = {"teacher": {"model": model}}
    return dict(json.loads(json.dumps(spec)))


async def test_a_teacher_is_named_by_version_alias_or_neither(http: TestClient, world: World) -> None:
    http.post("/api/v1/models", json=a_model())
    checking = http.post("/api/v1/jobs", json=named(model="digits-teacher"))
    assert checking.status_code == 422
    assert "digits-teacher@1 is still being checked" in checking.json()["detail"]
    assert checking.json()["errors"][0]["field"] == "training.distillation.teacher.model"
    await world.check()
    http.post("/api/v1/models/digits-teacher/promote", json={"version": 1, "alias": "best"})
    for reference in ("digits-teacher", "digits-teacher@1", "digits-teacher@best"):
        job = http.post("/api/v1/jobs", json=named(model=reference)).json()
        teacher = job["spec"]["training"]["distillation"]["teacher"]
        assert (teacher["weights"], teacher["model"]) == ("teachers/digits.safetensors", "digits-teacher@1")
        assert (teacher["sha256"], teacher["torchvision"]) == (SHA256, None)
    for reference in ("nobody", "digits-teacher@2", "digits-teacher@worst"):
        assert http.post("/api/v1/jobs", json=named(model=reference)).status_code == 422
    answer = http.delete("/api/v1/models/digits-teacher")
    assert answer.status_code == 409


async def test_a_stored_spec_can_be_sent_again_and_not_be_bent(http: TestClient, world: World) -> None:
    http.post("/api/v1/models", json=a_model())
    await world.check()
    spec = http.post("/api/v1/jobs", json=named(model="digits-teacher")).json()["spec"]
    assert http.post("/api/v1/jobs", json=spec).status_code == 201
    spec["training"]["distillation"]["teacher"]["weights"] = "teachers/other.safetensors"
    answer = http.post("/api/v1/jobs", json=spec)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "training.distillation.teacher.weights"


async def test_a_clone_may_name_another_teacher_or_its_path(http: TestClient, world: World) -> None:
    http.post("/api/v1/models", json=a_model())
    http.post("/api/v1/models", json=a_model(name="other", weights={"path": "teachers/other.safetensors"}))
    await world.check()
    job_id = http.post("/api/v1/jobs", json=named(model="digits-teacher")).json()["id"]

    def clone(**teacher: str) -> dict[str, Any]:
        edits = {"training": {"distillation": {"teacher": teacher}}}
        answer = http.post(f"/api/v1/jobs/{job_id}/clone", json={"edits": edits})
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()["spec"]["training"]["distillation"]["teacher"]
        return {key: value for key, value in found.items() if value is not None}

    assert clone(model="other") == {"model": "other@1", "weights": "teachers/other.safetensors", "sha256": SHA256}
    assert clone(weights="teachers/x.safetensors") == {"weights": "teachers/x.safetensors"}
    assert clone()["model"] == "digits-teacher@1"


async def test_the_same_key_gives_the_same_job_when_a_newer_version_has_come(http: TestClient, world: World) -> None:
    http.post("/api/v1/models", json=a_model())
    await world.check()
    key = {"Idempotency-Key": "once"}
    first = http.post("/api/v1/jobs", json=named(model="digits-teacher"), headers=key).json()
    http.post("/api/v1/models", json=a_model())
    await world.check()
    again = http.post("/api/v1/jobs", json=named(model="digits-teacher"), headers=key).json()
    assert again["id"] == first["id"]
    newer = http.post("/api/v1/jobs", json=named(model="digits-teacher")).json()
    assert newer["spec"]["training"]["distillation"]["teacher"]["model"] == "digits-teacher@2"


def test_an_unknown_data_set_is_refused(http: TestClient) -> None:
    answer = http.post("/api/v1/jobs", json=named(dataset="digits"))
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["message"]) == ("training.data.dataset", "there is no data set 'digits'")


def test_names_cannot_be_searched(http: TestClient) -> None:
    spec = sweep_spec(space={"data.dataset": {"kind": "choice", "values": ["a", "b"]}})
    answer = http.post("/api/v1/sweeps", json=spec)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "space.data.dataset"


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside", "a/../../outside"])
def test_paths_of_jobs_stay_in_the_allowed_folders(path: str, http: TestClient) -> None:
    spec = job_spec()
    spec = json.loads(json.dumps(spec))
    spec["training"]["data"]["train"]["images"] = path
    answer = http.post("/api/v1/jobs", json=spec)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "training.data.train.images"
    spec["training"]["data"]["train"] = {"images": "a", "annotations": "b", "format": "voc", "image_list": path}
    answer = http.post("/api/v1/jobs", json=spec)
    assert answer.json()["errors"][0]["field"] == "training.data.train.image_list"
