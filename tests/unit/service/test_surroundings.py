"""Health, the cluster, recipes, the dashboard and the way through to MLflow."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.db import Database
from service.presets.logic import read_recipes
from service.reconciler.lease import Lease
from service.settings import Settings
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from tests.unit.service.world import World


async def test_ready_when_everything_answers_and_else_names_what_does_not(
    http: TestClient, ray: FakeRay, mlflow: FakeMlflow, settings: Settings, database: Database
) -> None:
    missing = {error["field"] for error in http.get("/readyz").json()["errors"]}
    assert missing == {"storage", "reconciler"}
    settings.storage.mkdir()
    await Lease(database).acquire()
    assert http.get("/readyz").json()["status"] == "ok"
    ray.away = mlflow.away = True
    response = http.get("/readyz")
    assert response.status_code == 503
    assert "MLflow does not answer" in response.json()["detail"]
    assert "Ray does not answer" in response.json()["detail"]
    assert [error["field"] for error in response.json()["errors"]] == ["mlflow", "ray"]
    assert http.get("/healthz").status_code == 200


def test_the_cluster_is_described_also_while_ray_is_away(http: TestClient, ray: FakeRay) -> None:
    found = http.get("/api/v1/cluster").json()
    assert (found["cpus_total"], found["ray_state"], found["reconciler_state"]) == (2, "up", "down")
    ray.away = True
    found = http.get("/api/v1/cluster").json()
    assert (found["cpus_total"], found["ray_state"]) == (None, "down")


async def test_the_cluster_says_who_holds_what_and_only_of_projects_that_one_may_see(
    http: TestClient, world: World
) -> None:
    job_id = await world.running()
    token = http.post("/api/v1/tokens", json={"name": "stranger", "roles": {"elsewhere": "viewer"}}).json()
    found = http.get("/api/v1/cluster").json()
    assert found["nodes"] == [{"id": "node-1", "name": "10.0.3.17", "is_head": True, "cpus": 2, "gpus": 0}]
    assert [(one["job_id"], one["cpus"], one["state"]) for one in found["holders"]] == [(job_id, 1, "running")]
    as_stranger = {"Authorization": f"Bearer {token['secret']}"}
    assert http.get("/api/v1/cluster", headers=as_stranger).json()["holders"] == []


def test_recipes_are_the_jobs_and_sweeps_among_the_files(tmp_path: Path, http: TestClient) -> None:
    (tmp_path / "digits").mkdir()
    data = "{train: {images: a, annotations: b}, val: {images: a, annotations: b}}"
    (tmp_path / "digits" / "plain.yaml").write_text(f"name: Plain\ntraining: {{data: {data}}}\n")
    (tmp_path / "wrong.yaml").write_text("name: Wrong\ntraining: {}\n")
    (tmp_path / "bare.yaml").write_text(f"data: {data}\n")
    (tmp_path / "broken.yaml").write_text("{")
    found = read_recipes(tmp_path).items
    assert [(recipe.name, recipe.title, recipe.kind) for recipe in found] == [("digits/plain", "Plain", "job")]
    assert http.get("/api/v1/recipes").status_code == 200


@pytest.fixture
def dist(app: FastAPI, tmp_path: Path) -> Path:
    folder = tmp_path / "web_dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>dashboard</title>")
    (folder / "api-docs.html").write_text("<title>reference</title>")
    (folder / "assets" / "index-abc123.js").write_text("let a")
    (tmp_path / "secret.txt").write_text("hidden treasure")
    app.state.web_dist = folder
    return folder


@pytest.mark.usefixtures("dist")
def test_the_dashboard_answers_its_own_routes_and_caches_hashed_files(http: TestClient) -> None:
    for path in ("/", "/jobs/job-aaaaaaaaaa", "/sweeps"):
        response = http.get(path)
        assert "dashboard" in response.text
        assert response.headers["cache-control"] == "no-cache"
    asset = http.get("/assets/index-abc123.js")
    assert "immutable" in asset.headers["cache-control"]
    assert http.get("/assets/gone.js").status_code == 404
    assert "treasure" not in http.get("/..%2fsecret.txt").text
    assert http.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("dist")
def test_the_reference_of_the_api_is_a_page_that_may_load_nothing_from_elsewhere(http: TestClient) -> None:
    page = http.get("/api/docs")
    assert "reference" in page.text
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    own = {name: policy[f"{name}-src"] for name in ("script", "style", "connect", "font")}
    assert set(own.values()) == {"'self'"}
    assert http.get("/api/docs/").status_code == 404


def test_without_a_dashboard_a_page_says_how_to_build_it(app: FastAPI, tmp_path: Path, http: TestClient) -> None:
    app.state.web_dist = tmp_path / "nowhere"
    assert "has not been built" in http.get("/").text
    assert "has not been built" in http.get("/api/docs").text


def test_mlflow_is_reached_through_us_without_our_host_name(http: TestClient, mlflow: FakeMlflow) -> None:
    response = http.get("/mlflow/ajax-api/x%20y?a=1&b=%2F")
    assert response.text == "page /ajax-api/x y"
    assert response.headers["x-mlflow"] == "yes"
    assert "connection" not in response.headers
    request = mlflow.seen[-1]
    assert request.url.raw_path == b"/ajax-api/x%20y?a=1&b=%2F"
    assert request.headers["host"] == "127.0.0.1:9"
    assert http.get("/mlflow", follow_redirects=False).headers["location"] == "/mlflow/"
    mlflow.away = True
    assert http.get("/mlflow/").status_code == 503


def test_a_header_that_is_no_ascii_goes_through_to_mlflow(http: TestClient, mlflow: FakeMlflow) -> None:
    assert http.get("/mlflow/", headers={b"x-name": "Jäger".encode()}).status_code == 200
    assert (b"x-name", "Jäger".encode()) in mlflow.seen[-1].headers.raw


@pytest.mark.parametrize("path", ["/%00", "/" + "x" * 5000])
def test_a_page_that_no_file_can_be_named_after_is_the_dashboard_s(http: TestClient, dist: Path, path: str) -> None:
    assert http.get(path).status_code == 200
