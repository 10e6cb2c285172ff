"""A storage that is full: nothing is started, nothing is lost, people are told, and all goes on when there is space."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from service.jobs.lifecycle import Action
from service.reconciler import storage
from tests.unit.service.world import World
from workers.spec import JobFolder, layout


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def with_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda path: usage)


async def test_nothing_is_started_while_the_storage_is_short_and_the_reason_says_why(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_free(monkeypatch, 12 * 2**20)
    job_id = await world.submit()
    await world.round()
    job = await world.job(job_id)
    assert job.state == "queued"
    assert job.reason == (
        "queued: the storage is full: 12 MiB are free, and 256 MiB have to be (STILLHOUSE_MIN_FREE_BYTES); "
        "starts when that is over"
    )
    with_free(monkeypatch, 256 * 2**20)
    await world.round()
    assert (await world.job(job_id)).state == "starting"


async def test_a_storage_that_is_lost_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(path: Path) -> None:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    monkeypatch.setattr(storage.shutil, "disk_usage", lost)
    job_id = await world.submit()
    await world.round()
    assert "cannot be used: Stale file handle; starts when that is over" in (await world.job(job_id)).reason


async def test_an_order_that_cannot_be_written_is_written_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(JobFolder, "write_order", full)
        job_id = await world.submit()
        await world.round(3)
        job = await world.job(job_id)
        assert (job.state, world.ray.submitted) == ("starting", [])
        assert job.reason.startswith("starting: the storage does not take what has to be written (No space left")
    await world.round()
    assert world.ray.submitted == [f"{job_id}-1"]


def lose(world: World, job_id: str) -> None:
    world.ray.end(f"{job_id}-1")
    world.now_s += 6


def force(world: World, job_id: str) -> None:
    world.ray.ignore_stops = True
    world.now_s += 26


@pytest.mark.parametrize(("prepare", "action"), [(lose, None), (force, Action.PAUSE)])
async def test_no_attempt_is_taken_for_ended_without_its_fence(
    world: World, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[World, str], None], action: Action | None
) -> None:
    job_id = await world.running()
    if action is not None:
        await world.act(job_id, action)
        await world.round()
    prepare(world, job_id)
    before = (await world.job(job_id)).state
    with monkeypatch.context() as patch:
        patch.setattr(storage, "write_whole", full)
        await world.round(3)
        job = await world.job(job_id)
        assert job.state == before
        assert "the storage does not take what has to be written" in job.reason
        assert job.attempt == 1
    await world.round()
    fence = world.folder(job_id).read_fence()
    assert fence is not None
    assert fence.attempt == 2
    assert (await world.job(job_id)).state != before


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        layout.replace_whole(tmp_path / "a.json", "{}")
    assert list(tmp_path.iterdir()) == []
