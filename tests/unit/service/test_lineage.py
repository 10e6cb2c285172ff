"""Where students come from, what came of teachers and data, and the files that are handed out."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from service.db import Database
from service.settings import Settings
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from tests.unit.service.test_models import SHA256, SHIPPED, World, a_model, named


@pytest.fixture
def world(http: TestClient, settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow) -> World:
    return World(http, settings, database, ray, mlflow)


async def test_a_chain_of_teachers_is_followed_to_its_start(http: TestClient, world: World) -> None:
    http.post("/api/v1/models", json=a_model())
    await world.check()
    big = await world.succeed(name="big", training=named(model="digits-teacher")["training"])
    await world.rounds()
    small = await world.succeed(name="small", training=named(model="big")["training"])
    await world.rounds()
    world.mlflow.tags[f"run-{small}"] = {"stillhouse.code": "0.1.0+gabc"}

    found = http.get(f"/api/v1/jobs/{small}/lineage").json()
    assert (found["model"]["name"], found["model"]["sha256"]) == ("small", SHA256)
    assert found["job"]["code"] == "0.1.0+gabc"
    assert found["data"]["train"]["images"] == "digits/train"
    assert found["data"]["train"]["annotations"] == "digits/train.json"
    teacher = found["teacher"]
    assert (teacher["model"]["name"], teacher["job"]["id"]) == ("big", big)
    first = teacher["teacher"]
    assert (first["model"]["name"], first["job"], first["teacher"]) == ("digits-teacher", None, None)
    assert first["weights"] == "teachers/digits.safetensors"

    [descendant] = http.get("/api/v1/models/digits-teacher/lineage").json()["descendants"]
    assert (descendant["job_id"], descendant["students"]) == (big, ["big@1"])
    assert http.get("/api/v1/models/small/lineage").json()["origin"]["teacher"]["model"]["name"] == "big"
    assert http.delete("/api/v1/models/big").status_code == 409, "small came of it"


async def test_lineage_is_told_while_mlflow_is_away(http: TestClient, world: World) -> None:
    job_id = await world.succeed()
    world.mlflow.away = True
    found = http.get(f"/api/v1/jobs/{job_id}/lineage").json()
    assert found["job"]["code"] is None
    assert found["teacher"] is None


async def test_what_came_of_a_data_set(http: TestClient) -> None:
    splits = {"train": {"images": "t", "annotations": "t.json"}, "val": {"images": "v", "annotations": "v.json"}}
    http.post("/api/v1/datasets", json={"name": "digits", **splits})
    assert http.get("/api/v1/datasets/digits/lineage").json() == {"descendants": []}
    assert http.get("/api/v1/datasets/nothing/lineage").status_code == 404


async def test_artifacts_are_listed_and_downloaded(http: TestClient, world: World) -> None:
    job_id = await world.succeed()
    await world.rounds()
    content = SHIPPED.read_bytes()
    world.mlflow.files[f"run-{job_id}"] = {"spec.json": b"{}", "student/student.safetensors": content}
    items = http.get(f"/api/v1/jobs/{job_id}/artifacts").json()["items"]
    assert [(item["path"], item["size_bytes"]) for item in items] == [
        ("spec.json", 2),
        ("student/student.safetensors", len(content)),
    ]
    assert [item["sha256"] for item in items] == [None, SHA256]
    answer = http.get(items[1]["url"])
    assert hashlib.sha256(answer.content).hexdigest() == SHA256
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''student.safetensors"
    assert answer.headers["content-length"] == str(len(content))
    world.mlflow.away = True
    assert http.get(items[1]["url"]).status_code == 503


async def test_the_detections_of_an_evaluation_are_read(http: TestClient, world: World) -> None:
    job_id = await world.succeed()
    address = f"/api/v1/jobs/{job_id}/detections"
    assert http.get(address).json() == {"steps": [], "comparison": None}
    report = {"version": 1, "min_score": 0.3, "min_iou": 0.5, "images": []}
    world.mlflow.files[f"run-{job_id}"] = {
        f"diagnostics/detections-{step:08d}.json": json.dumps({**report, "step": step}).encode() for step in (200, 1200)
    } | {"diagnostics/detections-00000300.json": b"{", "diagnostics/maps-00000300.png": b""}
    newest, chosen = http.get(address).json(), http.get(address, params={"step": 200}).json()
    assert newest["steps"] == chosen["steps"] == [200, 300, 1200]
    assert (newest["comparison"]["step"], chosen["comparison"]["step"]) == (1200, 200)
    unknown = http.get(address, params={"step": 7})
    assert (unknown.status_code, "it has those of [200, 300, 1200]" in unknown.json()["detail"]) == (404, True)
    damaged = http.get(address, params={"step": 300})
    assert (damaged.status_code, "is not what the trainer wrote" in damaged.json()["detail"]) == (404, True)
    world.mlflow.away = True
    assert http.get(address).status_code == 503


@pytest.mark.parametrize(
    "path",
    [
        "..", "../../other/artifacts/spec.json", "/etc/passwd", "student/../spec.json", "student", "student/",
        "./spec.json", "%2e%2e/spec.json", "..%2f..%2fsecret", "spec.json\x00", "..\\..\\secret", "//spec.json",
        "http://x/spec.json",
    ],
)  # fmt: skip
async def test_a_download_cannot_leave_its_run(path: str, http: TestClient, world: World) -> None:
    job_id = await world.succeed()
    world.mlflow.files[f"run-{job_id}"] = {"spec.json": b"{}", "student/student.safetensors": b"w"}
    world.mlflow.files["other"] = {"spec.json": b"of another run"}
    for spelling in (quote(path, safe=""), quote(quote(path, safe=""), safe=""), quote(path, safe="/%")):
        before = len(world.mlflow.seen)
        answer = http.get(f"/api/v1/jobs/{job_id}/artifacts/{spelling}")
        assert b"of another run" not in answer.content
        asked = [request for request in world.mlflow.seen[before:] if request.url.path == "/get-artifact"]
        assert all(request.url.params["path"] == "spec.json" for request in asked)
        assert all(request.url.params["run_id"] == f"run-{job_id}" for request in asked)


async def test_the_weights_of_a_version_are_downloaded_whole_or_in_part(http: TestClient, world: World) -> None:
    job_id = await world.succeed()
    await world.rounds()
    answer = http.get("/api/v1/models/digits/versions/1/weights")
    assert hashlib.sha256(answer.content).hexdigest() == SHA256
    assert answer.headers["etag"] == f'"{SHA256}"'
    part = http.get("/api/v1/models/digits/versions/1/weights", headers={"Range": "bytes=8-15"})
    assert (part.status_code, part.content) == (206, SHIPPED.read_bytes()[8:16])
    assert http.get("/api/v1/models/digits/versions/2/weights").status_code == 404
    (world.settings.storage / "jobs" / job_id / "student.safetensors").write_bytes(b"other")
    answer = http.get("/api/v1/models/digits/versions/1/weights")
    assert answer.status_code == 404
    assert "have changed since they were checked" in answer.json()["detail"]


async def test_weights_that_are_not_ready_are_not_handed_out(http: TestClient, settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    (settings.data / "secret.txt").write_text("secret")
    http.post("/api/v1/models", json=a_model(weights={"path": "secret.txt"}))
    answer = http.get("/api/v1/models/digits-teacher/versions/1/weights")
    assert answer.status_code == 404
    assert "is checking" in answer.json()["detail"]
