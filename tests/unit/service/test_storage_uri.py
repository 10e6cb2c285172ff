"""The service with a storage behind a URI: it sees what attempts leave on nodes that share no folder with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from service.clients.mlflow_registry import MlflowRegistry
from service.db import Database
from service.reconciler.registry import Registry
from service.retention.policy import Policy
from service.retention.pruning import Pruning
from service.sdk import Client
from service.settings import Settings, SettingsError
from tests.unit.service.factories import distillation, job_spec, settings_in, sweep_spec, training
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.test_models import SHIPPED
from tests.unit.service.test_retention import settle
from tests.unit.service.test_steering import add_trial
from tests.unit.service.world import World
from tests.unit.workers.storage.node import Node
from workers.spec import AttemptOrder, Fence, Heartbeat, JobFolder, LogCut, Terminal, TrialRecord
from workers.storage.changes import replay
from workers.storage.grown import PART_BYTES, GrownUpload
from workers.storage.mirror import Mirror
from workers.storage.near import FRESH_S
from workers.storage.objects import Objects
from workers.storage.remote_trials import RemoteTrials


@pytest.fixture
def settings(tmp_path: Path, database_url: str, uri: str) -> Settings:
    return settings_in(tmp_path / "service", database_url=database_url, storage=uri)


@pytest.fixture
def objects(uri: str) -> Objects:
    return Objects(uri)


@pytest.fixture
def node(objects: Objects, tmp_path: Path) -> Callable[[str, int], Node]:
    return lambda job_id, attempt: Node(objects, tmp_path / job_id, attempt, job_id=job_id)


def beat() -> Heartbeat:
    return Heartbeat(at=datetime.now(UTC), phase="training", step=5, num_steps=100)


def put(objects: Objects, key: str, document: Heartbeat | Terminal) -> None:
    objects.put(key, document.model_dump_json().encode())


async def run_to(world: World, objects: Objects, state: str = "running", **fields: Any) -> str:
    """A job whose first attempt has told that it lives."""
    job_id = await world.submit(**fields)
    await world.round()
    put(objects, f"jobs/{job_id}/attempts/1/heartbeat.json", beat())
    await world.round()
    assert (await world.job(job_id)).state == state
    return job_id


async def test_an_attempt_is_ordered_watched_and_settled(world: World, objects: Objects, uri: str) -> None:
    job_id = await run_to(world, objects)
    order = AttemptOrder.model_validate_json(objects.get(f"jobs/{job_id}/attempts/1/order.json") or b"")
    assert order.attempt == 1
    assert Fence.model_validate_json(objects.get(f"jobs/{job_id}/fence.json") or b"") == Fence(attempt=1)
    assert world.ray.jobs[f"{job_id}-1"]["entrypoint"].endswith(f"workers.entrypoint {uri} {job_id} 1")
    end = Terminal(at=datetime.now(UTC), outcome="succeeded", reason="finished", metrics={"val/AP": 40.0})
    put(objects, f"jobs/{job_id}/attempts/1/terminal.json", end)
    await world.round()
    job = await world.job(job_id)
    assert (job.state, job.metrics) == ("succeeded", {"val/AP": 40.0})


async def test_a_lost_attempt_is_fenced_off_and_its_log_is_told(world: World, objects: Objects, tmp_path: Path) -> None:
    job_id = await run_to(world, objects, retry={"max_attempts": 1})
    (tmp_path / "log").write_text("Traceback\nout of luck\n")
    GrownUpload(objects, tmp_path / "log", f"jobs/{job_id}/attempts/1/log.txt").push()
    world.ray.end(f"{job_id}-1")
    world.now_s += 60
    await world.round()
    job = await world.job(job_id)
    assert job.state == "failed"
    assert job.reason.endswith("out of luck")
    assert Fence.model_validate_json(objects.get(f"jobs/{job_id}/fence.json") or b"") == Fence(attempt=2)


async def a_job(http: TestClient, database: Database, **fields: Any) -> str:
    """A job whose attempts run."""
    job_id = str(http.post("/api/v1/jobs", json=job_spec(**fields)).json()["id"])
    await settle(database, job_id, "running", attempt=1)
    return job_id


def steps(http: TestClient, job_id: str) -> list[int]:
    found = http.get(f"/api/v1/jobs/{job_id}/metrics?key=train/loss").json()["series"]
    return [point["step"] for series in found for point in series["points"]]


async def test_curves_are_read_as_they_grow_and_from_the_attempt_that_counts(
    http: TestClient, database: Database, node: Callable[[str, int], Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.storage.near.FRESH_S", 0.0)
    job_id = await a_job(http, database)
    assert steps(http, job_id) == []
    first = node(job_id, 1).begin()
    first.log(1, 2)
    first.mirror.settle()
    assert steps(http, job_id) == [1, 2]
    first.log(3)
    first.mirror.settle()
    assert steps(http, job_id) == [1, 2, 3]
    second = node(job_id, 2).begin()
    first.log(4)
    first.mirror._append()  # frozen, it does not know yet
    second.log(10)
    second.mirror.settle()
    assert steps(http, job_id) == [1, 2, 3, 10]


async def test_logs_are_read_piece_by_piece(http: TestClient, world: World, objects: Objects, tmp_path: Path) -> None:
    job_id = await run_to(world, objects)
    log = tmp_path / "log"
    log.write_text("first line\n")
    upload = GrownUpload(objects, log, f"jobs/{job_id}/attempts/1/log.txt")
    upload.push()
    found = http.get(f"/api/v1/jobs/{job_id}/logs").json()
    assert (found["text"], found["complete"]) == ("first line\n", False)
    with log.open("a") as file:
        file.write("last line\n")
    upload.push()
    end = Terminal(at=datetime.now(UTC), outcome="succeeded", reason="")
    put(objects, f"jobs/{job_id}/attempts/1/terminal.json", end)
    await world.round()
    await asyncio.sleep(FRESH_S)
    found = http.get(f"/api/v1/jobs/{job_id}/logs?offset={found['next_offset']}").json()
    assert (found["text"], found["complete"]) == ("last line\n", True)


async def test_of_a_log_that_is_too_large_the_beginning_and_the_end_are_read(
    http: TestClient, world: World, objects: Objects, node: Callable[[str, int], Node]
) -> None:
    job_id = await run_to(world, objects)
    first = node(job_id, 1).begin()
    log = first.folder.log(1)
    first.write(log, b"begin\n" + b"x" * (3 * PART_BYTES) + b"\nend\n")
    first.mirror._append()
    end = 6 + 3 * PART_BYTES
    first.folder.write_log_cut(1, LogCut(start=6, end=end))
    first.mirror._append()
    text, offset = "", 0
    for _ in range(3):
        found = http.get(f"/api/v1/jobs/{job_id}/logs?offset={offset}&attempt=1").json()
        text, offset = text + found["text"], found["next_offset"]
    assert text.startswith("begin\n")
    assert text.endswith("\nend\n")
    assert f"{end - 6:,} bytes of this log were dropped" in text
    assert "\0" not in text


async def test_a_student_is_registered_handed_out_and_a_teacher_by_its_uri(
    http: TestClient,
    database: Database,
    node: Callable[[str, int], Node],
    mlflow: FakeMlflow,
    settings: Settings,
    uri: str,
) -> None:
    job_id = await a_job(http, database)
    first = node(job_id, 1).begin()
    first.write(first.folder.work / "student.safetensors", SHIPPED.read_bytes())
    first.mirror.sync()
    await settle(database, job_id)
    client = httpx.AsyncClient(base_url="http://mlflow", transport=mlflow)
    await Registry(settings, database, MlflowRegistry(client), clock=lambda: 10.0).run_once()
    version = http.get("/api/v1/models/digits").json()["version"]
    assert version["weights"] == f"{uri}/jobs/{job_id}/student.safetensors"
    assert http.get("/api/v1/models/digits/versions/1/weights").content == SHIPPED.read_bytes()

    teacher = {"model": "digits"}
    reply = http.post("/api/v1/jobs", json=job_spec(training=training(distillation=distillation(teacher=teacher))))
    assert reply.json()["spec"]["training"]["distillation"]["teacher"]["weights"] == version["weights"]
    for elsewhere in ("s3://another-bucket/x.safetensors", f"{uri}/../x", "file:///etc/passwd"):
        wrong = job_spec(training=training(distillation=distillation(teacher={"weights": elsewhere})))
        reply = http.post("/api/v1/jobs", json=wrong)
        assert reply.status_code == 422
        assert uri in reply.json()["errors"][0]["wanted"]


async def a_sweep(http: TestClient, database: Database) -> str:
    """A sweep whose first attempt runs."""
    reply = http.post("/api/v1/sweeps", json=sweep_spec())
    assert reply.status_code == 201, reply.text
    sweep_id = str(reply.json()["id"])
    await settle(database, sweep_id, "running", attempt=1)
    return sweep_id


def a_driver(objects: Objects, root: Path, sweep_id: str, attempt: int) -> tuple[JobFolder, RemoteTrials]:
    """The driver of an attempt of a sweep, on a node of its own."""
    folder = JobFolder(root / f"driver-{attempt}", sweep_id)
    mirror = Mirror(
        objects, folder, sweep_id, attempt, on_superseded=lambda: None, journal=folder.changes, has_files=False
    )
    mirror.take_over()
    replay(folder.changes)
    return folder, RemoteTrials(objects, mirror, folder, sweep_id, attempt)


def a_trial(number: int, state: str = "running", **fields: Any) -> TrialRecord:
    ended_at = None if state == "running" else datetime.now(UTC)
    document = {"number": number, "state": state, "parameters": {}, "started_at": datetime.now(UTC), **fields}
    return TrialRecord.model_validate({**document, "ended_at": ended_at})


async def test_the_trials_of_a_sweep_are_seen_as_its_driver_writes_them(
    http: TestClient, world: World, objects: Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.storage.near.FRESH_S", 0.0)
    sweep_id = await world.submit_sweep()
    await world.round()
    put(objects, f"jobs/{sweep_id}/attempts/1/heartbeat.json", beat())

    async def seen() -> dict[int, tuple[str, int]]:
        await world.round()
        trials = http.get(f"/api/v1/sweeps/{sweep_id}/trials").json()["items"]
        return {trial["number"]: (trial["state"], trial["step"]) for trial in trials}

    assert await seen() == {}
    folder, first = a_driver(objects, tmp_path, sweep_id, 1)
    first.write(folder.trial_record(1), a_trial(1, step=5))
    assert await seen() == {1: ("running", 5)}
    first.write(folder.trial_record(1), a_trial(1, "succeeded", step=9), at_once=False)
    first.write(folder.trial_record(2), a_trial(2))
    assert await seen() == {1: ("succeeded", 9), 2: ("running", 0)}
    put(objects, f"jobs/{sweep_id}/attempts/1/heartbeat.json", beat())
    folder, second = a_driver(objects, tmp_path, sweep_id, 2)
    second.write(folder.trial_record(2), a_trial(2, "failed", step=3))
    assert await seen() == {1: ("succeeded", 9), 2: ("failed", 3)}


async def test_curves_and_student_of_a_trial_are_those_of_its_newest_start(
    http: TestClient,
    database: Database,
    node: Callable[[str, int], Node],
    uri: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workers.storage.near.FRESH_S", 0.0)
    sweep_id = await a_sweep(http, database)
    await add_trial(database, sweep_id, 1)

    def trial_steps() -> list[int]:
        reply = http.get(f"/api/v1/sweeps/{sweep_id}/trials/1/metrics?key=train/loss")
        return [point["step"] for series in reply.json()["series"] for point in series["points"]]

    first = node(f"{sweep_id}/trials/00001", 1_000_001).begin()
    first.log(1, 2)
    first.mirror.settle()
    assert trial_steps() == [1, 2]
    second = node(f"{sweep_id}/trials/00001", 2_000_002).begin()
    first.log(3)
    first.mirror._append()
    second.log(10)
    second.write(second.folder.work / "student.safetensors", SHIPPED.read_bytes())
    second.mirror.sync()
    assert trial_steps() == [1, 2, 10]
    await settle(database, sweep_id)
    reply = http.post(f"/api/v1/sweeps/{sweep_id}/trials/1/promote", json={"alias": "production"})
    assert reply.status_code == 200, reply.text
    assert reply.json()["version"]["weights"] == f"{uri}/jobs/{sweep_id}/trials/00001/student.safetensors"


async def test_checkpoints_of_trials_are_pruned_by_the_same_policy(
    http: TestClient, database: Database, settings: Settings, node: Callable[[str, int], Node], objects: Objects
) -> None:
    sweep_id = await a_sweep(http, database)
    for number, state in ((1, "succeeded"), (2, "succeeded")):
        await add_trial(database, sweep_id, number, state=state)
        trial = node(f"{sweep_id}/trials/{number:05d}", 1_000_001).begin()
        trial.log(10, 20)
        trial.checkpoint(10)
        trial.checkpoint(20)
        trial.mirror.sync()
    pruning = Pruning(database, settings, Policy(keep_last=1, keep_best=False, after_h=0))
    assert all(not plan.removed for plan in await pruning.plan())
    await settle(database, sweep_id)
    [done] = await pruning.carry_out(await pruning.plan())
    assert sorted((one.training, one.step) for one in done.removed) == [("trials/00001", 10), ("trials/00002", 10)]
    left = {key.rpartition("/")[2].rpartition(".")[0] for key in objects.keys(f"jobs/{sweep_id}") if "step-" in key}
    assert left == {"step-00000020.pt"}


def test_jobs_on_several_nodes_are_refused_with_what_they_need(http: TestClient) -> None:
    shared = training(distributed={"world_size": 2}, batch_size=4)
    reply = http.post("/api/v1/jobs", json=job_spec(nodes=2, training=shared))
    assert reply.status_code == 422
    assert "jobs on several nodes need a storage that is a folder" in reply.json()["detail"]


def test_an_upload_lies_in_the_storage_once(http: TestClient, objects: Objects, uri: str) -> None:
    client = Client("http://testserver", http=http)
    for _ in range(2):
        model = client.models.upload("teacher", SHIPPED)
    [name] = objects.names("uploads")
    assert objects.get(f"uploads/{name}") == SHIPPED.read_bytes()
    assert model.version.weights == f"{uri}/uploads/{name}"


async def test_checkpoints_behind_a_uri_are_pruned_by_the_same_policy(
    http: TestClient,
    database: Database,
    settings: Settings,
    node: Callable[[str, int], Node],
    objects: Objects,
    uri: str,
) -> None:
    job_id, other = [await a_job(http, database, name=name) for name in ("one", "two")]
    for one in (job_id, other):
        attempt = node(one, 1).begin()
        attempt.log(10, 20)
        attempt.write(attempt.folder.work / "student.safetensors", b"x")
        attempt.checkpoint(10)
        attempt.checkpoint(20)
        attempt.mirror.sync()
    pruning = Pruning(database, settings, Policy(keep_last=0, keep_best=False))
    assert all(not plan.removed for plan in await pruning.plan())
    await settle(database, job_id)
    teacher = {"weights": f"{uri}/jobs/{job_id}/checkpoints/step-00000010.pt"}
    named = http.post("/api/v1/jobs", json=job_spec(training=training(distillation=distillation(teacher=teacher))))
    assert named.status_code == 201, named.text
    done = await pruning.carry_out(await pruning.plan())
    assert [(plan.job_id, [one.step for one in plan.removed]) for plan in done] == [(job_id, [20])]
    left = [key for key in objects.keys(f"jobs/{job_id}") if "step-" in key or "student" in key]
    assert sorted(key.rpartition("/")[2].rpartition(".")[0] for key in left) == [
        "step-00000010.pt", "student.safetensors",
    ]  # fmt: skip
    assert len([key for key in objects.keys(f"jobs/{other}") if "step-" in key]) == 2
    taken = node(job_id, 2).begin()
    assert "checkpoints/step-00000010.pt" in taken.files


def test_a_service_without_its_storage_is_not_ready(
    http: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("made to fail")

    monkeypatch.setattr(Objects, "put", broken)
    problems = http.get("/readyz").json()["errors"]
    assert "made to fail" in {error["field"]: error["message"] for error in problems}["storage"]


def test_settings_with_a_uri_come_back_from_their_environment(settings: Settings, uri: str) -> None:
    assert (settings.storage_uri, settings.storage_at) == (uri, uri)
    assert settings.storage == settings.state / "storage-copy"
    assert Settings.from_environment(settings.as_environment()) == settings


def test_settings_with_credentials_in_the_uri_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"STILLHOUSE_STORAGE: .*belong in the environment") as caught:
        settings_in(tmp_path, storage="s3://key:secret@bucket/x")
    assert "secret" not in str(caught.value)
