"""What a list shows beside its rows, for several jobs in one answer: curves, and what a distillation gains over."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from service.access.principal import Principal, Role, get_principal
from service.db import Database
from service.settings import Settings
from tests.unit.service.factories import distillation, sweep_spec, training
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.test_jobs_api import put, submit
from workers.journal import Journal
from workers.spec import JobFolder

CURVES = "/api/v1/jobs/metrics"
BASELINES = "/api/v1/jobs/baselines"


def curves(http: TestClient, ids: list[str], **query: object) -> dict[str, dict[str, list[float]]]:
    answer = http.get(CURVES, params={"id": ids, "key": "val/AP", **query})
    assert answer.status_code == 200, answer.text
    return {
        item["id"]: {one["key"]: [point["value"] for point in one["points"]] for one in item["series"]}
        for item in answer.json()["items"]
    }


async def test_curves_of_several_jobs_come_in_one_answer_from_journals_and_from_mlflow(
    http: TestClient, database: Database, mlflow: FakeMlflow, settings: Settings
) -> None:
    there, gone, new = (submit(http, name=name) for name in ("there", "gone", "new"))
    journal = Journal(JobFolder(settings.storage, there).journal)
    for step in range(100):
        journal.append({"val/AP": float(step), "train/loss/total": 1.0}, step=step)
    mlflow.runs["r1"] = {"val/AP": [(200, 12.5), (400, 14.0)]}
    await put(database, gone, mlflow_run_id="r1")
    found = curves(http, [there, gone, new, "job-nowhere"], max_points=10)
    assert list(found) == [there, gone, new]
    assert (len(found[there]["val/AP"]), found[there]["val/AP"][-1]) == (10, 99.0)
    assert found[gone] == {"val/AP": [12.5, 14.0]}
    assert found[new] == {}


async def test_while_mlflow_is_away_only_those_answer_whose_curves_lie_in_storage(
    http: TestClient, database: Database, mlflow: FakeMlflow, settings: Settings
) -> None:
    there, gone = (submit(http, name=name) for name in ("there", "gone"))
    Journal(JobFolder(settings.storage, there).journal).append({"val/AP": 5.0}, step=1)
    await put(database, gone, mlflow_run_id="r1")
    mlflow.away = True
    assert curves(http, [there]) == {there: {"val/AP": [5.0]}}
    assert http.get(CURVES, params={"id": [there, gone], "key": "val/AP"}).status_code == 503


def test_a_list_of_jobs_and_of_keys_is_wanted_and_has_its_bounds(http: TestClient) -> None:
    for query in ({"key": "val/AP"}, {"id": "a"}, {"id": ["a"] * 201, "key": "val/AP"}, {"id": "a", "key": ["k"] * 6}):
        assert http.get(CURVES, params=query).status_code == 422
    assert http.get(BASELINES).status_code == 422


async def ended(http: TestClient, database: Database, ap: float, **fields: Any) -> str:
    job_id = submit(http, **{"name": "plain", "training": training(), **fields})
    await put(database, job_id, state="succeeded", metrics={"val/AP": ap})
    return job_id


def over(http: TestClient, *ids: str) -> dict[str, str]:
    answer = http.get(BASELINES, params={"id": ids})
    assert answer.status_code == 200, answer.text
    return {job_id: baseline["id"] for job_id, baseline in answer.json()["by_job"].items()}


async def test_a_distillation_gains_over_the_best_training_that_differs_in_nothing_else(
    http: TestClient, database: Database
) -> None:
    taught = submit(http, name="taught", training=training(distillation=distillation()))
    await ended(http, database, 30.0)
    best = await ended(http, database, 31.5, training=training(seed=7))
    for other in ({"num_steps": 200}, {"batch_size": 32}, {"optimizer": {"kind": "sgd"}}, {"ema_decay": 0.99}):
        await ended(http, database, 60.0, training=training(**other))
    splits = {"train": {"images": "a", "annotations": "a.json"}, "val": {"images": "b", "annotations": "b.json"}}
    await ended(http, database, 60.0, training=training(data=splits))
    await ended(http, database, 60.0, project="elsewhere")
    await ended(http, database, 60.0, training=training(distillation=distillation()))
    running = submit(http, name="not over yet", training=training())
    await put(database, running, metrics={"val/AP": 60.0})
    assert over(http, taught, best, running) == {taught: best}
    assert http.get(BASELINES, params={"id": taught}).json()["by_job"][taught] == {
        "id": best,
        "name": "plain",
        "best_ap": 31.5,
    }


async def test_each_of_several_distillations_has_its_own_baseline(http: TestClient, database: Database) -> None:
    short = submit(http, name="short", training=training(distillation=distillation()))
    long = submit(http, name="long", training=training(distillation=distillation(), num_steps=500))
    alone = submit(http, name="alone", training=training(distillation=distillation(), num_steps=900))
    sweep = http.post("/api/v1/sweeps", json=sweep_spec()).json()["id"]
    first, second = (
        await ended(http, database, 30.0),
        await ended(http, database, 20.0, training=training(num_steps=500)),
    )
    assert over(http, short, long, alone, sweep) == {short: first, long: second}


async def test_nothing_is_told_of_projects_that_may_not_be_seen(
    http: TestClient, app: FastAPI, database: Database, settings: Settings
) -> None:
    fields = {"project": "secret", "training": training(distillation=distillation())}
    hidden = submit(http, name="taught", **fields)
    await ended(http, database, 30.0, project="secret")
    Journal(JobFolder(settings.storage, hidden).journal).append({"val/AP": 5.0}, step=1)
    assert (len(over(http, hidden)), len(curves(http, [hidden]))) == (1, 1)
    app.dependency_overrides[get_principal] = lambda: Principal("eve", {"elsewhere": Role.VIEWER})
    try:
        assert over(http, hidden) == {}
        assert curves(http, [hidden]) == {}
    finally:
        app.dependency_overrides.clear()
