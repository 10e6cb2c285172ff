"""Pause, resume and retry, and what the reconciler makes of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from service.jobs.errors import ActionRefused
from service.jobs.lifecycle import Action
from service.sweeps.repository import TrialRepository
from tests.unit.service.factories import job_spec, sweep_spec
from tests.unit.service.world import World
from workers.spec import TrialRecord


async def path(world: World, job_id: str) -> list[str]:
    return [event.to_state.value for event in await world.events(job_id)]


async def test_a_paused_job_frees_its_place_and_goes_on_when_it_is_resumed(world: World) -> None:
    world.ray.cpus = 1
    job_id = await world.running()
    waits = await world.submit()
    assert (await world.act(job_id, Action.PAUSE)).state == "pausing"
    await world.round()
    assert world.ray.stopped == [f"{job_id}-1"]
    world.end(job_id, outcome="stopped", reason="stopped on request after step 5 of 100")
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.reason) == ("paused", "paused after 5 of 100 steps")
    assert (job.attempts[0].state, job.ended_at) == ("stopped", None)
    await world.round()
    assert (await world.job(waits)).state == "starting"
    assert (await world.job(job_id)).state == "paused"
    world.ray.cpus = 2
    resumed = await world.act(job_id, Action.RESUME)
    assert resumed.reason == "queued: resumed, goes on from its newest checkpoint"
    await world.round()
    assert world.ray.submitted == [f"{job_id}-1", f"{waits}-1", f"{job_id}-2"]
    expected = ["queued", "starting", "running", "pausing", "paused", "queued", "starting"]
    assert await path(world, job_id) == expected


async def test_a_queued_job_is_paused_at_once_and_nothing_starts_it(world: World) -> None:
    job_id = await world.submit()
    job = await world.act(job_id, Action.PAUSE)
    assert (job.state, job.reason) == ("paused", "paused before it ran")
    await world.round(2)
    assert world.ray.submitted == []
    assert (await world.act(job_id, Action.RESUME)).reason == "queued: resumed, starts from the beginning"


async def test_cancel_wins_over_pause(world: World) -> None:
    job_id = await world.running()
    await world.act(job_id, Action.PAUSE)
    assert (await world.cancel(job_id)).state == "cancelling"
    with pytest.raises(ActionRefused, match="is cancelling and cannot be paused; retry it when it has stopped"):
        await world.act(job_id, Action.PAUSE)
    await world.round(2)
    assert (await world.job(job_id)).state == "cancelled"


async def test_a_paused_job_can_be_cancelled(world: World) -> None:
    job_id = await world.submit()
    await world.act(job_id, Action.PAUSE)
    assert (await world.cancel(job_id)).state == "cancelled"


async def test_an_attempt_that_ends_by_itself_while_it_is_paused_keeps_its_end(world: World) -> None:
    done, broken = await world.running(), await world.running()
    for job_id in (done, broken):
        await world.act(job_id, Action.PAUSE)
    world.end(done)
    world.end(broken, outcome="failed", cause="bad_input", reason="no such file")
    await world.round()
    assert (await world.job(done)).state == "succeeded"
    assert (await world.job(broken)).state == "failed"


async def test_an_end_marker_that_was_written_while_ray_was_asked_is_seen(world: World) -> None:
    job_id = await world.running()
    await world.act(job_id, Action.PAUSE)
    world.ray.end(f"{job_id}-1", "SUCCEEDED")
    find = world.reconciler.storage.find

    def find_and_then_end(*what: object, **how: object) -> object:
        found = find(*what, **how)  # type: ignore[arg-type]
        world.end(job_id)
        return found

    world.reconciler.storage.find = find_and_then_end  # type: ignore[method-assign, assignment]
    await world.round()
    assert (await world.job(job_id)).state == "succeeded"


async def test_an_attempt_lost_while_it_is_paused_leaves_the_job_paused_and_costs_no_retry(world: World) -> None:
    job_id = await world.running(retry={"max_attempts": 1})
    await world.act(job_id, Action.PAUSE)
    world.ray.jobs.clear()
    world.now_s += 6
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.attempts[0].state) == ("paused", "stopped")


async def test_a_job_resumed_while_it_is_pausing_goes_back_to_the_queue(world: World) -> None:
    job_id = await world.running()
    await world.act(job_id, Action.PAUSE)
    assert (await world.act(job_id, Action.RESUME)).state == "pausing"
    await world.round(3)
    assert (await world.job(job_id)).attempt == 2
    assert await path(world, job_id) == ["queued", "starting", "running", "pausing", "paused", "queued", "starting"]


async def test_a_pause_after_a_resume_holds(world: World) -> None:
    job_id = await world.running()
    for action in (Action.PAUSE, Action.RESUME, Action.PAUSE):
        await world.act(job_id, action)
    await world.round(3)
    assert (await world.job(job_id)).state == "paused"


async def test_a_failed_job_that_is_retried_gets_its_attempts_anew(world: World) -> None:
    job_id = await world.running(retry={"max_attempts": 1})
    world.ray.end(f"{job_id}-1")
    world.now_s += 6
    await world.round()
    assert (await world.job(job_id)).state == "failed"
    job = await world.act(job_id, Action.RETRY)
    assert (job.state, job.cause, job.ended_at) == ("queued", None, None)
    await world.round()
    order = world.folder(job_id).read_order(2)
    assert order is not None
    assert order.retry_failed_trials
    assert order.scratch_after == 0
    world.beat(job_id, attempt=2)
    await world.round()
    world.end(job_id, attempt=2)
    await world.round()
    assert (await world.job(job_id)).state == "succeeded"


async def test_a_cancelled_job_that_is_retried_from_scratch_trains_in_a_folder_of_its_own(world: World) -> None:
    job_id = await world.running()
    world.beat(job_id, mlflow_run_id="r1", metrics={"val/AP": 3.0})
    await world.round()
    await world.cancel(job_id)
    await world.round(2)
    job = await world.act(job_id, Action.RETRY, from_scratch=True)
    assert (job.state, job.progress.step, job.metrics, job.mlflow_run_id) == ("queued", 0, {}, None)
    again = await world.act(job_id, Action.RETRY, from_scratch=True)
    assert again.state == "queued"
    await world.round()
    order = world.folder(job_id).read_order(2)
    assert order is not None
    assert order.scratch_after == 1


async def test_a_running_job_is_not_thrown_away_by_a_retry_from_scratch(world: World) -> None:
    job_id = await world.running()
    await world.cancel(job_id)
    await world.round(2)
    await world.act(job_id, Action.RETRY)
    with pytest.raises(ActionRefused, match="cancel it first to begin from scratch"):
        await world.act(job_id, Action.RETRY, from_scratch=True)


async def test_a_sweep_lost_and_then_cancelled_leaves_no_trial_running(world: World) -> None:
    sweep = await world.submit_sweep()
    await world.round()
    record = TrialRecord(number=1, state="running", parameters={"a": 1.0}, started_at=datetime.now(UTC))
    world.folder(sweep).write_trial(record)
    world.beat(sweep, phase="searching", step=0, num_steps=4)
    await world.round()
    await world.act(sweep, Action.PAUSE)
    await world.round(2)
    assert (await world.job(sweep)).state == "paused"
    await world.cancel(sweep)
    async with world.database.reading() as session:
        [trial] = await TrialRepository(session).of_sweep(sweep)
    assert (trial.state, trial.reason) == ("stopped", "interrupted; goes on with the sweep")


@pytest.mark.parametrize("action", ["pause", "resume", "retry"])
def test_actions_over_http_are_idempotent_or_answer_with_a_reason(http: TestClient, action: str) -> None:
    job_id = http.post("/api/v1/jobs", json=job_spec()).json()["id"]
    first, again = (http.post(f"/api/v1/jobs/{job_id}/{action}") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    http.post(f"/api/v1/jobs/{job_id}/cancel")
    refused = http.post(f"/api/v1/jobs/{job_id}/{action}")
    assert refused.status_code == (200 if action == "retry" else 409)
    assert http.post(f"/api/v1/jobs/nowhere/{action}").status_code == 404


def test_a_refusal_says_what_to_do_instead(http: TestClient) -> None:
    sweep = http.post("/api/v1/sweeps", json=sweep_spec()).json()["id"]
    http.post(f"/api/v1/jobs/{sweep}/pause")
    problem = http.post(f"/api/v1/jobs/{sweep}/retry").json()
    assert problem["detail"] == f"{sweep} is paused and cannot be retried; resume it instead"
