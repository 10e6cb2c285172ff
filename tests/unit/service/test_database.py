"""Tables, migrations and the lease."""

from __future__ import annotations

import asyncio
import json
import math
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from service.db import Database, migrate, pending_migrations
from service.db.base import utc_now
from service.db.clock import database_now
from service.db.engine import read_document
from service.db.migrate import migrate_async
from service.db.models import Base
from service.reconciler.lease import Lease


async def test_models_and_migrations_agree(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrations_are_found_pending_applied_once_and_named(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    database = Database(url)
    assert (await pending_migrations(database))[0] == "0001"
    await migrate_async(url)
    await migrate_async(url)
    assert await pending_migrations(database) == []
    await database.close()


def test_migrate_makes_the_folder(tmp_path: Path) -> None:
    migrate(f"sqlite+aiosqlite:///{tmp_path / 'a' / 'b.db'}")
    assert (tmp_path / "a" / "b.db").is_file()


async def test_sqlite_keeps_what_it_promises(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL needs no such settings")
    async with database.reading() as session:
        pragmas = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar() for name in ("journal_mode", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}


async def test_an_error_rolls_everything_back(database: Database) -> None:
    async def half_a_request() -> None:
        async with database.writing() as session:
            await session.execute(text("INSERT INTO leases (name, holder, expires_at) VALUES ('a', 'b', '2026-01-01')"))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await half_a_request()
    async with database.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM leases"))).scalar() == 0


async def test_one_holds_the_lease_and_another_takes_over_when_it_runs_out(database: Database) -> None:
    first, second = Lease(database, duration_s=0.3), Lease(database, duration_s=0.3)
    assert await first.acquire()
    assert not await second.acquire()
    assert await first.acquire(), "it can be prolonged"
    await asyncio.sleep(0.4)
    assert await second.acquire()
    assert not await first.acquire()
    await first.release()
    assert not await first.acquire(), "only the holder gives it back"
    await second.release()
    assert await first.acquire()


async def test_a_lease_that_a_set_back_clock_has_left_in_the_future_is_taken_when_nobody_prolongs_it(
    database: Database,
) -> None:
    now_s = 0.0
    dead = Lease(database, duration_s=3600)
    assert await dead.acquire()
    standby = Lease(database, duration_s=10, clock=lambda: now_s)
    assert not await standby.acquire()
    now_s = 6.0
    assert await dead.acquire(), "it was alive after all"
    assert not await standby.acquire()
    now_s = 15.0
    assert not await standby.acquire()
    now_s = 16.5
    assert await standby.acquire()
    assert not await dead.acquire()


async def test_who_holds_the_lease_stops_to_believe_that_when_it_could_not_prolong_it(database: Database) -> None:
    now_s = 0.0
    lease = Lease(database, duration_s=10, clock=lambda: now_s)
    assert not lease.is_held
    assert await lease.acquire()
    now_s = 9.9
    assert lease.is_held
    now_s = 10.0
    assert not lease.is_held


async def test_the_database_tells_the_time_that_all_processes_share(database: Database) -> None:
    async with database.reading() as session:
        first = await database_now(session)
        await asyncio.sleep(0.05)
        assert abs(first - utc_now()) < timedelta(minutes=1)
        assert await database_now(session) > first, "also within one transaction"


@pytest.mark.parametrize("document", [{"a": [1, 2.5, None, True]}, 10**30, 5e-324, -0.0, "\udcff", math.inf])
def test_a_document_is_read_as_it_was_written(document: object) -> None:
    assert read_document(json.dumps(document)) == document


def test_what_is_no_json_is_no_document() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        read_document("{")
