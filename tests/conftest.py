"""Fixtures that several folders of tests share."""

from __future__ import annotations

import argparse
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from service.db import migrate
from tests.postgresql import Databases, server
from tests.s3 import S3, s3_server
from tests.stack import RunningStack, make_data, start_stack


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        action=_Databases,
        default=["sqlite"],
        help="sqlite, postgresql or both with a comma: where the tests of the service keep their rows",
    )


class _Databases(argparse.Action):
    def __call__(self, parser: object, namespace: argparse.Namespace, values: object, option: object = None) -> None:
        kinds = str(values).split(",")
        if not set(kinds) <= {"sqlite", "postgresql"}:
            raise pytest.UsageError(f"--database is {values!r}, wanted sqlite, postgresql or sqlite,postgresql")
        namespace.database = kinds


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, copied by each test."""
    path = tmp_path_factory.mktemp("migrated") / "stillhouse.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[tuple[Databases, str]]:
    """A server, and the name of a database with all tables, which each test gets a copy of."""
    with server() as databases:
        template = databases.create()
        migrate(databases.url(template))
        yield databases, template


# What starts servers of its own, beside the stack that all others share.
OWN_SERVERS = (
    *("tests/crash/", "tests/cluster/", "tests/drills/", "test_client_install", "test_many_processes"),
    *("test_mlflow_registry", "test_openapi_fuzz", "test_postgresql", "test_storage_on_s3", "ctrl_c"),
)


class _OneStack(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """What needs the stack shares one test process, and so one stack; servers are never started by more than two."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(("tests/unit/", "tests/architecture/")):
            return nodeid
        return "servers" if any(name in nodeid for name in OWN_SERVERS) else "stack"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _OneStack:
    return _OneStack(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that need a database run on each one that `--database` names."""
    kinds = metafunc.config.getoption("--database")
    if "database_kind" in metafunc.fixturenames and len(kinds) > 1:
        metafunc.parametrize("database_kind", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", request.config.getoption("--database")[0]))


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with all tables and no rows."""
    if database_kind == "sqlite":
        path = tmp_path / "stillhouse.db"
        shutil.copy(request.getfixturevalue("migrated"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    databases, template = request.getfixturevalue("postgresql")
    name = databases.create(template)
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server, with an empty bucket for whoever asks."""
    with s3_server() as server:
        yield server


@pytest.fixture(params=["file", "memory", "s3"])
def uri(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty place in a storage of each kind that is no folder."""
    if request.param == "file":
        return f"file://{tmp_path}/objects"
    if request.param == "memory":
        return f"memory://{uuid.uuid4().hex}"
    server: S3 = request.getfixturevalue("s3")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return f"{server.bucket()}/stillhouse"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The whole stack, started once for all tests that need it; ends without a process left."""
    state = tmp_path_factory.mktemp("stack")
    make_data(state / "data")
    running = start_stack(state)
    yield running
    left = running.stop()
    assert left == [], f"these processes outlived the stack: {left}"
