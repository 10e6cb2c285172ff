"""The client installed alone, as a script or a colleague's laptop has it: small, and working."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.exits import Exit
from tests.unit.service.conftest import *  # noqa: F403  # the application on a fresh database

ROOT = Path(__file__).parents[2]
NEVER = {"torch", "torchvision", "ray", "mlflow", "fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "numpy"}
SCRIPT = """
import asyncio, sys
from service.sdk import AsyncClient, Client, NotFoundError

with Client() as client:
    [job] = client.jobs.each()
    assert client.jobs.get(job.id).spec.kind == "job"
    try:
        client.jobs.get("job-none")
    except NotFoundError as error:
        print(error)

async def main():
    async with AsyncClient() as client:
        return [job.id async for job in client.jobs.each()]

print(*asyncio.run(main()))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that has the client and nothing else."""
    folder = tmp_path_factory.mktemp("client") / "environment"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    command = [*uv, "pip", "install", "--quiet", "--python", python, "--constraint", ROOT / "constraints.txt"]
    environment = {**os.environ, "STILLHOUSE_SKIP_WEB": "1"}
    subprocess.run([*command, f"{ROOT}[client]"], check=True, env=environment)
    return folder / "bin"


@pytest.fixture(autouse=True)
def token(owner: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run is the owner's."""
    monkeypatch.setenv("STILLHOUSE_TOKEN", owner["Authorization"].removeprefix("Bearer "))


def run(program: Path, *arguments: str, url: str = "http://127.0.0.1:9") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"STILLHOUSE_URL": url, "STILLHOUSE_STATE": str(program.parent / "state")}
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=program.parent
    )


def test_nothing_heavy_is_installed_with_the_client(installed: Path) -> None:
    code = "from importlib.metadata import distributions; print(*{d.name.lower() for d in distributions()})"
    assert not set(run(installed / "python", "-c", code).stdout.split()) & NEVER
    imported = "import sys, service.sdk, service.cli.main; print(service.__file__, *sys.modules)"
    found = run(installed / "python", "-c", imported).stdout.split()
    assert str(installed.parent) in found[0]
    assert not set(found) & NEVER


def test_the_command_line_works_alone(installed: Path, url: str) -> None:
    stillhouse = installed / "stillhouse"
    assert "Submit a job" in run(stillhouse, "--help").stdout
    submitted = run(stillhouse, "submit", "digits/baseline", "--set", "num_steps=7", url=url)
    assert submitted.returncode == 0, submitted.stderr
    listed = json.loads(run(stillhouse, "list", "--json", url=url).stdout)
    assert [job["id"] for job in listed["items"]] == [submitted.stdout.strip()]
    assert run(stillhouse, "list").returncode == Exit.UNREACHABLE


def test_what_needs_more_says_what_to_install(installed: Path, url: str) -> None:
    refused = run(installed / "stillhouse", "up")
    assert refused.returncode == Exit.WRONG_USE
    assert "pip install 'stillhouse[workers,service]'" in refused.stderr
    looked = json.loads(run(installed / "stillhouse", "doctor", "--json", url=url).stdout)
    statuses = {finding["name"]: finding["status"] for finding in looked["findings"]}
    assert statuses["packages of trainer"] == statuses["service"] == "ok"
    assert "database" not in statuses


def test_the_sdk_works_alone(installed: Path, url: str) -> None:
    job_id = run(installed / "stillhouse", "submit", "digits/baseline", url=url).stdout.strip()
    said = run(installed / "python", "-c", SCRIPT, url=url)
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines() == ["there is no job 'job-none'", job_id]
