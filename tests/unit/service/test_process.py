"""The reconciler's process: woken by changes, replaced when it dies, alive while the database is not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from service.reconciler.lease import Lease
from service.reconciler.process import Process, provide_folders
from service.settings import Settings
from tests.unit.service.factories import settings_in
from tests.unit.service.world import World


def process_of(world: World, **fields: object) -> Process:
    settings = Settings.model_validate({**dict(world.settings), "poll_s": 0.05, "lease_s": 2.0, **fields})
    return Process(settings, world.reconciler, Lease(world.database, duration_s=settings.lease_s))


@asynccontextmanager
async def running(process: Process) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(process.run())
    yield task
    process.stopping.set()
    with suppress(asyncio.CancelledError):
        await task


async def until(what: Callable[[], Awaitable[bool]], timeout_s: float = 10) -> None:
    deadline = time.monotonic() + timeout_s
    while not await what():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_a_new_job_wakes_the_reconciler_long_before_its_next_round(world: World) -> None:
    process = process_of(world, poll_s=60, lease_s=60)
    async with running(process):

        async def is_active() -> bool:
            return process.active

        await until(is_active)
        await asyncio.sleep(0.3)
        job_id = await world.submit()

        async def is_submitted() -> bool:
            return world.ray.submitted == [f"{job_id}-1"]

        await until(is_submitted, timeout_s=5)


async def test_a_standby_takes_over_from_one_that_was_killed(world: World) -> None:
    killed = Lease(world.database, duration_s=0.6)
    assert await killed.acquire(), "held by a process that ends without giving it back"
    first, second = process_of(world), process_of(world)
    async with running(first), running(second):
        await asyncio.sleep(0.3)
        assert not first.active
        assert not second.active

        async def one_is_active() -> bool:
            return first.active or second.active

        await until(one_is_active, timeout_s=5)
        assert not (first.active and second.active)
        job_id = await world.submit()

        async def is_submitted() -> bool:
            return world.ray.submitted == [f"{job_id}-1"]

        await until(is_submitted)


async def test_a_process_that_ends_in_order_gives_its_lease_back(world: World) -> None:
    first, second = process_of(world, lease_s=60), process_of(world, lease_s=60)
    async with running(second):
        async with running(first):

            async def one_is_active() -> bool:
                return first.active or second.active

            await until(one_is_active)
        # `first` has ended: whether it held the lease or not, `second` has it now

        async def second_is_active() -> bool:
            return second.active

        await until(second_is_active, timeout_s=5)


async def test_a_database_that_is_away_for_a_while_ends_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    process = process_of(world)
    async with running(process):

        async def is_active() -> bool:
            return process.active

        await until(is_active)
        writing, reading = world.database.writing, world.database.reading

        def away(*_: object) -> object:
            raise OperationalError("SELECT 1", None, ConnectionError("connection refused"))

        monkeypatch.setattr(world.database, "writing", away)
        monkeypatch.setattr(world.database, "reading", away)

        async def is_standing_by() -> bool:
            return not process.active

        await until(is_standing_by)
        monkeypatch.setattr(world.database, "writing", writing)
        monkeypatch.setattr(world.database, "reading", reading)
        job_id = await world.submit()

        async def is_submitted() -> bool:
            return world.ray.submitted == [f"{job_id}-1"]

        await until(is_submitted)


async def test_it_shows_that_it_lives_also_while_the_database_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    process = process_of(world, alive_file=str(tmp_path / "alive"))

    async def away(self: Lease) -> bool:
        raise OperationalError("select", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(Lease, "acquire", away)
    monkeypatch.setattr("service.reconciler.process.SHOWN_EVERY_S", 0.05)
    async with running(process):

        async def shown() -> bool:
            return (tmp_path / "alive").exists()

        await until(shown)
        (tmp_path / "alive").unlink()
        await until(shown)


def test_folders_are_made_in_a_volume_that_is_there_and_nowhere_else(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "volume")
    provide_folders(settings)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "volume").mkdir()
    provide_folders(settings)
    provide_folders(settings)
    assert settings.storage.is_dir()
    assert settings.data.is_dir()
