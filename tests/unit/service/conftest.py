"""A service on a fresh database, with a fake Ray and a fake MLflow."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from service.access.owner import owner_token
from service.api import Server
from service.app import create_app
from service.cli import main, output
from service.clients.mlflow import MlflowClient
from service.clients.ray import RayClient
from service.context import Context
from service.db import Database
from service.http.dashboard import DIST
from service.sdk import Client
from service.settings import Settings
from tests.unit.service.factories import bearer, settings_in
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from tests.unit.service.world import World


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    for name in [name for name in os.environ if name.startswith("STILLHOUSE_")]:
        del os.environ[name]
    return settings_in(tmp_path, database_url=database_url)


@pytest.fixture
def owner(settings: Settings) -> dict[str, str]:
    """Headers that make a request the owner's."""
    return bearer(owner_token(settings.database_url, settings.state))


@pytest.fixture
def ray() -> FakeRay:
    return FakeRay()


@pytest.fixture
def mlflow() -> FakeMlflow:
    return FakeMlflow()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
def world(settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow) -> World:
    return World(settings, database, ray, mlflow)


@pytest.fixture(scope="session")
def shared_app() -> FastAPI:
    """Building the application is slow; what it works on is each test's own."""
    return create_app(context_factory=lambda: _contexts[-1]())


_contexts: list[Callable[[], Context]] = []


@pytest.fixture
def app(shared_app: FastAPI, settings: Settings, ray: FakeRay, mlflow: FakeMlflow) -> Iterator[FastAPI]:
    def context() -> Context:
        mlflow_http = httpx.AsyncClient(base_url=settings.mlflow_url, transport=mlflow)
        return Context(
            settings=settings,
            database=Database(settings.database_url),
            ray=RayClient(httpx.AsyncClient(base_url=settings.ray_url, transport=ray)),
            mlflow=MlflowClient(mlflow_http),
            mlflow_http=mlflow_http,
        )

    _contexts.append(context)
    yield shared_app
    _contexts.pop()
    shared_app.state.web_dist = DIST


@pytest.fixture
def http(app: FastAPI, owner: dict[str, str]) -> Iterator[TestClient]:
    """A client that is the owner, unless a request has an Authorization header of its own."""
    with TestClient(app, raise_server_exceptions=False, headers=owner) as client:
        yield client


@pytest.fixture
def run(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command of `stillhouse` against the application without a network."""

    class Connected(Client):
        def __init__(self, url: str | None = None, **_: object) -> None:
            super().__init__("http://testserver", http=http)

    monkeypatch.setattr(output, "Client", Connected)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments: object, **how: Any) -> Result:
        return CliRunner().invoke(main.app, [str(argument) for argument in arguments], **how)

    return invoke


@pytest.fixture
def url(app: FastAPI) -> Iterator[str]:
    """The application on a port, for clients in other processes."""
    server = Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
