"""Cloning, changing and acting on many jobs over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from service.access.principal import Principal, Role
from service.db import Database
from service.jobs.bulk import act_on_many
from service.jobs.lifecycle import Action
from service.jobs.repository import JobRepository
from service.jobs.schemas import BulkRequest
from tests.unit.service.factories import distillation, job_spec, sweep_spec, training
from tests.unit.service.world import World


def post(http: TestClient, path: str, body: Any = None) -> Any:
    response = http.post(f"/api/v1{path}", json=body)
    assert response.is_success, response.text
    return response.json()


def test_a_clone_has_the_same_spec_with_the_edits(http: TestClient) -> None:
    first = post(http, "/jobs", job_spec(training=training(distillation=distillation()), tags=["a"]))
    response = http.post(
        f"/api/v1/jobs/{first['id']}/clone",
        json={"edits": {"name": "again", "tags": None, "training": {"num_steps": 7, "distillation": None}}},
    )
    assert response.status_code == 201
    clone = response.json()
    assert response.headers["location"] == f"/api/v1/jobs/{clone['id']}"
    assert (clone["state"], clone["cloned_from"], clone["name"], clone["tags"]) == ("queued", first["id"], "again", [])
    wanted = {**first["spec"]["training"], "num_steps": 7, "distillation": None}
    assert clone["spec"]["training"] == wanted
    [event] = http.get(f"/api/v1/jobs/{clone['id']}/events").json()["items"]
    assert event["cause"] == f"cloned from {first['id']}"


def test_a_clone_without_edits_is_the_same_again_also_of_a_sweep(http: TestClient) -> None:
    first = post(http, "/sweeps", sweep_spec())
    clone = post(http, f"/jobs/{first['id']}/clone", {})
    assert clone["kind"] == "sweep"
    assert clone["id"] != first["id"]
    assert clone["spec"] == first["spec"]


def test_wrong_edits_are_named_by_their_field(http: TestClient) -> None:
    first = post(http, "/jobs", job_spec())
    edits = {"training": {"num_steps": 0, "student": {"fpn_chanels": 32}}}
    response = http.post(f"/api/v1/jobs/{first['id']}/clone", json={"edits": edits})
    assert response.status_code == 422
    fields = {error["field"] for error in response.json()["errors"]}
    assert fields == {"training.num_steps", "training.student.fpn_chanels"}


@pytest.mark.parametrize("edits", [{"kind": "zebra"}, {"training": None}, {"training": 3}])
def test_edits_that_leave_no_spec_are_refused(http: TestClient, edits: dict[str, Any]) -> None:
    first = post(http, "/jobs", job_spec())
    response = http.post(f"/api/v1/jobs/{first['id']}/clone", json={"edits": edits})
    assert response.status_code == 422
    assert response.json()["errors"]


def test_a_clone_is_made_once_for_one_key(http: TestClient) -> None:
    first = post(http, "/jobs", job_spec())
    made = {
        http.post(f"/api/v1/jobs/{first['id']}/clone", json={}, headers={"Idempotency-Key": "k"}).json()["id"]
        for _ in range(3)
    }
    assert len(made) == 1


def test_name_tags_and_priority_can_change(http: TestClient) -> None:
    job = post(http, "/jobs", job_spec())
    response = http.patch(f"/api/v1/jobs/{job['id']}", json={"priority": 7, "tags": ["b"], "name": "new"})
    assert response.status_code == 200
    changed = response.json()
    assert (changed["priority"], changed["tags"], changed["name"]) == (7, ["b"], "new")
    assert changed["spec"]["priority"] == 7
    note = http.get(f"/api/v1/jobs/{job['id']}/events").json()["items"][-1]
    assert (note["from_state"], note["to_state"], note["actor"]) == ("queued", "queued", "owner")
    assert "priority from 0 to 7" in note["cause"]
    assert http.patch(f"/api/v1/jobs/{job['id']}", json={"name": "new"}).json() == changed, "nothing new, no event"


def test_a_change_of_what_has_changed_meanwhile_is_refused(http: TestClient) -> None:
    job_id = post(http, "/jobs", job_spec())["id"]
    seen = http.get(f"/api/v1/jobs/{job_id}").headers["etag"]
    assert http.patch(f"/api/v1/jobs/{job_id}", json={"priority": 1}, headers={"If-Match": seen}).status_code == 200
    late = http.patch(f"/api/v1/jobs/{job_id}", json={"priority": 2}, headers={"If-Match": seen})
    assert late.status_code == 412
    assert http.get(f"/api/v1/jobs/{job_id}").json()["priority"] == 1


@pytest.mark.parametrize("patch", [{"state": "paused"}, {"name": None}, {"name": ""}, {"priority": 101}, {"tags": "a"}])
def test_other_changes_are_refused(http: TestClient, patch: dict[str, Any]) -> None:
    job = post(http, "/jobs", job_spec())
    assert http.patch(f"/api/v1/jobs/{job['id']}", json=patch).status_code == 422


def test_the_priority_of_an_ended_job_is_past(http: TestClient) -> None:
    job = post(http, "/jobs", job_spec())
    post(http, f"/jobs/{job['id']}/cancel")
    assert http.patch(f"/api/v1/jobs/{job['id']}", json={"priority": 3}).status_code == 409
    assert http.patch(f"/api/v1/jobs/{job['id']}", json={"tags": ["kept"]}).status_code == 200


async def test_a_new_priority_holds_in_the_next_round(world: World, http: TestClient) -> None:
    world.ray.cpus = 1
    older, newer = await world.submit(), await world.submit()
    http.patch(f"/api/v1/jobs/{newer}", json={"priority": 1})
    await world.round()
    assert world.ray.submitted == [f"{newer}-1"]
    assert (await world.job(older)).state == "queued"


def test_each_of_many_jobs_gets_its_own_answer(http: TestClient) -> None:
    waits, ended = post(http, "/jobs", job_spec())["id"], post(http, "/sweeps", sweep_spec())["id"]
    post(http, f"/jobs/{ended}/cancel")
    result = post(http, "/jobs/bulk", {"action": "pause", "ids": [waits, "nowhere", ended, waits]})
    assert [item["id"] for item in result["items"]] == [waits, "nowhere", ended]
    assert [item["state"] for item in result["items"]] == ["paused", None, None]
    assert [item["problem"] and item["problem"]["status"] for item in result["items"]] == [None, 404, 409]
    assert http.get(f"/api/v1/jobs/{waits}").json()["state"] == "paused"


@pytest.mark.parametrize(
    "body",
    [{"action": "pause", "ids": []}, {"action": "explode", "ids": ["a"]}, {"action": "pause", "ids": ["a"] * 201}],
)
def test_senseless_orders_for_many_are_refused(http: TestClient, body: dict[str, Any]) -> None:
    assert http.post("/api/v1/jobs/bulk", json=body).status_code == 422


async def test_jobs_of_other_projects_are_neither_shown_nor_touched(world: World, database: Database) -> None:
    ours, theirs = await world.submit(project="cars"), await world.submit(project="boats")
    seen = await world.submit(project="planes")
    ada = Principal("ada", {"cars": Role.EDITOR, "planes": Role.VIEWER})
    async with database.writing() as session:
        request = BulkRequest(action=Action.CANCEL, ids=[ours, theirs, seen])
        result = await act_on_many(JobRepository(session), request, ada)
    assert [item.problem and item.problem.status for item in result.items] == [None, 404, 403]
    assert (await world.job(theirs)).state == "queued"
