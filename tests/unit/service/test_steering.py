"""Steering a running sweep and training its winner again."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from service.db import Database
from service.db.base import utc_now
from service.reconciler.steering import Steerer
from service.settings import Settings
from service.store import open_store
from service.sweeps.models import TrialRow
from tests.unit.service.factories import sweep_spec
from workers.spec import JobFolder, Steering
from workers.spec.layout import read_whole

WEIGHT = "distillation.losses.feature_imitation.weight"


def submitted(http: TestClient, **changes: Any) -> str:
    reply = http.post("/api/v1/sweeps", json=sweep_spec(**changes))
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def add_trial(database: Database, sweep_id: str, number: int, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "job_id": sweep_id, "number": number, "state": "succeeded", "role": "search", "seed": 0, "repeats": None,
        "parameters": {WEIGHT: 30.0 * number}, "metrics": {}, "objective": 10.0 * number, "further_objectives": [],
        "reports": [], "seconds": 1.0, "step": 4, "started_at": utc_now(), "ended_at": utc_now(), "reason": "",
    }  # fmt: skip
    async with database.writing() as session:
        session.add(TrialRow(**{**fields, **changes}))


async def test_requests_add_up_in_the_file_of_the_driver(
    http: TestClient, database: Database, settings: Settings
) -> None:
    sweep_id = submitted(http, budget={"gpu_hours": 2})
    requests: list[dict[str, Any]] = [
        {"more_trials": 3, "more_gpu_hours": 1},
        {"more_trials": 2, "more_gpu_hours": 0.5, "added_trials": [{WEIGHT: 5.0}]},
        {"end_search": True},
    ]
    for request in requests:
        assert http.post(f"/api/v1/sweeps/{sweep_id}/steer", json=request).status_code == 200
    steerer = Steerer(database, open_store(settings))
    await steerer.hand_over(sweep_id, scratch_after=0)
    found = read_whole(JobFolder(settings.storage, sweep_id).steering, Steering)
    assert found == Steering(more_trials=5, more_gpu_hours=1.5, added_trials=({WEIGHT: 5.0},), end_search=True)


async def test_a_sweep_that_nobody_steers_has_no_file(http: TestClient, database: Database, settings: Settings) -> None:
    sweep_id = submitted(http)
    await Steerer(database, open_store(settings)).hand_over(sweep_id, scratch_after=0)
    assert not JobFolder(settings.storage, sweep_id).steering.exists()


@pytest.mark.parametrize(
    ("trial", "complaint"),
    [({"num_steps": 3}, "which is no dimension"), ({WEIGHT: -1.0}, "which is outside its dimension")],
)
def test_an_added_trial_outside_the_space_is_refused(http: TestClient, trial: dict[str, Any], complaint: str) -> None:
    reply = http.post(f"/api/v1/sweeps/{submitted(http)}/steer", json={"added_trials": [trial]})
    assert reply.status_code == 422
    assert complaint in reply.json()["detail"]


def test_more_of_a_budget_that_the_sweep_does_not_have_is_refused(http: TestClient) -> None:
    sweep_id = submitted(http, budget={"gpu_hours": 2})
    reply = http.post(f"/api/v1/sweeps/{sweep_id}/steer", json={"more_wall_s": 60})
    assert reply.status_code == 422
    assert "the sweep has none" in reply.json()["detail"]
    assert http.post(f"/api/v1/sweeps/{sweep_id}/steer", json={"more_gpu_hours": 1.5}).status_code == 200


def test_a_sweep_that_has_ended_cannot_be_steered(http: TestClient) -> None:
    sweep_id = submitted(http)
    http.post(f"/api/v1/sweeps/{sweep_id}/cancel")
    assert http.post(f"/api/v1/sweeps/{sweep_id}/steer", json={"more_trials": 1}).status_code == 409


async def test_a_running_trial_is_stopped_once_and_an_ended_one_not(
    http: TestClient, database: Database, settings: Settings
) -> None:
    sweep_id = submitted(http)
    await add_trial(database, sweep_id, 1)
    await add_trial(database, sweep_id, 2, state="running", ended_at=None)
    assert http.post(f"/api/v1/sweeps/{sweep_id}/trials/1/stop").status_code == 409
    assert http.post(f"/api/v1/sweeps/{sweep_id}/trials/7/stop").status_code == 404
    for _ in range(2):
        assert http.post(f"/api/v1/sweeps/{sweep_id}/trials/2/stop").status_code == 200
    await Steerer(database, open_store(settings)).hand_over(sweep_id, scratch_after=0)
    found = read_whole(JobFolder(settings.storage, sweep_id).steering, Steering)
    assert found == Steering(stop_trials=(2,))


async def test_the_winner_is_trained_again_as_a_job(http: TestClient, database: Database) -> None:
    sweep_id = submitted(http)
    assert http.post(f"/api/v1/sweeps/{sweep_id}/retrain", json={}).status_code == 409
    for number in (1, 2):
        await add_trial(database, sweep_id, number)
    reply = http.post(f"/api/v1/sweeps/{sweep_id}/retrain", json={"num_steps": 77, "seed": 5})
    assert reply.status_code == 201, reply.text
    training = reply.json()["spec"]["training"]
    weights = {loss["name"]: loss["weight"] for loss in training["distillation"]["losses"]}
    assert (weights["feature_imitation"], training["num_steps"], training["seed"]) == (60.0, 77, 5)
    assert reply.json()["name"].endswith(" #2")


async def test_any_trial_can_be_trained_again(http: TestClient, database: Database) -> None:
    sweep_id = submitted(http)
    for number in (1, 2):
        await add_trial(database, sweep_id, number)
    reply = http.post(f"/api/v1/sweeps/{sweep_id}/retrain", json={"trial": 1, "name": "again"})
    assert reply.json()["name"] == "again"
    assert http.post(f"/api/v1/sweeps/{sweep_id}/retrain", json={"trial": 9}).status_code == 404


async def test_a_fork_starts_from_what_was_found(http: TestClient, database: Database) -> None:
    sweep_id = submitted(http)
    await add_trial(database, sweep_id, 1)
    await add_trial(database, sweep_id, 2, state="stopped")
    narrow = {"kind": "uniform", "low": 10, "high": 100, "log": True}
    reply = http.post(f"/api/v1/sweeps/{sweep_id}/fork", json={"edits": {"space": {WEIGHT: narrow}}})
    assert reply.status_code == 201, reply.text
    spec = reply.json()["spec"]
    assert spec["past_trials"] == [{"parameters": {WEIGHT: 30.0}, "objective": 10.0, "further_objectives": []}]
    assert spec["space"][WEIGHT]["high"] == 100
    assert reply.json()["cloned_from"] == sweep_id
