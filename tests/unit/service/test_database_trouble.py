"""A database that is full or takes no changes: said clearly, read on, and over by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.testclient import TestClient

from service.app import create_app
from service.db import Database
from service.db.trouble import Trouble, trouble_of
from service.http import problems
from service.settings import Settings
from service.streams.sse import until_trouble
from tests.unit.service.factories import job_spec


class Refusal(Exception):
    """What a driver raises."""

    def __init__(self, words: str = "no", *, sqlstate: str | None = None) -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


def full_sqlite() -> DBAPIError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    return OperationalError("INSERT", None, error)


ERRORS: dict[str, tuple[Exception, Trouble | None]] = {
    "full SQLite": (full_sqlite(), Trouble.FULL),
    "full PostgreSQL": (OperationalError("INSERT", None, Refusal(sqlstate="53100")), Trouble.FULL),
    "read-only PostgreSQL": (InternalError("INSERT", None, Refusal(sqlstate="25006")), Trouble.READ_ONLY),
    "gone": (OperationalError("INSERT", None, Refusal("server closed the connection")), Trouble.AWAY),
    "no connection left": (PoolTimeout("QueuePool limit"), Trouble.AWAY),
    "a bug": (IntegrityError("INSERT", None, Refusal(sqlstate="23505")), None),
    "another bug": (InternalError("INSERT", None, Refusal(sqlstate="25P02")), None),
    "no database's": (ValueError("no"), None),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_are_told_apart(case: str) -> None:
    error, wanted = ERRORS[case]
    assert trouble_of(error) == wanted


@pytest.mark.parametrize(
    ("case", "slug", "words", "retry_after"),
    [
        ("full SQLite", "storage", "the disk of the database is full, so nothing was changed", "10"),
        ("read-only PostgreSQL", "unavailable", "the database takes no changes now", "10"),
        ("gone", "unavailable", "whether a change was made is not known", "2"),
        ("no connection left", "unavailable", "the database does not answer", "2"),
    ],
)
def test_each_trouble_is_a_503_that_says_what_it_is(case: str, slug: str, words: str, retry_after: str) -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/x")
    async def fail() -> None:
        raise ERRORS[case][0]

    answer = TestClient(app).get("/x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, retry_after)
    assert answer.headers["Content-Type"] == problems.MEDIA_TYPE
    assert answer.json()["type"].endswith(slug)
    assert words in answer.json()["detail"]


def test_a_bug_stays_a_500() -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/x")
    async def fail() -> None:
        raise ERRORS["another bug"][0]

    assert TestClient(app, raise_server_exceptions=False).get("/x").status_code == 500


async def test_a_read_only_database_is_read_and_refuses_changes(
    settings: Settings, owner: dict[str, str], database: Database
) -> None:
    """Also by a token whose use cannot be noted."""
    if database.is_sqlite:
        pytest.skip("SQLite has no such switch; its full disk is drilled")
    name = database.url.database
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    try:
        with TestClient(create_app(settings), headers=owner) as http:
            assert http.get("/api/v1/jobs").json()["items"] == []
            answer = http.post("/api/v1/jobs", json=job_spec())
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
            assert "takes no changes now" in answer.json()["detail"]
    finally:
        async with database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("SET default_transaction_read_only = off"))
            await connection.execute(text(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'))


async def test_a_stream_that_the_database_breaks_off_says_so() -> None:
    async def events() -> AsyncGenerator[bytes, None]:
        yield b"data: 1\n\n"
        raise ERRORS["gone"][0]

    said = [event async for event in until_trouble(events())]
    assert said[0] == b"data: 1\n\n"
    assert b"event: cut" in said[1]
    assert b"the database does not answer; connect again" in said[1]
