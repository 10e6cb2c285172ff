"""The reconciler against a fake Ray: what runs, what waits, what is lost, what is settled after a crash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.jobs.lifecycle import Action
from service.sweeps.repository import TrialRepository
from tests.unit.service.world import World
from workers.spec import TrialRecord


async def test_a_job_goes_from_queued_to_succeeded(world: World) -> None:
    world.mlflow.runs["r1"] = {}
    job_id = await world.submit()
    await world.round()
    job = await world.job(job_id)
    assert job.state == "starting"
    assert job.attempts[0].submission_id == f"{job_id}-1"
    submitted = world.ray.jobs[f"{job_id}-1"]
    assert submitted["entrypoint"].endswith(f"-m workers.entrypoint {world.settings.storage} {job_id} 1")
    assert submitted["cpus"] == 1
    assert submitted["runtime_env"]["env_vars"]["RAY_JOB_STOP_WAIT_TIME_S"] == "15"
    assert world.folder(job_id).read_fence().attempt == 1
    world.beat(job_id, mlflow_run_id="r1", metrics={"val/AP": 12.5})
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.progress.step, job.metrics) == ("running", 5, {"val/AP": 12.5})
    assert job.mlflow_url == "/mlflow/#/experiments/7/runs/r1"
    world.end(job_id, metrics={"val/AP": 40.0})
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.metrics["val/AP"], job.progress.step) == ("succeeded", 40.0, 100)
    assert [event.to_state for event in await world.events(job_id)] == ["queued", "starting", "running", "succeeded"]
    await world.round()
    assert world.ray.submitted == [f"{job_id}-1"]


async def test_the_run_of_a_job_that_has_ended_is_not_remembered(world: World) -> None:
    world.mlflow.runs["r1"] = {}
    ended, unknown = await world.submit(), await world.submit()
    await world.round()
    world.beat(ended, mlflow_run_id="r1")
    world.beat(unknown, mlflow_run_id="r2")
    await world.round()
    assert set(world.reconciler._asked_mlflow) == {ended, unknown}
    world.end(ended)
    await world.round(2)
    assert set(world.reconciler._asked_mlflow) == {unknown}


async def test_jobs_start_by_priority_then_age_and_the_others_say_what_they_wait_for(world: World) -> None:
    older, newer = await world.submit(), await world.submit()
    urgent = await world.submit(priority=5)
    last = await world.submit(resources={"cpus": 2})
    await world.round()
    assert world.ray.submitted == [f"{urgent}-1", f"{older}-1"]
    assert (await world.job(newer)).reason == "queued: needs 1 CPU, 0 free"
    assert (await world.job(last)).reason == "queued: needs 2 CPUs, 0 free, 1 job ahead"


async def test_a_small_job_does_not_overtake_a_large_one_for_ever(world: World) -> None:
    first = await world.running()
    large = await world.submit(resources={"cpus": 2})
    small = await world.submit()
    await world.round()
    assert world.ray.submitted == [f"{first}-1"]
    world.end(first)
    await world.round()
    assert world.ray.submitted[1:] == [f"{large}-1"]
    assert (await world.job(small)).state == "queued"


async def test_a_job_that_can_never_fit_says_so_and_blocks_nobody(world: World) -> None:
    giant = await world.submit(resources={"cpus": 8, "gpus": 1})
    other = await world.submit()
    await world.round()
    reason = (await world.job(giant)).reason
    assert "needs 8 CPUs and 1 GPU and the cluster has 2 CPUs" in reason
    assert (await world.job(other)).state == "starting"


async def test_a_cluster_without_nodes_is_waited_for(world: World) -> None:
    world.ray.cpus = 0
    job_id = await world.submit()
    await world.round()
    assert (await world.job(job_id)).reason == "queued: needs 1 CPU, the cluster has no nodes yet"


async def test_a_lost_attempt_is_tried_again_and_then_fails_with_its_log(world: World) -> None:
    job_id = await world.running(retry={"max_attempts": 2})
    world.ray.end(f"{job_id}-1")
    await world.round()
    assert (await world.job(job_id)).state == "running", "Ray alone does not decide"
    world.now_s += 6
    await world.round()
    job = await world.job(job_id)
    assert job.attempts[0].state == "lost"
    assert world.ray.submitted == [f"{job_id}-1", f"{job_id}-2"]
    assert world.folder(job_id).read_fence().attempt == 2
    world.beat(job_id, attempt=2)
    world.folder(job_id).log(2).write_text("a\nkilled by the kernel\n")
    await world.round()
    world.ray.end(f"{job_id}-2")
    world.now_s += 6
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.cause) == ("failed", "infrastructure")
    assert "exit code 137" in job.reason
    assert "killed by the kernel" in job.reason


async def test_an_attempt_that_beats_on_is_alive_whatever_ray_says(world: World) -> None:
    job_id = await world.running()
    for forget in (lambda: world.ray.end(f"{job_id}-1"), world.ray.jobs.clear):
        forget()
        for _ in range(4):
            world.now_s += 4
            world.beat(job_id)
            await world.round()
        assert (await world.job(job_id)).state == "running"


async def test_running_without_a_heartbeat_is_not_believed_for_ever(world: World) -> None:
    job_id = await world.running()
    world.now_s += 61
    await world.round()
    assert (await world.job(job_id)).attempts[0].state == "lost"
    assert world.ray.stopped == [f"{job_id}-1"]


async def test_an_attempt_that_shows_no_life_is_lost_after_a_while(world: World) -> None:
    job_id = await world.submit()
    await world.round(2)
    world.now_s += 121
    await world.round(2)
    job = await world.job(job_id)
    assert "no sign of life for 121 s" in job.attempts[0].reason
    assert job.attempt == 2


async def test_ray_away_fails_nothing_and_jobs_go_on_when_it_is_back(world: World) -> None:
    runs = await world.running()
    waits = await world.submit()
    world.ray.away = True
    world.now_s += 100
    await world.round()
    assert (await world.job(runs)).state == "running"
    assert "Ray does not answer" in (await world.job(runs)).reason
    assert "Ray does not answer" in (await world.job(waits)).reason
    world.ray.away = False
    world.beat(runs)
    await world.round()
    assert (await world.job(runs)).reason == ""
    assert (await world.job(waits)).state == "starting"


async def test_a_restarted_ray_makes_silent_attempts_lost(world: World) -> None:
    job_id = await world.running()
    world.ray.jobs.clear()
    world.now_s += 21
    await world.round()
    job = await world.job(job_id)
    assert "restart of the cluster" in job.attempts[0].reason
    assert world.ray.submitted == [f"{job_id}-1", f"{job_id}-2"]


async def test_a_submission_without_an_answer_is_adopted(world: World) -> None:
    world.ray.lose_answers = True
    job_id = await world.submit()
    await world.round()
    assert (await world.job(job_id)).attempts[0].submitted_at is not None
    await world.round(3)
    assert world.ray.submitted == [f"{job_id}-1"]


async def test_a_crash_between_row_and_submission_is_made_good(world: World) -> None:
    job_id = await world.submit()
    await world.round()
    await world.change_attempt(job_id, 1, submitted_at=None)
    world.restart()
    await world.round(2)
    assert world.ray.submitted == [f"{job_id}-1"]
    assert (await world.job(job_id)).attempts[0].submitted_at is not None


async def test_a_new_reconciler_adopts_what_runs(world: World) -> None:
    job_id = await world.running()
    world.restart()
    world.now_s += 500
    await world.round()
    assert (await world.job(job_id)).state == "running"
    world.end(job_id)
    await world.round()
    assert (await world.job(job_id)).state == "succeeded"


async def test_a_refused_submission_fails_the_job(world: World) -> None:
    world.ray.refuse = "no such thing"
    job_id = await world.submit()
    await world.round()
    job = await world.job(job_id)
    assert job.state == "failed"
    assert "no such thing" in job.reason


async def test_a_failure_carries_the_reason_of_the_attempt(world: World) -> None:
    job_id = await world.running()
    world.end(job_id, outcome="failed", cause="bad_input", reason="teacher has 80 classes, student has 3")
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.cause, job.reason) == ("failed", "bad_input", "teacher has 80 classes, student has 3")
    assert world.ray.submitted == [f"{job_id}-1"]


async def test_being_stopped_with_the_cluster_is_no_loss(world: World) -> None:
    job_id = await world.running(retry={"max_attempts": 1})
    world.end(job_id, outcome="stopped")
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.attempt, job.attempts[0].state) == ("starting", 2, "stopped")


async def test_cancelling_a_running_job_stops_it(world: World) -> None:
    job_id = await world.running()
    assert (await world.cancel(job_id)).state == "cancelling"
    await world.round()
    assert world.ray.stopped == [f"{job_id}-1"]
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.cause, job.attempts[0].state) == ("cancelled", "user", "cancelled")


async def test_cancelling_a_job_that_ends_meanwhile_keeps_its_success(world: World) -> None:
    job_id = await world.running()
    await world.cancel(job_id)
    world.end(job_id)
    await world.round()
    assert (await world.job(job_id)).state == "succeeded"


async def test_a_cancel_that_ray_ignores_is_forced_by_the_fence(world: World) -> None:
    job_id = await world.running()
    world.ray.ignore_stops = True
    await world.cancel(job_id)
    await world.round()
    assert world.folder(job_id).read_fence().attempt == 1
    world.now_s += 21
    world.beat(job_id)
    await world.round()
    assert (await world.job(job_id)).state == "cancelling", "it still beats"
    assert world.folder(job_id).read_fence().attempt == 2
    world.now_s += 6
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.attempts[0].reason) == ("cancelled", "by force")


HOUR = timedelta(hours=1)


@pytest.mark.parametrize("skew", [-HOUR, HOUR])
async def test_a_submission_of_a_reconciler_with_another_clock_is_neither_lost_nor_waited_for_too_long(
    world: World, skew: timedelta
) -> None:
    job_id = await world.submit()
    await world.round()
    await world.change_attempt(job_id, 1, submitted_at=datetime.now(UTC) + skew, stop_requested_at=None)
    world.restart()
    await world.round()
    world.now_s += 100
    await world.round()
    assert (await world.job(job_id)).state == "starting"
    world.now_s += 21
    await world.round()
    assert (await world.job(job_id)).attempts[0].state == "lost"


@pytest.mark.parametrize("skew", [-HOUR, HOUR])
async def test_a_pause_asked_of_an_api_with_another_clock_gets_its_time_for_a_checkpoint_and_no_more(
    world: World, skew: timedelta
) -> None:
    job_id = await world.running()
    world.ray.ignore_stops = True
    await world.act(job_id, Action.PAUSE)
    await world.put(job_id, pause_requested_at=datetime.now(UTC) + skew)
    for _ in range(3):
        world.beat(job_id)
        await world.round()
        world.now_s += 6
    fence = world.folder(job_id).read_fence()
    assert fence is not None
    assert fence.attempt == 1, "it may still write its checkpoint"
    assert len(world.ray.stopped) == 3, "asked every few seconds"
    world.now_s += 6
    await world.round()
    fence = world.folder(job_id).read_fence()
    assert fence is not None
    assert fence.attempt == 2


async def test_a_sweep_shows_its_trials_and_takes_what_its_trials_take(world: World) -> None:
    sweep = await world.submit_sweep(max_concurrent_trials=4)
    job = await world.submit()
    await world.round()
    assert world.ray.jobs[f"{sweep}-1"]["cpus"] == 0
    assert (await world.job(job)).state == "queued"
    now = datetime.now(UTC)
    record = TrialRecord(number=1, state="running", parameters={"a": 1.0}, started_at=now, metrics={"val/AP": 3.0})
    world.folder(sweep).write_trial(record)
    world.beat(sweep, phase="searching", step=0, num_steps=4)
    await world.round()
    world.folder(sweep).write_trial(record.model_copy(update={"state": "succeeded", "objective": 9.0}))
    await world.round()
    async with world.database.reading() as session:
        rows = await TrialRepository(session).of_sweep(sweep)
    assert [(row.number, row.state, row.objective) for row in rows] == [(1, "succeeded", 9.0)]


async def test_one_broken_job_does_not_stop_the_others(world: World) -> None:
    broken, fine = await world.running(), await world.running()
    (world.folder(broken).attempt(1) / "heartbeat.json").write_text("{")
    world.end(fine)
    await world.round()
    assert (await world.job(fine)).state == "succeeded"
    assert (await world.job(broken)).state == "running"


async def test_metrics_that_are_not_finite_are_left_out(world: World) -> None:
    job_id = await world.running()
    world.beat(job_id, metrics={"val/AP": float("nan"), "val/AP50": 3.0})
    await world.round()
    assert (await world.job(job_id)).metrics == {"val/AP50": 3.0}


async def test_trials_that_a_killed_driver_left_running_end_with_their_sweep(world: World) -> None:
    sweep = await world.submit_sweep()
    await world.round()
    record = TrialRecord(number=1, state="running", parameters={"a": 1.0}, started_at=datetime.now(UTC))
    world.folder(sweep).write_trial(record)
    world.beat(sweep, phase="searching", step=0, num_steps=4)
    await world.round()
    await world.cancel(sweep)
    await world.round(2)
    assert (await world.job(sweep)).state == "cancelled"
    async with world.database.reading() as session:
        rows = await TrialRepository(session).of_sweep(sweep)
    assert [(row.state, row.reason) for row in rows] == [("stopped", "ended with the sweep")]
    assert rows[0].ended_at is not None


async def test_jobs_are_watched_while_ray_does_not_say_what_the_cluster_has(world: World) -> None:
    job_id = await world.running()
    world.ray.speechless = True
    world.end(job_id)
    await world.round()
    assert (await world.job(job_id)).state == "succeeded"
