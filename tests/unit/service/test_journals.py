"""Curves read from the journals of trainings: the same as MLflow's, read once, and whole however they are written."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.db import Database
from service.jobs.journals import Journals
from service.settings import Settings
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.test_jobs_api import put, submit
from workers.journal import Journal
from workers.spec import JobFolder
from workers.storage.near import Shared


def shape(curves: dict[str, list[object]] | None) -> dict[str, list[tuple[int, float]]]:
    assert curves is not None
    return {key: [(point.step, point.value) for point in points] for key, points in curves.items()}  # type: ignore[attr-defined]


async def test_what_a_training_wrote_is_read_by_key_and_step(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "metrics.jsonl")
    for step in (10, 20):
        journal.append({"train/loss": step / 10, "val/AP/a cat?": 5.0 * step}, step=step)
    journals = Journals(Shared(tmp_path))
    everything = await journals.read(tmp_path / "metrics.jsonl", [])
    assert shape(everything) == {"train/loss": [(10, 1.0), (20, 2.0)], "val/AP/a cat_": [(10, 50.0), (20, 100.0)]}
    journal.append({"train/loss": 3.0}, step=30)
    newer = await journals.read(tmp_path / "metrics.jsonl", ["train/loss", "nothing"], after=10)
    assert shape(newer) == {"train/loss": [(20, 2.0), (30, 3.0)]}


async def test_a_line_that_is_being_written_waits_until_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "at_ms": 5, "metrics": {"a": NaN}}\n{"step": 2, "at_ms": 6, "met')
    journals = Journals(Shared(tmp_path))
    [first] = (await journals.read(path, ["a"]) or {})["a"]
    assert math.isnan(first.value)
    with path.open("a") as file:
        file.write('rics": {"a": 2.0}}\n')
    assert [point.timestamp_ms for point in (await journals.read(path, ["a"]) or {})["a"]] == [5, 6]


async def test_a_file_in_the_place_of_another_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "at_ms": 5, "metrics": {"a": 1.0}}\n')
    journals = Journals(Shared(tmp_path))
    await journals.read(path, [])
    other = tmp_path / "other"
    other.write_text('{"step": 7, "at_ms": 5, "metrics": {"b": 1.0}}\n{"step": 8, "at_ms": 5, "metrics": {"b": 2.0}}\n')
    other.replace(path)
    assert shape(await journals.read(path, [])) == {"b": [(7, 1.0), (8, 2.0)]}
    path.unlink()
    assert await journals.read(path, []) is None


async def test_journals_that_nobody_asks_for_are_forgotten_first(tmp_path: Path) -> None:
    journals = Journals(Shared(tmp_path), max_points=4)
    for name in "abc":
        lines = [f'{{"step": {step}, "at_ms": 5, "metrics": {{"{name}": 1.0}}}}\n' for step in (1, 2)]
        (tmp_path / name).write_text("".join(lines))
    for name in "abac":
        assert shape(await journals.read(tmp_path / name, [])) == {name: [(1, 1.0), (2, 1.0)]}
    assert list(journals._known) == [tmp_path / "a", tmp_path / "c"]


@pytest.fixture
async def job(http: TestClient, database: Database, settings: Settings, mlflow: FakeMlflow) -> str:
    """A job whose run has its curve at MLflow; the journal has one point more."""
    job_id = submit(http)
    mlflow.runs["r1"] = {"val/AP": [(200, 10.0), (400, 20.0)]}
    await put(database, job_id, mlflow_run_id="r1")
    journal = Journal(JobFolder(settings.storage, job_id).journal)
    for step in (200, 400, 600):
        journal.append({"val/AP": step / 20, "val/AP50": step / 10}, step=step)
    return job_id


def points(http: TestClient, job_id: str, **query: object) -> dict[str, list[tuple[int, float]]]:
    answer = http.get(f"/api/v1/jobs/{job_id}/metrics", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return {one["key"]: [(p["step"], p["value"]) for p in one["points"]] for one in answer.json()["series"]}


async def test_the_curves_of_a_job_are_those_of_its_journal_also_while_mlflow_is_away(
    http: TestClient, job: str, mlflow: FakeMlflow
) -> None:
    mlflow.away = True
    assert points(http, job) == {
        "val/AP": [(200, 10.0), (400, 20.0), (600, 30.0)],
        "val/AP50": [(200, 20.0), (400, 40.0), (600, 60.0)],
    }
    assert points(http, job, key=["val/AP", "unknown"], since_step=400) == {"val/AP": [(600, 30.0)], "unknown": []}
    assert points(http, job, key="val/AP", max_points=2) == {"val/AP": [(200, 10.0), (600, 30.0)]}


@pytest.mark.parametrize("damage", ["gone", "damaged"])
async def test_without_a_journal_the_curves_are_those_of_mlflow(
    damage: str, http: TestClient, job: str, settings: Settings
) -> None:
    path = JobFolder(settings.storage, job).journal
    path.unlink() if damage == "gone" else path.write_text("no journal\n")
    assert points(http, job) == {"val/AP": [(200, 10.0), (400, 20.0)]}


async def test_what_is_begun_again_from_scratch_has_a_journal_of_its_own(
    http: TestClient, job: str, database: Database, settings: Settings
) -> None:
    await put(database, job, scratch_after=1)
    assert points(http, job) == {"val/AP": [(200, 10.0), (400, 20.0)]}, "until it has written something"
    Journal(JobFolder(settings.storage, job, scratch_after=1).journal).append({"val/AP": 1.0}, step=200)
    assert points(http, job) == {"val/AP": [(200, 1.0)]}
