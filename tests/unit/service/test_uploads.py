"""Weights that are uploaded: kept whole and checked, or refused in words with nothing left behind."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.cli.exits import Exit
from service.db import Database
from service.sdk import AsyncClient, Client, ConflictError, InvalidError
from service.settings import Settings
from tests.unit.service.factories import settings_in
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from tests.unit.service.test_models import SHA256, SHIPPED, World

BINARY = {"Content-Type": "application/octet-stream"}
URL = "/api/v1/models/teacher/upload"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    limit = SHIPPED.stat().st_size + 1000
    return settings_in(tmp_path, database_url=database_url).model_copy(update={"max_upload_bytes": limit})


@pytest.fixture
def world(http: TestClient, settings: Settings, database: Database, ray: FakeRay, mlflow: FakeMlflow) -> World:
    return World(http, settings, database, ray, mlflow)


@pytest.fixture
def client(http: TestClient) -> Client:
    return Client("http://testserver", http=http)


def kept(settings: Settings) -> list[Path]:
    return sorted((settings.storage / "uploads").glob("*"))


async def test_an_uploaded_teacher_is_kept_and_checked(client: Client, world: World, http: TestClient) -> None:
    seen: list[tuple[int, int]] = []
    model = client.models.upload(
        "teacher", SHIPPED, description="big", on_progress=lambda done, total: seen.append((done, total))
    )
    size = SHIPPED.stat().st_size
    assert seen[-1] == (size, size)
    assert seen == sorted(seen)
    [path] = kept(world.settings)
    assert path.read_bytes() == SHIPPED.read_bytes()
    assert (model.version.state, model.version.weights, model.version.sha256) == ("checking", str(path), SHA256)
    assert model.version.source.model_dump() == {"upload": SHA256}
    await world.check()
    assert client.models.get("teacher").version.state == "ready"
    stored = http.get("/api/v1/models/teacher/versions/1/weights")
    assert hashlib.sha256(stored.content).hexdigest() == SHA256
    assert world.only_order().what.weights == str(path)


async def test_the_same_weights_again_are_the_same_version(client: Client, world: World) -> None:
    first = client.models.upload("teacher", SHIPPED)
    again = client.models.upload("teacher", SHIPPED)
    assert (first.version.version, again.version.version) == (1, 1)
    assert len(kept(world.settings)) == 1
    await world.check(refusal="its classes are wrong")
    assert client.models.upload("teacher", SHIPPED).version.version == 2


async def test_the_asynchronous_client_uploads_too(app: FastAPI, owner: dict[str, str]) -> None:
    token = owner["Authorization"].removeprefix("Bearer ")
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient("http://testserver", token=token, transport=transport) as client,
    ):
        model = await client.models.upload("teacher", SHIPPED)
    assert model.version.sha256 == SHA256


def _token(http: TestClient) -> str:
    return str(http.headers["Authorization"]).removeprefix("Bearer ")


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", SHIPPED.read_bytes()[:-10]])
def test_what_is_no_whole_detector_is_refused_and_not_kept(
    content: bytes, http: TestClient, settings: Settings
) -> None:
    answer = http.post(URL, content=content, headers=BINARY)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body"
    assert kept(settings) == []
    assert http.get("/api/v1/models/teacher").status_code == 404


def test_what_is_too_large_is_refused_and_not_kept(http: TestClient, settings: Settings) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(settings.max_upload_bytes // 1000 + 10):
            yield b"x" * 1000

    for content in (b"x" * (settings.max_upload_bytes + 1), pieces()):
        answer = http.post(URL, content=content, headers=BINARY)
        assert answer.status_code == 413
        assert f"may have {settings.max_upload_bytes:,} bytes (STILLHOUSE_MAX_UPLOAD_BYTES)" in answer.json()["detail"]
    assert kept(settings) == []


def test_a_client_hears_that_its_file_is_too_large(
    url: str, http: TestClient, settings: Settings, tmp_path: Path
) -> None:
    large = tmp_path / "large.safetensors"
    with large.open("wb") as file:
        file.truncate(settings.max_upload_bytes + 50_000_000)
    with Client(url, token=_token(http)) as client, pytest.raises(InvalidError, match="STILLHOUSE_MAX_UPLOAD_BYTES"):
        client.models.upload("teacher", large)
    assert kept(settings) == []


def test_who_may_not_have_the_name_is_told_before_sending(client: Client, settings: Settings) -> None:
    client.models.upload("teacher", SHIPPED, project="cars")
    with pytest.raises(ConflictError, match="belongs to a model of another project"):
        client.models.upload("teacher", SHIPPED)
    with pytest.raises(InvalidError, match="there is no data set 'nothing'"):
        client.models.upload("other", SHIPPED, evaluate_on="nothing")
    assert len(kept(settings)) == 1


def test_other_bodies_than_files_are_refused(http: TestClient, settings: Settings) -> None:
    answer = http.post(URL, json={"weights": "a.safetensors"})
    assert answer.status_code == 415
    assert "wanted: application/octet-stream" in answer.json()["detail"]
    assert kept(settings) == []


def test_other_methods_are_not_allowed_whatever_they_bring(http: TestClient) -> None:
    answer = http.put(URL, content=b"file", headers=BINARY)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_client_that_goes_away_leaves_nothing_behind(url: str, http: TestClient, settings: Settings) -> None:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    content = SHIPPED.read_bytes()
    head = (
        f"POST {URL} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {_token(http)}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((host, port)) as connection:
        connection.sendall(head.encode() + content[: 3 * 2**20])
        _until(lambda: bool(kept(settings)))
    _until(lambda: not kept(settings))
    assert http.get("/api/v1/models/teacher").status_code == 404


def _until(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_a_killed_process_left_is_removed_by_the_next_upload(client: Client, settings: Settings) -> None:
    folder = settings.storage / "uploads"
    folder.mkdir(parents=True)
    for name, age_s in (("old.part", 7200), ("new.part", 10)):
        (folder / name).write_bytes(b"half")
        moment = time.time() - age_s
        os.utime(folder / name, (moment, moment))
    client.models.upload("teacher", SHIPPED)
    assert not (folder / "old.part").exists()
    assert (folder / "new.part").exists()


def test_a_full_disk_is_told(client: Client, settings: Settings, http: TestClient) -> None:
    settings.storage.mkdir(parents=True, exist_ok=True)
    (settings.storage / "uploads").write_text("in the way")
    answer = http.post(URL, content=SHIPPED.read_bytes(), headers=BINARY)
    assert answer.status_code == 503
    assert "could not be kept" in answer.json()["detail"]


def test_the_command_line_uploads(run, tmp_path: Path) -> None:
    file = Path(shutil.copyfile(SHIPPED, tmp_path / "student.safetensors"))
    done = run("models", "register", "teacher", "--upload", file)
    assert done.exit_code == 0, done.stderr
    assert "checking" in done.stdout
    assert run("models", "register", "teacher", "--upload", tmp_path / "none").exit_code == Exit.WRONG_USE
    both = run("models", "register", "teacher", "--upload", file, "--path", "a")
    assert both.exit_code == Exit.WRONG_USE
    assert "one of --path, --upload, --job and --torchvision" in both.stderr
