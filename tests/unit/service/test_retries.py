"""Retries by cause with backoff, and places that are taken and given back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.jobs.lifecycle import Action
from service.settings import Settings
from tests.unit.service.world import World
from workers.spec import RetrySpec


def test_pauses_grow_and_are_bounded() -> None:
    retry = RetrySpec(backoff_s=2, max_backoff_s=10)
    assert [retry.pause_s(losses) for losses in (1, 2, 3, 4, 900)] == [2, 4, 8, 10, 10]


async def lose(world: World, job_id: str, attempt: int = 1) -> None:
    world.ray.end(f"{job_id}-{attempt}")
    world.now_s += 6
    await world.round()


async def test_a_lost_attempt_is_followed_after_its_backoff(world: World) -> None:
    job_id = await world.running(retry={"backoff_s": 20})
    await lose(world, job_id)
    await world.round()
    job = await world.job(job_id)
    assert job.state == "queued"
    assert job.reason.startswith("queued: attempt 2 starts in 20 s; attempt 1 was lost: its process ended without")
    assert job.not_before is not None
    assert timedelta(seconds=15) < job.not_before - datetime.now(UTC) < timedelta(seconds=20)
    await world.put(job_id, not_before=datetime.now(UTC))
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.attempt, job.not_before) == ("starting", 2, None)


async def test_a_person_who_retries_does_not_wait_for_the_backoff(world: World) -> None:
    job_id = await world.running(retry={"backoff_s": 600, "max_backoff_s": 900})
    await lose(world, job_id)
    await world.act(job_id, Action.RETRY)
    await world.round()
    assert (await world.job(job_id)).attempt == 2


@pytest.mark.parametrize("cause", ["out_of_memory", "bad_input", "internal"])
async def test_what_would_fail_again_is_not_tried_again(world: World, cause: str) -> None:
    job_id = await world.running()
    world.end(job_id, outcome="failed", cause=cause, reason="CUDA out of memory at step 120; try a smaller batch")
    await world.round(3)
    job = await world.job(job_id)
    assert (job.state, job.cause, job.attempt) == ("failed", cause, 1)
    assert job.reason == "CUDA out of memory at step 120; try a smaller batch"


async def test_a_job_of_higher_priority_takes_a_place_and_gives_it_back(world: World) -> None:
    world.settings = Settings.model_validate({**dict(world.settings), "preemption": True, "preemption_min_run_s": 0})
    world.restart()
    world.ray.cpus = 1
    low = await world.running(preemptible=True)
    urgent = await world.submit(priority=5)
    await world.round()
    assert (await world.job(low)).state == "pausing"
    assert (await world.job(low)).reason == f"pausing: makes place for {urgent}, which has a higher priority"
    assert f"{low} makes place for it" in (await world.job(urgent)).reason
    await world.round(3)
    assert (await world.job(low)).state == "queued"
    assert (await world.job(low)).reason == "queued: needs 1 CPU, 0 free"
    assert (await world.job(urgent)).state == "starting"
    world.end(urgent)
    await world.round(2)
    assert world.ray.submitted == [f"{low}-1", f"{urgent}-1", f"{low}-2"]
    causes = [event.cause for event in await world.events(low)]
    assert f"makes place for {urgent}, which has a higher priority" in causes
    assert "goes back to the queue by itself" in causes
    assert (await world.job(low)).attempts[0].state == "stopped"
