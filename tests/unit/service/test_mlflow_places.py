"""MLflow's database and bucket are made where they are missing, on a real PostgreSQL and S3-compatible server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service.stack.mlflow_places import PlaceError, provide_bucket, provide_database
from service.stack.ports import free_ports, is_free
from tests.postgresql import Databases

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret-of-the-key", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture
def objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An object storage with its address and keys in the environment; the folder has a folder for each bucket."""
    [port] = free_ports(1)
    (tmp_path / "objects").mkdir()
    command = [str(Path(sys.executable).parent / "rclone"), "serve", "s3", "--config", "/dev/null"]
    where = ["--addr", f"127.0.0.1:{port}", "--auth-key", "key,secret-of-the-key", str(tmp_path / "objects")]
    process = subprocess.Popen([*command, *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while is_free("127.0.0.1", port):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for name, value in {**KEYS, "MLFLOW_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}"}.items():
        monkeypatch.setenv(name, value)
    yield tmp_path / "objects"
    process.terminate()
    process.wait(timeout=20)


def test_a_bucket_is_made_once_and_then_left_alone(objects: Path) -> None:
    provide_bucket("s3://mlflow/artifacts")
    assert [one.name for one in objects.iterdir()] == ["mlflow"]
    (objects / "mlflow" / "kept").write_text("x")
    provide_bucket("s3://mlflow/artifacts")
    assert (objects / "mlflow" / "kept").read_text() == "x"


def test_wrong_keys_are_said_with_bucket_and_address(objects: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "guessed")
    with pytest.raises(PlaceError, match=r"bucket 'mlflow' at http://127.0.0.1:\d+ is not for us.*403"):
        provide_bucket("s3://mlflow/artifacts")
    assert list(objects.iterdir()) == []


def test_an_object_storage_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**KEYS, "MLFLOW_S3_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(PlaceError, match="cannot be asked for"):
        provide_bucket("s3://mlflow/artifacts")


def test_a_folder_needs_no_bucket_and_sqlite_no_server(tmp_path: Path) -> None:
    provide_bucket(str(tmp_path))
    provide_database(f"sqlite:///{tmp_path / 'mlflow.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_made_once_and_then_left_alone(postgresql: tuple[Databases, str]) -> None:
    databases, _ = postgresql
    url = databases.url("mlflow-of-the-tests")
    provide_database(url)
    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    provide_database(url)
    with psycopg.connect(plain) as connection:
        connection.execute("SELECT id FROM kept")
    databases.drop("mlflow-of-the-tests")


def test_a_server_that_is_away_is_said_without_the_password() -> None:
    with pytest.raises(PlaceError, match=r"MLflow's database 'mlflow' cannot be opened at 127\.0\.0\.1") as raised:
        provide_database("postgresql+psycopg://somebody:hunter2@127.0.0.1:9/mlflow")
    assert "hunter2" not in str(raised.value)
