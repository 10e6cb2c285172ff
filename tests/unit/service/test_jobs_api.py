"""Submitting, listing, showing and cancelling over HTTP."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.db import Database
from service.jobs.lifecycle import JobState
from service.jobs.models import AttemptRow
from service.jobs.repository import JobRepository
from service.settings import Settings
from service.sweeps.models import TrialRow
from tests.unit.service.factories import job_spec, sweep_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from workers.spec import JobFolder


def submit(http: TestClient, **fields: object) -> str:
    response = http.post("/api/v1/jobs", json=job_spec(**fields))
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def put(database: Database, job_id: str, **fields: object) -> None:
    """Set columns of a job as the reconciler would."""
    async with database.writing() as session:
        job = await JobRepository(session).get(job_id)
        assert job is not None
        for name, value in fields.items():
            setattr(job, name, value)


async def add_attempt(database: Database, job_id: str, number: int = 1, *, ended: bool = False) -> None:
    now = datetime.now(UTC)
    async with database.writing() as session:
        session.add(
            AttemptRow(
                job_id=job_id,
                number=number,
                submission_id=f"{job_id}-{number}",
                state="succeeded" if ended else "running",
                created_at=now,
                ended_at=now if ended else None,
            )
        )
    await put(database, job_id, attempt=number)


def test_a_submitted_job_is_queued_and_has_an_address(http: TestClient) -> None:
    response = http.post("/api/v1/jobs", json=job_spec(tags=["a"], priority=3))
    assert response.status_code == 201
    job = response.json()
    assert response.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert job["state"] == "queued"
    assert job["spec"]["training"]["student"]["kind"] == "retinanet", "defaults are filled in"
    assert http.get(response.headers["location"]).json() == job


def test_the_same_key_gives_the_same_job(http: TestClient) -> None:
    first, again = (http.post("/api/v1/jobs", json=job_spec(), headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert again.status_code == 201
    assert again.json()["id"] == first.json()["id"]
    assert len(http.get("/api/v1/jobs").json()["items"]) == 1


def test_the_same_key_with_another_body_is_refused(http: TestClient) -> None:
    http.post("/api/v1/jobs", json=job_spec(), headers={"Idempotency-Key": "k"})
    for path, body in (("jobs", job_spec(name="other")), ("sweeps", sweep_spec())):
        response = http.post(f"/api/v1/{path}", json=body, headers={"Idempotency-Key": "k"})
        assert response.status_code == 422
        assert response.json()["type"].endswith("idempotency-key-reused")


async def test_fifty_posts_at_once_with_one_key_make_one_job(app: FastAPI, owner: dict[str, str]) -> None:
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=owner) as client:
            posts = [client.post("/api/v1/jobs", json=job_spec(), headers={"Idempotency-Key": "k"}) for _ in range(50)]
            answers = await asyncio.gather(*posts)
            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.json()["id"] for answer in answers}) == 1
            listed = (await client.get("/api/v1/jobs")).json()["items"]
    assert len(listed) == 1


def test_pages_hold_every_job_once_while_new_ones_arrive(http: TestClient) -> None:
    ids = [submit(http, name=f"n{number}") for number in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = http.get("/api/v1/jobs", params=query).json()
        seen += [job["id"] for job in page["items"]]
        submit(http, name="late")
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]
    oldest = http.get("/api/v1/jobs", params={"sort": "created", "limit": 2}).json()
    assert [job["id"] for job in oldest["items"]] == ids[:2]


async def test_lists_are_filtered(http: TestClient, database: Database) -> None:
    first = submit(http, name="Teacher run", project="digits")
    second = submit(http, name="50% wider_net")
    sweep = http.post("/api/v1/sweeps", json=sweep_spec()).json()["id"]
    await put(database, first, state="running")

    def ids(**query: object) -> list[str]:
        return [job["id"] for job in http.get("/api/v1/jobs", params=query).json()["items"]]

    assert ids(state="running") == [first]
    assert ids(state=["running", "queued"]) == [sweep, second, first]
    assert ids(kind="sweep") == [sweep]
    assert ids(project="digits") == [first]
    assert ids(text="teacher") == [first]
    assert ids(text="50%") == [second]
    assert ids(text="r_n") == [second], "wildcards of the database are plain text"
    assert [item["id"] for item in http.get("/api/v1/sweeps").json()["items"]] == [sweep]


@pytest.mark.parametrize("state", list(JobState))
async def test_cancel_in_every_state(http: TestClient, database: Database, state: JobState) -> None:
    job_id = submit(http)
    await put(database, job_id, state=state.value)
    response = http.post(f"/api/v1/jobs/{job_id}/cancel")
    if state in (JobState.SUCCEEDED, JobState.FAILED):
        assert response.status_code == 409
        assert f"has {state}" in response.json()["detail"]
        return
    waits = state in (JobState.QUEUED, JobState.PAUSED, JobState.CANCELLED)
    assert response.json()["state"] == ("cancelled" if waits else "cancelling")
    again = http.post(f"/api/v1/jobs/{job_id}/cancel")
    assert again.json() == response.json(), "asking twice changes nothing"


def test_events_tell_the_story_with_who_asked(http: TestClient) -> None:
    job_id = submit(http)
    http.post(f"/api/v1/jobs/{job_id}/cancel")
    events = http.get(f"/api/v1/jobs/{job_id}/events").json()["items"]
    assert [(event["from_state"], event["to_state"], event["actor"]) for event in events] == [
        (None, "queued", "owner"),
        ("queued", "cancelled", "owner"),
    ]
    page = http.get(f"/api/v1/jobs/{job_id}/events", params={"limit": 1}).json()
    rest = http.get(f"/api/v1/jobs/{job_id}/events", params={"cursor": page["next_cursor"]}).json()
    assert page["items"] + rest["items"] == events


async def test_logs_are_read_piece_by_piece_and_never_split_a_character(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = submit(http)
    assert http.get(f"/api/v1/jobs/{job_id}/logs").json() == {
        "attempt": 0,
        "text": "",
        "next_offset": 0,
        "complete": False,
    }
    await add_attempt(database, job_id, ended=True)
    text = "Größe 96 px → fertig 🎉\n" * 20
    log = JobFolder(settings.storage, job_id).log(1)
    log.parent.mkdir(parents=True)
    log.write_text(text)
    for limit in (16, 17, 18, 19, 100_000):
        read, offset = "", 0
        while True:
            chunk = http.get(f"/api/v1/jobs/{job_id}/logs", params={"offset": offset, "limit_bytes": limit}).json()
            read, offset = read + chunk["text"], chunk["next_offset"]
            if chunk["complete"]:
                break
        assert read == text
    assert http.get(f"/api/v1/jobs/{job_id}/logs?attempt=2").status_code == 404


async def test_the_log_of_a_live_attempt_waits_for_whole_characters(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = submit(http)
    await add_attempt(database, job_id)
    log = JobFolder(settings.storage, job_id).log(1)
    log.parent.mkdir(parents=True)
    log.write_bytes("aü".encode()[:-1])
    chunk = http.get(f"/api/v1/jobs/{job_id}/logs").json()
    assert (chunk["text"], chunk["next_offset"], chunk["complete"]) == ("a", 1, False)


async def test_curves_come_thinned_out_from_mlflow(http: TestClient, database: Database, mlflow: FakeMlflow) -> None:
    job_id = submit(http)
    path = f"/api/v1/jobs/{job_id}/metrics"
    assert http.get(path).json() == {"series": []}
    curve = [(step, float("nan") if step == 3 else float(step)) for step in range(1000)]
    mlflow.runs["r1"] = {"train/loss/total": curve, "val/AP": [(200, 12.5)]}
    await put(database, job_id, mlflow_run_id="r1")
    series = {one["key"]: one["points"] for one in http.get(path, params={"max_points": 50}).json()["series"]}
    assert len(series["train/loss/total"]) == 50
    assert (series["train/loss/total"][0]["step"], series["train/loss/total"][-1]["step"]) == (0, 999)
    assert series["val/AP"] == [{"step": 200, "value": 12.5, "at": "1970-01-01T00:03:20Z"}]
    all_points = http.get(path, params={"key": "train/loss/total", "max_points": 1000}).json()["series"][0]["points"]
    assert all_points[3]["value"] is None
    late = http.get(path, params={"key": ["train/loss/total", "val/AP"], "since_step": 996}).json()["series"]
    assert [[point["step"] for point in one["points"]] for one in late] == [[997, 998, 999], []]
    mlflow.largest_page = 100
    assert len(http.get(path, params={"max_points": 5000}).json()["series"][0]["points"]) == 1000, "page after page"
    mlflow.away = True
    assert http.get(path).status_code == 503


async def test_trials_are_shown_with_their_curves(http: TestClient, database: Database, mlflow: FakeMlflow) -> None:
    sweep = http.post("/api/v1/sweeps", json=sweep_spec()).json()["id"]
    now = datetime.now(UTC)
    mlflow.runs["t1"] = {"val/AP": [(200, 30.0)]}
    async with database.writing() as session:
        session.add(
            TrialRow(
                job_id=sweep,
                number=1,
                state="succeeded",
                parameters={"a.b": 2.5},
                metrics={"val/AP": 30.0},
                objective=30.0,
                step=200,
                mlflow_run_id="t1",
                started_at=now,
                reason="",
            )
        )
    await put(database, sweep, mlflow_experiment_id="7")
    trial = http.get(f"/api/v1/sweeps/{sweep}/trials").json()["items"][0]
    assert trial["parameters"] == {"a.b": 2.5}
    assert trial["mlflow_url"] == "/mlflow/#/experiments/7/runs/t1"
    curves = http.get(f"/api/v1/sweeps/{sweep}/trials/1/metrics").json()["series"]
    assert curves[0]["points"][0]["value"] == 30.0
    assert http.get(f"/api/v1/sweeps/{sweep}/trials/2/metrics").status_code == 404


def test_a_job_is_no_sweep_but_a_sweep_is_among_the_jobs(http: TestClient) -> None:
    job = submit(http)
    sweep = http.post("/api/v1/sweeps", json=sweep_spec()).json()["id"]
    for path in ("", "/trials"):
        assert http.get(f"/api/v1/sweeps/{job}{path}").status_code == 404
    assert http.post(f"/api/v1/sweeps/{job}/cancel").status_code == 404
    assert http.get(f"/api/v1/jobs/{sweep}").json()["kind"] == "sweep"
    assert http.post(f"/api/v1/sweeps/{sweep}/cancel").json()["state"] == "cancelled"


def test_a_check_answers_the_whole_spec_and_queues_nothing(http: TestClient) -> None:
    for kind, spec in (("jobs", job_spec()), ("sweeps", sweep_spec())):
        checked = http.post(f"/api/v1/{kind}/check", json=spec)
        assert checked.status_code == 200, checked.text
        assert checked.json()["training"]["optimizer"]["kind"] == "adamw"
    assert http.get("/api/v1/jobs").json()["items"] == []
    assert http.get("/api/v1/audit").json()["items"] == []


def test_a_check_refuses_with_the_words_of_a_submission(http: TestClient) -> None:
    wrong = job_spec()
    wrong["training"]["num_steps"] = "many"
    answers = [http.post(path, json=wrong) for path in ("/api/v1/jobs/check", "/api/v1/jobs")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
