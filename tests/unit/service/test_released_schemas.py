"""Databases of every released schema, with rows in them, brought forward to the tables of today.

`released/REVISION.DATABASE.sql` is what a release left behind and is never edited. A release with migrations adds its
own two files (`sqlite3 FILE .dump`, `pg_dump --inserts --no-owner --no-privileges`, without psql's own commands).
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from starlette.testclient import TestClient

from service.db import Database, pending_migrations
from service.db.migrate import migrate_async
from service.db.models import Base
from service.settings import Settings
from tests.unit.service.factories import job_spec, settings_in
from tests.unit.service.world import World

RELEASED = Path(__file__).parent / "released"
REVISIONS = sorted({path.name.split(".")[0] for path in RELEASED.glob("*.sql")})
STATES = {
    "succeeded": "succeeded",
    "failed": "failed",
    "search": "running",
    "running": "running",
    "cancelling": "cancelling",
    "queued": "queued",
    "cancelled": "cancelled",
}


@pytest.fixture(params=REVISIONS)
def database_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database as a release left it, in place of one with today's tables."""
    script = (RELEASED / f"{request.param}.{database_kind}.sql").read_text(encoding="utf-8")
    if database_kind == "sqlite":
        connection = sqlite3.connect(tmp_path / "stillhouse.db")
        connection.executescript(script)
        connection.close()
        yield f"sqlite+aiosqlite:///{tmp_path / 'stillhouse.db'}"
        return
    databases, _ = request.getfixturevalue("postgresql")
    name = databases.create()
    with psycopg.connect(databases.url(name).replace("+psycopg", ""), autocommit=True) as server:
        server.execute(script)
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture
async def migrated_database(database_url: str) -> AsyncIterator[Database]:
    await migrate_async(database_url)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, migrated_database: Database) -> Settings:
    return settings_in(tmp_path, database_url=database_url)


async def test_it_comes_to_the_tables_of_the_models(migrated_database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with migrated_database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    assert await pending_migrations(migrated_database) == []


async def test_its_jobs_can_be_listed_shown_and_used(http: TestClient) -> None:
    jobs = http.get("/api/v1/jobs").json()["items"]
    assert {job["name"]: job["state"] for job in jobs} == STATES
    for found in jobs:
        job = http.get(f"/api/v1/jobs/{found['id']}").json()
        assert job["spec"]["name"] == found["name"]
        events = http.get(f"/api/v1/jobs/{found['id']}/events").json()["items"]
        assert events[0]["to_state"] == "queued"
        assert events[-1]["to_state"] == found["state"]
    ids = {job["name"]: job["id"] for job in jobs}
    done = http.get(f"/api/v1/jobs/{ids['succeeded']}").json()
    assert done["tags"] == ["first", "größe"]
    assert done["metrics"] == {"val/AP": 42.5, "teacher/AP": 60.25}
    assert [(attempt["number"], attempt["state"]) for attempt in done["attempts"]] == [(1, "succeeded")]
    trials = http.get(f"/api/v1/sweeps/{ids['search']}/trials").json()["items"]
    assert [(trial["number"], trial["state"], trial["objective"]) for trial in trials] == [
        (1, "succeeded", 20.0),
        (2, "running", None),
    ]
    assert http.post(f"/api/v1/jobs/{ids['queued']}/cancel").json()["state"] == "cancelled"
    assert http.post("/api/v1/jobs", json=job_spec()).status_code == 201


async def test_a_key_of_before_still_gives_the_job_of_before(http: TestClient) -> None:
    [job] = [job for job in http.get("/api/v1/jobs").json()["items"] if job["name"] == "succeeded"]
    spec = http.get(f"/api/v1/jobs/{job['id']}").json()["spec"]
    answer = http.post("/api/v1/jobs", json=spec, headers={"Idempotency-Key": "release-1"})
    assert answer.json().get("id") == job["id"], answer.text


async def test_the_reconciler_goes_on_with_its_jobs(world: World, http: TestClient) -> None:
    world.now_s += 1000
    await world.round(3)
    states = {job["name"]: job["state"] for job in http.get("/api/v1/jobs").json()["items"]}
    assert states["cancelling"] == "cancelled"
    assert states["succeeded"] == "succeeded"
