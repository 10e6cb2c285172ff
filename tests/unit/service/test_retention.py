"""Checkpoints go when nothing needs them, and never while something does."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.db import Database
from service.db.base import utc_now
from service.jobs.lifecycle import JobState
from service.jobs.repository import JobRepository
from service.models.models import ModelAliasRow, ModelRow, ModelVersionRow
from service.reconciler.retention import Retention
from service.retention.policy import Checkpoint, JobFacts, Policy, decide
from service.retention.pruning import Pruning
from service.settings import Settings
from tests.unit.service.factories import distillation, job_spec, settings_in, training
from tests.unit.service.test_steering import add_trial, submitted
from workers.spec import JobFolder

LAST_WEEK = timedelta(days=7)


def leave(folder: Path, *steps: int, ap: dict[int, float] | None = None) -> list[Path]:
    """Checkpoints of a training, and its journal."""
    paths = [folder / "checkpoints" / f"step-{step:08d}.pt" for step in steps]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
    points = [{"step": step, "at_ms": 1, "metrics": {"val/AP": value}} for step, value in (ap or {}).items()]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(point) + "\n" for point in points) + "{torn")
    return paths


async def settle(database: Database, job_id: str, state: str = "succeeded", **fields: Any) -> None:
    async with database.writing() as session:
        job = await JobRepository(session).get(job_id)
        assert job is not None
        job.state = state
        if state in ("succeeded", "failed", "cancelled"):
            job.ended_at = utc_now() - LAST_WEEK
        for name, value in fields.items():
            setattr(job, name, value)


async def ended(http: TestClient, database: Database, state: str = "succeeded", **fields: Any) -> str:
    job_id = str(http.post("/api/v1/jobs", json=job_spec()).json()["id"])
    await settle(database, job_id, state, **fields)
    return job_id


async def promote(database: Database, job_id: str, *, trial: int = 0, version: int | None = 1) -> None:
    """Make a student a version of a model with an alias; without `version`, one whose alias was taken away."""
    async with database.writing() as session:
        session.add(ModelRow(name="small", project="default", latest=1, created_at=utc_now()))
        await session.flush()
        session.add(
            ModelVersionRow(
                id="model-1", name="small", version=1, description="", source={}, weights="x.safetensors",
                state="ready", job_id=job_id, reason="", trial=trial, metrics={}, registration="none",
                created_at=utc_now(), created_by="me",
            )
        )  # fmt: skip
        session.add(ModelAliasRow(name="small", alias="production", version=version, set_at=utc_now(), set_by="me"))


async def pruned(database: Database, settings: Settings, **policy: Any) -> dict[str, list[str]]:
    """The names of what was removed, by job."""
    pruning = Pruning(database, settings, Policy(**{"keep_last": 0, "keep_best": False, "after_h": 24, **policy}))
    done = await pruning.carry_out(await pruning.plan())
    return {plan.job_id: [one.name for one in plan.removed] for plan in done}


def folder_of(settings: Settings, job_id: str, scratch_after: int = 0) -> JobFolder:
    return JobFolder(settings.storage, job_id, scratch_after=scratch_after)


async def test_a_job_that_succeeded_keeps_its_newest_and_its_best(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database)
    paths = leave(folder_of(settings, job_id).work, 10, 20, 30, 40, ap={10: 3, 20: 50.0, 30: 7, 35: 99, 40: 8})
    await pruned(database, settings, keep_last=1, keep_best=True)
    assert [path.exists() for path in paths] == [False, True, False, True]
    await pruned(database, settings, keep_last=2)
    assert [path.exists() for path in paths] == [False, True, False, True]
    await pruned(database, settings)
    assert [path.exists() for path in paths] == [False, False, False, False]


@pytest.mark.parametrize("state", [state.value for state in JobState if state != JobState.SUCCEEDED])
async def test_what_a_resume_or_retry_goes_on_from_stays(
    state: str, http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database, state)
    paths = leave(folder_of(settings, job_id).work, 10, 20)
    assert await pruned(database, settings) == {}
    assert all(path.exists() for path in paths)


async def test_what_ended_a_short_while_ago_stays(http: TestClient, database: Database, settings: Settings) -> None:
    job_id = await ended(http, database)
    leave(folder_of(settings, job_id).work, 10)
    assert await pruned(database, settings, after_h=24 * 7 + 1) == {}
    assert list(await pruned(database, settings, after_h=24 * 7 - 1)) == [job_id]


async def test_what_was_before_a_retry_from_scratch_goes_once_the_job_has_ended(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database, "running", scratch_after=2)
    first, second = (leave(folder_of(settings, job_id, after).work, 10)[0] for after in (0, 1))
    present, future = (leave(folder_of(settings, job_id, after).work, 10)[0] for after in (2, 3))
    assert await pruned(database, settings) == {}
    await settle(database, job_id, "failed")
    await pruned(database, settings)
    assert [path.exists() for path in (first, second, present, future)] == [False, False, True, True]


async def test_a_promoted_student_keeps_the_checkpoints_of_its_training(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database)
    [path] = leave(folder_of(settings, job_id).work, 10)
    await promote(database, job_id)
    assert await pruned(database, settings) == {}
    assert path.exists()


async def test_an_alias_that_was_taken_away_keeps_nothing(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database)
    [path] = leave(folder_of(settings, job_id).work, 10)
    await promote(database, job_id, version=None)
    await pruned(database, settings)
    assert not path.exists()


async def test_a_sweep_keeps_its_best_trial_and_the_promoted_one(
    http: TestClient, database: Database, settings: Settings
) -> None:
    sweep_id = submitted(http)
    for number in (1, 2, 3, 4):
        await add_trial(database, sweep_id, number, role="baseline" if number == 4 else "search")
    paths = [leave(folder_of(settings, sweep_id).trial(n), 10, 20, ap={10: 9, 20: 5}) for n in (1, 2, 3, 4)]
    await settle(database, sweep_id)
    await promote(database, sweep_id, trial=1)
    await pruned(database, settings, keep_best=True)
    there = [[path.exists() for path in mine] for mine in paths]
    assert there == [[True, True], [False, False], [True, False], [False, False]]


async def test_what_a_trial_left_behind_when_it_took_over_goes(
    http: TestClient, database: Database, settings: Settings
) -> None:
    sweep_id = submitted(http)
    await add_trial(database, sweep_id, 1, exploits=[{"step": 2}])
    before, after = (leave(folder_of(settings, sweep_id).trial(1, exploits=n), 10)[0] for n in (0, 1))
    await settle(database, sweep_id)
    await pruned(database, settings, keep_last=1)
    assert (before.exists(), after.exists()) == (False, True)


def named_directly(settings: Settings, path: Path) -> str:
    return str(path)


def named_relatively(settings: Settings, path: Path) -> str:
    return os.path.relpath(path, settings.data)


def named_with_detours(settings: Settings, path: Path) -> str:
    return f"{path.parent}/../checkpoints/./{path.name}"


def named_by_a_link(settings: Settings, path: Path) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / "teacher.pt").symlink_to(path)
    return "teacher.pt"


def named_by_its_folder(settings: Settings, path: Path) -> str:
    return str(path.parents[1])


@pytest.mark.parametrize(
    "naming", [named_directly, named_relatively, named_with_detours, named_by_a_link, named_by_its_folder]
)
async def test_what_a_spec_names_stays_however_it_is_named(
    naming: Any, http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database)
    [path] = leave(folder_of(settings, job_id).work, 10)
    teacher = {"weights": naming(settings, path)}
    other = job_spec(training=training(distillation=distillation(teacher=teacher)))
    reply = http.post("/api/v1/jobs", json=other)
    assert reply.status_code == 201, reply.text
    await settle(database, reply.json()["id"])
    pruning = Pruning(database, settings, Policy(keep_last=0, keep_best=False))
    [plan] = await pruning.plan()
    assert [one.why for one in plan.decisions] == [f"named by the spec of {reply.json()['id']}"]
    await pruning.carry_out([plan])
    assert path.exists()


@pytest.mark.parametrize("text", ["..", "/", "../storage", "../storage/jobs"])
async def test_a_name_for_everything_holds_up_nothing(
    text: str, http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database)
    [path] = leave(folder_of(settings, job_id).work, 10)
    http.post("/api/v1/jobs", json=job_spec(name=text))
    await pruned(database, settings)
    assert not path.exists()


async def test_a_model_that_is_a_checkpoint_and_a_sweep_that_searches_one_keep_it(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database)
    first, second, third = leave(folder_of(settings, job_id).work, 10, 20, 30)
    await promote(database, job_id, version=None)
    async with database.writing() as session:
        row = await session.get(ModelVersionRow, 1)
        assert row is not None
        row.weights = str(first)
    space = {"distillation.teacher.weights": {"kind": "choice", "values": ["t.safetensors", str(second)]}}
    submitted(http, space=space)
    await pruned(database, settings)
    assert [path.exists() for path in (first, second, third)] == [True, True, False]


async def test_what_comes_to_refer_to_a_checkpoint_after_the_plan_counts(
    http: TestClient, database: Database, settings: Settings
) -> None:
    job_id = await ended(http, database)
    first, second = leave(folder_of(settings, job_id).work, 10, 20)
    pruning = Pruning(database, settings, Policy(keep_last=0, keep_best=False))
    planned = await pruning.plan()
    assert len(planned[0].removed) == 2
    teacher = {"weights": str(first)}
    http.post("/api/v1/jobs", json=job_spec(training=training(distillation=distillation(teacher=teacher))))
    await pruning.carry_out(planned)
    assert (first.exists(), second.exists()) == (True, False)
    [path] = leave(folder_of(settings, job_id).work, 40)
    planned = await pruning.plan()
    await settle(database, job_id, "queued", ended_at=None)
    await pruning.carry_out(planned)
    assert path.exists()


async def test_what_is_not_ours_stays(http: TestClient, database: Database, settings: Settings, tmp_path: Path) -> None:
    job_id = await ended(http, database)
    folder = folder_of(settings, job_id).work
    elsewhere = leave(tmp_path / "elsewhere", 10)[0]
    strangers = [
        leave(settings.storage / "jobs" / "job-unknown", 10)[0],
        leave(folder / "backup-of-mine", 10)[0],
        leave(folder / "from-scratch" / "1x", 10)[0],
    ]
    (folder / "checkpoints").symlink_to(elsewhere.parent)
    (settings.storage / "jobs" / "job-link").symlink_to(tmp_path / "elsewhere")
    own = leave(folder / "trials" / "00001", 10)[0].parent
    for name in ("notes.txt", "step-12.pt", "step-00000012.pt.safe"):
        (own / name).write_text("mine")
        strangers.append(own / name)
    (own / "step-00000099.pt").symlink_to(elsewhere)
    assert await pruned(database, settings) == {job_id: ["trials/00001/checkpoints/step-00000010.pt"]}
    assert elsewhere.exists()
    assert all(path.exists() for path in strangers)


def test_the_newest_of_a_training_are_its_own() -> None:
    """Numbers of steps are compared within a training, not between them."""
    facts = JobFacts("sweep-1", "sweep", JobState.SUCCEEDED, 0, 100.0, {}, None, {1: 0, 2: 0})
    files = tuple(
        Checkpoint(f"trials/0000{trial}", step, 1) for trial in (1, 2) for step in (trial * 10, trial * 10 + 1)
    )
    decisions = decide(facts, files, Policy(keep_last=1, keep_best=False, after_h=0), referred={}, best_steps={})
    assert [(one.checkpoint.step, bool(one.why)) for one in decisions] == [
        (10, False), (11, True), (20, False), (21, True),
    ]  # fmt: skip


async def test_the_reconciler_removes_only_where_the_settings_ask_for_it(
    http: TestClient, database: Database, settings: Settings, tmp_path: Path, database_url: str
) -> None:
    job_id = await ended(http, database)
    first, second = leave(folder_of(settings, job_id).work, 10, 20)
    await Retention(settings, database, clock=lambda: 10.0).run_once()
    assert first.exists()
    asked = settings_in(tmp_path, database_url=database_url, prune_after_h="24")
    await Retention(asked, database, clock=lambda: 10.0).run_once(lambda: False)
    assert first.exists()
    retention = Retention(asked, database, clock=iter((10.0, 20.0, 30.0)).__next__)
    await retention.run_once()
    assert (first.exists(), second.exists()) == (False, True)


async def test_a_dry_run_lists_what_would_go_and_what_stays_and_why(
    run, http: TestClient, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    job_id = await ended(http, database)
    first, second = leave(folder_of(settings, job_id).work, 10, 20)
    shown = await in_thread(run, "prune", "--kept")
    assert "step-00000010.pt" in shown.stdout
    assert "stays: among the newest 1" in shown.stdout
    assert "1 checkpoints" in shown.stderr
    assert "nothing was changed" in shown.stderr
    assert first.exists()
    document = json.loads((await in_thread(run, "prune", "--json", "--keep-last", 2)).stdout)
    assert [one["goes"] for one in document["jobs"][0]["checkpoints"]] == [False, False]
    assert (await in_thread(run, "prune", "--remove")).exit_code == 0
    assert (first.exists(), second.exists()) == (False, True)


async def in_thread(call: Any, *arguments: object) -> Any:
    """Commands start an event loop of their own."""
    return await asyncio.to_thread(call, *arguments)
