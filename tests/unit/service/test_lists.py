"""Lists of jobs: filters, orders, pages and counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.access.principal import Principal, Role, get_principal
from service.db import Database
from service.jobs.listing import SORTS
from tests.unit.service.factories import distillation, sweep_spec, training
from tests.unit.service.test_jobs_api import put, submit


def ids(http: TestClient, path: str = "jobs", **query: object) -> list[str]:
    response = http.get(f"/api/v1/{path}", params=query)
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


def test_a_list_is_cut_down_by_tag_teacher_student_and_text(http: TestClient) -> None:
    taught = submit(http, name="Größe", tags=["a", "night run"], training=training(distillation=distillation()))
    plain = submit(http, name="plain", tags=["a"], project="boats")
    assert ids(http, tag="a") == [plain, taught]
    assert ids(http, tag=["a", "night run"]) == [taught], "all tags that are asked for"
    assert ids(http, tag="night") == [], "a tag is whole"
    assert ids(http, teacher="DIGITS.safe") == [taught]
    assert ids(http, student="retinanet") == ids(http, student="ResNet") == [plain, taught]
    assert ids(http, text="GRÖSSE") == [taught], "case does not matter in any language"
    assert ids(http, text="night") == [taught]
    assert ids(http, project=["boats", "default"], state="queued", kind="job") == [plain, taught]
    shown = http.get("/api/v1/jobs", params={"tag": "night run"}).json()["items"][0]
    assert (shown["teacher"], shown["student"]) == ("teachers/digits.safetensors", "retinanet resnet")


@pytest.mark.parametrize("sort", SORTS)
async def test_every_order_pages_through_all_jobs_once(http: TestClient, database: Database, sort: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = [submit(http, name=name, priority=priority) for name, priority in zip("bAcBa", (1, 0, 1, 0, 1), strict=True)]
    for number, (job_id, ap) in enumerate(zip(made, (40.0, None, 50.0, 40.0, None), strict=True)):
        metrics = {} if ap is None else {"val/AP": ap}
        state = "running" if number == 3 else "queued"
        await put(database, job_id, metrics=metrics, state=state, updated_at=start + timedelta(hours=number % 2))
    whole = ids(http, sort=sort)
    paged: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = http.get("/api/v1/jobs", params={"sort": sort, "limit": 2, **cursor}).json()
        paged += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    first, second, third, fourth, fifth = made
    assert paged == whole
    assert (
        whole
        == {
            "created": made,
            "-created": made[::-1],
            "updated": [first, third, fifth, second, fourth],
            "-updated": [fourth, second, fifth, third, first],
            "priority": [second, fourth, first, third, fifth],
            "-priority": [fifth, third, first, fourth, second],
            "name": [second, fifth, first, fourth, third],
            "-name": [third, fourth, first, fifth, second],
            "state": [fourth, first, second, third, fifth],
            "-state": [fifth, third, second, first, fourth],
            "-ap": [third, fourth, first, fifth, second],
            "ap": [first, fourth, third, second, fifth],
        }[sort]
    )


async def test_the_best_ap_stays_when_later_ones_are_lower(http: TestClient, database: Database) -> None:
    job_id = submit(http)
    for ap in (30.0, 42.5, 41.0):
        await put(database, job_id, metrics={"val/AP": ap})
    job = http.get(f"/api/v1/jobs/{job_id}").json()
    assert (job["best_ap"], job["metrics"]) == (42.5, {"val/AP": 41.0})


def test_a_cursor_belongs_to_one_order(http: TestClient) -> None:
    submit(http), submit(http)
    cursor = http.get("/api/v1/jobs?limit=1&sort=name").json()["next_cursor"]
    wrong = http.get("/api/v1/jobs", params={"cursor": cursor, "sort": "-ap"})
    assert wrong.status_code == 422
    assert "sorted by name" in wrong.json()["detail"]


@pytest.mark.parametrize("cursor", ["bnVsbA", "WyJ4Il0", "W10", "WyJuYW1lIixbXSwxXQ", "ZGVlcA" * 100, "[]", "é"])
def test_a_cursor_that_was_made_up_is_refused(http: TestClient, cursor: str) -> None:
    job_id = submit(http)
    assert http.get("/api/v1/jobs", params={"cursor": cursor}).status_code == 422
    assert http.get(f"/api/v1/jobs/{job_id}/events", params={"cursor": cursor}).status_code == 422


@pytest.mark.parametrize("query", ["text=%00", "tag=a%0A", "project=%07", "teacher=%1f", "tag=", "sort=age", "limit=0"])
def test_a_query_that_makes_no_sense_is_refused(http: TestClient, query: str) -> None:
    response = http.get(f"/api/v1/jobs?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == query.partition("=")[0]


async def test_jobs_are_counted_by_state(http: TestClient, database: Database) -> None:
    submit(http), submit(http, project="boats")
    await put(database, submit(http), state="running")
    http.post("/api/v1/sweeps", json=sweep_spec())
    counts = http.get("/api/v1/jobs/counts").json()
    assert counts["total"] == 4
    assert (counts["by_state"]["queued"], counts["by_state"]["running"], counts["by_state"]["failed"]) == (3, 1, 0)
    assert http.get("/api/v1/jobs/counts?project=boats").json()["total"] == 1
    assert http.get("/api/v1/jobs/counts?kind=sweep").json()["total"] == 1


def test_only_projects_that_one_may_see_are_listed_and_counted(http: TestClient, app: FastAPI) -> None:
    mine = submit(http, project="cars")
    submit(http, project="boats")
    app.dependency_overrides[get_principal] = lambda: Principal("ada", {"cars": Role.VIEWER})
    try:
        assert ids(http) == [mine]
        assert ids(http, project="boats") == ids(http, "sweeps") == []
        assert http.get("/api/v1/jobs/counts").json()["total"] == 1
    finally:
        app.dependency_overrides.clear()
