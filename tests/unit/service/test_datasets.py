"""Data sets over HTTP, and their checks by the reconciler against a fake Ray; the checks themselves are real."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from service.checks.models import CheckRow
from service.clients.ray import RayClient
from service.db import Database
from service.db.base import utc_now
from service.reconciler.checks import MAX_TRIES, Checks
from service.settings import Settings
from tests.unit.service.fake_ray import FakeRay
from trainer.data.digit_scenes import make_digit_scenes
from workers.checks.__main__ import run
from workers.spec.checks import CheckFolder
from workers.storage.checks import check_place

SPLITS = {
    name: {"images": f"digits/{name}", "annotations": f"digits/annotations/{name}.json"} for name in ("train", "val")
}
Round = Callable[[], Awaitable[None]]


def a_dataset(**fields: Any) -> dict[str, Any]:
    return {"name": "digits", **SPLITS, **fields}


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes") / "digits"
    make_digit_scenes(folder, num_train=8, num_val=4)
    return folder


@pytest.fixture
def data(scenes: Path, settings: Settings) -> Path:
    return Path(shutil.copytree(scenes, settings.data / "digits"))


@pytest.fixture
def checks(settings: Settings, database: Database, ray: FakeRay) -> Checks:
    return Checks(settings, database, RayClient(httpx.AsyncClient(base_url="http://ray", transport=ray)))


def do(settings: Settings, submission_id: str) -> None:
    """What Ray's job does: the check itself."""
    target, _, number = submission_id.removeprefix("check-").rpartition("-")
    folder = CheckFolder(settings.storage, target, int(number))
    order = folder.read_order()
    assert order is not None
    with check_place(str(settings.storage)) as place:
        folder.write_report(run(order, folder, place))


@pytest.fixture
def check(checks: Checks, settings: Settings, ray: FakeRay) -> Round:
    """Submit what waits, carry it out, settle it."""

    async def rounds() -> None:
        done = len(ray.submitted)
        await checks.run_once()
        for submission_id in ray.submitted[done:]:
            do(settings, submission_id)
        await checks.run_once()

    return rounds


async def test_a_data_set_is_checked_and_shown(http: TestClient, data: Path, check: Round, ray: FakeRay) -> None:
    answer = http.post("/api/v1/datasets", json=a_dataset(description="digits on photos"))
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/datasets/digits?version=1"
    assert (answer.json()["state"], answer.json()["version"]) == ("checking", 1)
    await check()
    found = http.get("/api/v1/datasets/digits").json()
    assert (found["state"], found["reason"]) == ("ready", "")
    assert found["report"]["train"]["images"] == 8
    assert len(found["hash"]) == 64
    assert ray.jobs[ray.submitted[0]]["cpus"] == 0, "a check runs where jobs hold all CPUs"
    assert "-m workers.checks " in ray.jobs[ray.submitted[0]]["entrypoint"]
    [listed] = http.get("/api/v1/datasets").json()["items"]
    assert (listed["num_classes"], listed["num_train_images"], listed["num_val_images"]) == (10, 8, 4)
    samples = http.get("/api/v1/datasets/digits/samples").json()["items"]
    assert len(samples) == found["num_samples"] > 0
    image = http.get(samples[0]["image_url"])
    assert image.headers["content-type"] == "image/png"
    assert image.content.startswith(b"\x89PNG")
    assert http.get("/api/v1/datasets/digits/samples/99/image").status_code == 404


async def test_a_broken_data_set_is_refused_with_the_reason(http: TestClient, data: Path, check: Round) -> None:
    (data / "train/00003.png").unlink()
    http.post("/api/v1/datasets", json=a_dataset())
    await check()
    found = http.get("/api/v1/datasets/digits").json()
    assert found["state"] == "refused"
    assert found["reason"] == "training: 1 image file missing (for example 00003.png)"
    assert found["hash"] is None
    assert found["report"]["findings"][0]["code"] == "missing_file"


async def test_registering_again_makes_the_next_version(http: TestClient, data: Path, check: Round) -> None:
    first = http.post("/api/v1/datasets", json=a_dataset()).json()
    again = http.post("/api/v1/datasets", json=a_dataset()).json()
    assert (first["version"], again["version"]) == (1, 1), "the same request while it is checked gives the same version"
    await check()
    assert http.post("/api/v1/datasets", json=a_dataset()).json()["version"] == 2
    await check()
    found = http.get("/api/v1/datasets/digits").json()
    assert (found["state"], found["reason"]) == ("ready", "the same content as version 1")
    assert [version["version"] for version in found["versions"]] == [2, 1]
    assert http.get("/api/v1/datasets/digits?version=1").json()["version"] == 1
    assert http.get("/api/v1/datasets/digits?version=3").status_code == 404


async def test_a_version_whose_files_changed_is_refused_by_the_next_check(
    http: TestClient, data: Path, check: Round
) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    await check()
    document = json.loads((data / "annotations/train.json").read_text())
    document["annotations"].pop()
    (data / "annotations/train.json").write_text(json.dumps(document))
    assert http.post("/api/v1/datasets/digits/check").json()["state"] == "checking"
    await check()
    found = http.get("/api/v1/datasets/digits").json()
    assert found["state"] == "refused"
    assert "the files have changed since this version was checked" in found["reason"]
    http.post("/api/v1/datasets", json=a_dataset())
    await check()
    assert http.get("/api/v1/datasets/digits").json()["state"] == "ready"


async def test_a_lost_check_is_tried_again_and_given_up_in_the_end(
    http: TestClient, data: Path, checks: Checks, ray: FakeRay, database: Database
) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    for number in range(1, MAX_TRIES + 1):
        await checks.run_once()
        assert ray.submitted[-1].endswith(f"-{number}")
        ray.end(ray.submitted[-1], message="the node died")
        await checks.run_once()
    found = http.get("/api/v1/datasets/digits").json()
    assert found["state"] == "refused"
    assert "could not be checked, 3 tries were lost; the last: it ended without a report" in found["reason"]
    await checks.run_once()
    assert len(ray.submitted) == MAX_TRIES
    async with database.reading() as session:
        rows = (await session.scalars(select(CheckRow))).all()
    assert all(row.ended_at is not None for row in rows)


async def test_an_unclear_answer_is_adopted(http: TestClient, data: Path, check: Round, ray: FakeRay) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    ray.lose_answers = True
    await check()
    assert len(ray.submitted) == 1
    assert http.get("/api/v1/datasets/digits").json()["state"] == "ready"


async def test_a_check_waits_for_ray(http: TestClient, data: Path, check: Round, ray: FakeRay) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    ray.away = True
    await check()
    assert http.get("/api/v1/datasets/digits").json()["reason"] == "checking: Ray does not answer; it is asked again"
    ray.away = False
    await check()
    assert http.get("/api/v1/datasets/digits").json()["state"] == "ready"


async def test_a_check_that_a_restarted_ray_forgot_is_tried_again(
    http: TestClient, data: Path, checks: Checks, check: Round, ray: FakeRay, database: Database
) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    await checks.run_once()
    ray.jobs.clear()
    await checks.run_once()
    checks.clock = lambda: time.monotonic() + 60
    await checks.run_once()
    await check()
    assert http.get("/api/v1/datasets/digits").json()["state"] == "ready"
    assert len(ray.submitted) == 2


async def test_a_check_that_takes_too_long_is_stopped(
    http: TestClient, data: Path, checks: Checks, ray: FakeRay, database: Database
) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    await checks.run_once()
    async with database.writing() as session:  # as a reconciler with another clock would have written it
        await session.execute(update(CheckRow).values(submitted_at=utc_now() - timedelta(seconds=3600)))
    await checks.run_once()
    assert ray.stopped == []
    checks.clock = lambda: time.monotonic() + 601
    await checks.run_once()
    assert ray.stopped == ray.submitted[:1]
    assert "it took more than 600 s" in http.get("/api/v1/datasets/digits").json()["reason"]


async def test_at_most_two_checks_run_at_a_time(http: TestClient, checks: Checks, ray: FakeRay) -> None:
    for name in ("a", "b", "c"):
        http.post("/api/v1/datasets", json=a_dataset(name=name))
    await checks.run_once()
    await checks.run_once()
    assert len(ray.submitted) == 2


WRONG = {
    "name": (a_dataset(name="Digits!"), "name"),
    "path out of the data root": (a_dataset(train={"images": "../x", "annotations": "a.json"}), "train.images"),
    "absolute path": (a_dataset(val={"images": "v", "annotations": "/etc/passwd"}), "val.annotations"),
    "list of images elsewhere": (
        a_dataset(train={"images": "t", "annotations": "a", "format": "voc", "image_list": "/etc/passwd"}),
        "train.image_list",
    ),
    "unknown key": (a_dataset(labels="x"), "labels"),
    "no split": ({"name": "digits", "train": SPLITS["train"]}, "val"),
    "control characters": (a_dataset(description="a\x01b"), "description"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_registration_names_the_field(http: TestClient, case: str) -> None:
    body, field = WRONG[case]
    answer = http.post("/api/v1/datasets", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_folders_that_the_settings_add_may_be_named(http: TestClient, settings: Settings) -> None:
    inside = {"images": str(settings.data / "v"), "annotations": str(settings.data / "v.json")}
    assert http.post("/api/v1/datasets", json=a_dataset(val=inside)).status_code == 201


def test_a_name_belongs_to_its_project(http: TestClient) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    answer = http.post("/api/v1/datasets", json=a_dataset(project="cars"))
    assert answer.status_code == 409
    assert "belongs to a data set of another project" in answer.json()["detail"]


async def test_a_deleted_data_set_is_gone_and_its_versions_go_on_counting(
    http: TestClient, data: Path, check: Round
) -> None:
    http.post("/api/v1/datasets", json=a_dataset())
    assert http.delete("/api/v1/datasets/digits").status_code == 204
    assert http.get("/api/v1/datasets/digits").status_code == 404
    assert http.get("/api/v1/datasets").json()["items"] == []
    assert http.delete("/api/v1/datasets/digits").status_code == 404
    assert http.post("/api/v1/datasets", json=a_dataset()).json()["version"] == 2


def test_lists_are_paged_and_filtered(http: TestClient) -> None:
    for name, project in (("a", "default"), ("b", "cars"), ("c", "default")):
        http.post("/api/v1/datasets", json=a_dataset(name=name, project=project, description=f"the {name}"))
    page = http.get("/api/v1/datasets?limit=2").json()
    assert [item["name"] for item in page["items"]] == ["c", "b"]
    rest = http.get("/api/v1/datasets", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [item["name"] for item in rest["items"]] == ["a"]
    assert rest["next_cursor"] is None
    assert [item["name"] for item in http.get("/api/v1/datasets?project=cars").json()["items"]] == ["b"]
    assert [item["name"] for item in http.get("/api/v1/datasets?text=THE A").json()["items"]] == ["a"]
