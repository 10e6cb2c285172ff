"""The compose file on an engine: brought up with the override, seen healthy, given a job, and taken down."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.jobs.schemas import Job
from service.sdk import Client
from tests.composed.file import COMPOSE, ROOT, Composition
from tests.composed.running import relayed
from tests.factories import small_job
from tests.images.engine import Engine, Failed, run
from tests.images.plan import COMPOSE as COMPOSE_IMAGE
from tests.stack import wait_for
from workers.spec import JobFolder

PROFILE = "cpu"
SPEC = small_job("in images")
_HEALTHY_WITHIN_S = 600
_PROJECT = "com.docker.compose.project=stillhouse"
_MAKE_DATA = """
import shutil, subprocess, sys
from importlib.resources import files
from pathlib import Path
data = Path("/var/lib/stillhouse/data")
scenes = ["--out", str(data / "digit-scenes"), "--train", "48", "--val", "16"]
subprocess.run([sys.executable, "-m", "trainer.data.digit_scenes", *scenes], check=True)
(data / "teachers").mkdir()
shutil.copyfile(files("service") / "recipes" / "digits" / "teacher.safetensors", data / "teachers/digits.safetensors")
"""
_LIST_BUCKET = """
import boto3, os
client = boto3.client("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"])
print(*(one["Key"] for one in client.list_objects_v2(Bucket="mlflow", Prefix="artifacts/").get("Contents", [])))
"""


@dataclass(frozen=True)
class Container:
    """What the engine says of a container."""

    name: str
    state: str
    health: str
    code: int

    @property
    def is_well(self) -> bool:
        """Healthy; or at its end without an error, where it has no health to be asked for."""
        return self.health == "healthy" or (not self.health and self.state == "exited" and self.code == 0)


class Services:
    """The services of the compose file on an engine that has a network of its own."""

    def __init__(self, engine: Engine, folder: Path, override: Path, secrets: Mapping[str, str]) -> None:
        self._engine = engine
        self._folder = folder
        self._override = override
        self._secrets = secrets

    def up(self, composition: Composition) -> None:
        """Returns when all are healthy."""
        self._compose("down", "--volumes")  # of a run that was killed
        self._compose("up", "--detach", "--no-build")
        deadline = time.monotonic() + _HEALTHY_WITHIN_S
        while True:
            found = self.containers()
            if len(found) == len(composition.services) and all(one.is_well for one in found):
                return
            if time.monotonic() > deadline:
                unwell = [f"{one.name}: {one.state} {one.health} {one.code}" for one in found if not one.is_well]
                raise Failed(f"not healthy after {_HEALTHY_WITHIN_S} s: {'; '.join(unwell)}; see {self._folder}")
            time.sleep(1)

    def down(self) -> None:
        for one in self.containers():
            run(self._engine.command("logs", one.name), self._folder / f"{one.name}.log")
        self._compose("down", "--volumes", "--timeout", "30")

    @property
    def state(self) -> Path:
        """The volume that service and workers share."""
        return self._engine.folder / "data" / "volumes" / "stillhouse_state" / "_data"

    def student_of(self, job: Job) -> Path:
        return JobFolder(self.state / "storage", job.id).work / "student.safetensors"

    def containers(self) -> list[Container]:
        ids = self._engine.ask("ps", "--all", "--quiet", "--filter", f"label={_PROJECT}").split()
        states = json.loads(self._engine.ask("inspect", *ids)) if ids else []
        return [
            Container(
                one["Name"].removeprefix("/"), one["State"]["Status"],
                one["State"].get("Health", {}).get("Status", ""), one["State"]["ExitCode"],
            )
            for one in states
        ]  # fmt: skip

    def within(self, service: str, *words: str) -> str:
        """What a command says that runs in the container of a service."""
        return self._engine.ask("exec", f"stillhouse-{service}-1", *words)

    @contextmanager
    def client(self) -> Iterator[Client]:
        """The API as the owner."""
        token = self.within("api", "python", "-m", "service.access", "--token")
        with self._transport() as transport, Client("http://127.0.0.1:8470", token=token, transport=transport) as found:
            yield found

    def send_job(self) -> Job:
        """A small job on small data, from the API to its end."""
        self.within(f"ray-worker-{PROFILE}", "python", "-c", _MAKE_DATA)
        with self.client() as client:
            return wait_for(client, client.jobs.submit(SPEC).id, "succeeded")

    def artifacts_of(self, job: Job) -> list[str]:
        """Its files in the bucket, asked from within MLflow's container."""
        keys = self.within("mlflow", "python", "-c", _LIST_BUCKET).split()
        return [key for key in keys if f"/{job.mlflow_run_id}/" in key]

    def dashboard(self) -> str:
        with self._transport() as transport, httpx.Client(transport=transport) as client:
            return client.get("http://127.0.0.1:8470/").raise_for_status().text

    @contextmanager
    def _transport(self) -> Iterator[httpx.HTTPTransport]:
        with relayed(self._engine.inside(), "127.0.0.1", 8470, self._folder, os.environ) as found:
            yield found

    def _compose(self, *words: str) -> None:
        """Compose runs in a container, too; secrets reach it by name, so that no list of processes shows them."""
        mounts = [f"{self._engine.socket}:/var/run/docker.sock", f"{ROOT}:{ROOT}:ro", f"{self._folder}:{self._folder}"]
        given = [word for mount in mounts for word in ("--volume", mount)]
        given += [word for name in self._secrets for word in ("--env", name)]
        files = ["--file", str(COMPOSE), "--file", str(self._override), "--profile", PROFILE]
        command = self._engine.command("run", "--rm", "--network", "host", *given, COMPOSE_IMAGE, *files, *words)
        run(command, self._folder / "compose.log", environment=self._secrets)
