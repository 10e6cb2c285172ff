"""The service's database layer on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from service.access.owner import owner_token
from service.access.principal import OWNER
from service.app import create_app
from service.clients.mlflow import MlflowClient
from service.db import Database, migrate
from service.jobs.listing import SORTS
from service.jobs.models import EventRow
from service.settings import Settings
from service.store import open_store
from service.streams.feed import Feed
from service.streams.logic import Streams, stream_all
from tests.postgresql import server
from tests.unit.service.factories import bearer, job_spec, settings_in, sweep_spec
from tests.unit.service.sse import Reader


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The URL of a server with an empty database."""
    with server() as databases:
        yield databases.url(databases.create())


@pytest.fixture(scope="module")
def settings(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    migrate(postgresql)
    migrate(postgresql)  # a second time changes nothing
    return settings_in(Path(tmp_path_factory.mktemp("state")), database_url=postgresql)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    token = owner_token(settings.database_url, settings.state)
    with TestClient(create_app(settings), headers=bearer(token)) as client:
        yield client


def test_jobs_and_sweeps_are_kept_listed_and_cancelled(client: TestClient) -> None:
    job = client.post("/api/v1/jobs", json=job_spec()).json()
    sweep = client.post("/api/v1/sweeps", json=sweep_spec()).json()
    assert [found["id"] for found in client.get("/api/v1/jobs?limit=2").json()["items"]] == [sweep["id"], job["id"]]
    page = client.get("/api/v1/jobs?limit=1").json()
    rest = client.get("/api/v1/jobs", params={"limit": 1, "cursor": page["next_cursor"]}).json()
    assert [found["id"] for found in rest["items"]] == [job["id"]]
    assert client.get(f"/api/v1/jobs/{job['id']}").json()["spec"] == job["spec"]
    assert client.post(f"/api/v1/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    events = client.get(f"/api/v1/jobs/{job['id']}/events").json()["items"]
    assert [event["to_state"] for event in events] == ["queued", "cancelled"]


def test_twenty_posts_at_once_with_one_key_make_one_job(client: TestClient) -> None:
    def post(_: int) -> str:
        answer = client.post("/api/v1/jobs", json=job_spec(name="once"), headers={"Idempotency-Key": "only-one"})
        assert answer.is_success, answer.text
        return str(answer.json()["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(20)))) == 1


def test_lists_are_filtered_sorted_paged_and_counted(client: TestClient) -> None:
    made = [
        client.post("/api/v1/jobs", json=job_spec(name=name, project="lists", tags=["a b", name])).json()["id"]
        for name in ("one", "Two of 3", "three")
    ]
    for sort in SORTS:
        query = {"project": "lists", "sort": sort, "limit": 2}
        first = client.get("/api/v1/jobs", params=query).json()
        rest = client.get("/api/v1/jobs", params={**query, "cursor": first["next_cursor"]}).json()
        assert sorted(job["id"] for job in first["items"] + rest["items"]) == sorted(made), sort
    for query in ({"tag": ["a b", "Two of 3"]}, {"text": "TWO OF"}, {"student": "resnet", "text": "two of"}):
        assert [job["id"] for job in client.get("/api/v1/jobs", params=query).json()["items"]] == [made[1]], query
    assert client.get("/api/v1/jobs/counts?project=lists").json()["by_state"]["queued"] == 3


async def test_a_late_commit_of_a_lower_id_is_not_passed_over_by_a_stream(
    settings: Settings, client: TestClient
) -> None:
    job_id = client.post("/api/v1/jobs", json=job_spec(name="late")).json()["id"]
    database = Database(settings.database_url)
    nobody = MlflowClient(httpx.AsyncClient(base_url="http://127.0.0.1:9"))
    streams = Streams(database, nobody, store=open_store(settings))
    streams.feed = Feed(database, poll_s=0.02)
    await streams.feed.ready()
    reader = Reader(stream_all(streams, OWNER, None))
    await reader.next("open")

    def event(cause: str) -> EventRow:
        at = datetime.now(UTC)
        return EventRow(job_id=job_id, at=at, from_state="queued", to_state="queued", cause=cause, actor="test")

    async with database.writing() as slow:
        slow.add(event("slow"))
        await slow.flush()
        async with database.writing() as fast:
            fast.add(event("fast"))
        await asyncio.sleep(0.3)
    seen = [(await reader.next("state")).data["event"] for _ in range(2)]
    assert [one["cause"] for one in seen] == ["slow", "fast"]
    assert seen[0]["id"] < seen[1]["id"]
    with suppress(RuntimeError):
        async with database.writing() as lost:
            lost.add(event("rolled back"))
            await lost.flush()
            raise RuntimeError
    async with database.writing() as session:
        session.add(event("after a gap that stays"))
    assert (await reader.next("state")).data["event"]["cause"] == "after a gap that stays"
    await reader.close()
    await streams.feed.stop()
    await database.close()
