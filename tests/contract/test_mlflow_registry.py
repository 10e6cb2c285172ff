"""What we rely on in MLflow: its model registry and artifacts, on the fake of the unit tests and on a real server."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from service.clients.mlflow_artifacts import MlflowArtifacts
from service.clients.mlflow_registry import MlflowRefused, MlflowRegistry
from service.stack.ports import free_ports
from tests.unit.service.fake_mlflow import FakeMlflow

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 600


@dataclass
class Server:
    """An MLflow with one run that has a loadable model and a file of ten bytes below `student/`."""

    http: httpx.AsyncClient
    run_id: str


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The URL of a real server, and a run."""
    folder = tmp_path_factory.mktemp("mlflow")
    [port] = free_ports(1)
    command = [sys.executable, "-m", "service.stack.mlflow_server", "--port", str(port)]
    command += ["--store", f"sqlite:///{folder}/mlflow.db", "--artifacts", str(folder / "artifacts")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _is_up(url):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.5)
        yield url, _make_run(url, folder)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def _make_run(url: str, folder: Path) -> str:
    """A run as an attempt leaves it, and beside its student one that was deleted, first and last."""
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModelOutput

    from workers.runs import log_student, log_student_model

    weights = folder / "student.safetensors"
    weights.write_bytes(b"0123456789")
    client = MlflowClient(url)
    run = client.create_run(client.create_experiment("digits"))
    run_id, experiment_id = str(run.info.run_id), run.info.experiment_id
    log_student(client, run_id, weights)
    log_student_model(client, run_id, weights)
    for _ in range(4):  # ids are drawn, and a run lists its models by id
        gone = client.create_logged_model(experiment_id)
        client.log_outputs(run_id, [LoggedModelOutput(gone.model_id, step=0)])
        client.delete_logged_model(gone.model_id)
    return run_id


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.stack)])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    if request.param == "fake":
        fake = FakeMlflow(runs={"run-1": {}}, files={"run-1": {"student/student.safetensors": b"0123456789"}})
        fake.registry.deleted["run-1"] = ["m-gone"]
        found = Server(httpx.AsyncClient(base_url="http://mlflow", transport=fake), "run-1")
    else:
        url, run_id = request.getfixturevalue("real")
        found = Server(httpx.AsyncClient(base_url=url, trust_env=False), run_id)
    yield found
    await found.http.aclose()


async def test_a_version_is_made_found_again_by_its_tag_and_given_an_alias(server: Server) -> None:
    registry, name = MlflowRegistry(server.http), f"model-{uuid.uuid4().hex[:8]}"
    await registry.ensure_model(name)
    await registry.ensure_model(name)
    assert await registry.find_version(name, server.run_id, tag=("stillhouse.model_version", "a")) is None
    made = await registry.run_model(server.run_id)
    assert made is not None
    assert made.model_id is not None
    assert made.source.startswith("mlflow-artifacts:/")
    tags = {"stillhouse.model_version": "a", "sha256": "0" * 64}
    version = await registry.create_version(name, made, server.run_id, tags=tags, description="a student")
    assert version == "1"
    assert await registry.find_version(name, server.run_id, tag=("stillhouse.model_version", "a")) == "1"
    assert await registry.find_version(name, server.run_id, tag=("stillhouse.model_version", "b")) is None
    assert await registry.create_version(name, made, server.run_id, tags={}, description="") == "2"
    await registry.set_alias(name, "production", "1")
    await registry.set_alias(name, "production", "2")
    await registry.delete_alias(name, "production")
    await registry.delete_alias(name, "production")
    with pytest.raises(MlflowRefused):
        await registry.set_alias(name, "production", "9")


async def test_what_is_not_there_is_no_error_or_says_so(server: Server) -> None:
    registry = MlflowRegistry(server.http)
    assert await registry.run_model("f" * 32) is None
    assert await registry.find_version("nobody", server.run_id, tag=("a", "b")) is None
    await registry.delete_alias("nobody", "production")


async def test_the_files_of_a_run_are_listed_and_read(server: Server) -> None:
    files = MlflowArtifacts(server.http)
    found = {file.path: file.size_bytes for file in await files.files(server.run_id)}
    assert found["student/student.safetensors"] == 10
    async with files.open(server.run_id, "student/student.safetensors") as response:
        assert await response.aread() == b"0123456789"
    assert await files.files("f" * 32) == []


@pytest.mark.stack
async def test_a_registered_version_is_a_model_that_mlflow_finds(real: tuple[str, str]) -> None:
    import mlflow

    url, run_id = real
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        registry = MlflowRegistry(http)
        made = await registry.run_model(run_id)
        assert made is not None
        await registry.ensure_model("found")
        version = await registry.create_version("found", made, run_id, tags={}, description="")
        await registry.set_alias("found", "production", version)
    mlflow.set_tracking_uri(url)
    assert mlflow.models.get_model_info("models:/found@production").run_id == run_id
