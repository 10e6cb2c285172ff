"""The real stack for tests: `stillhouse up` as a process, small digit scenes and the shipped teacher."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from service.jobs.lifecycle import FINAL
from service.jobs.schemas import Job
from service.sdk import Client
from service.stack.ports import free_ports

ROOT = Path(__file__).parents[1]
READY_WITHIN_S = 600
PATIENCE_S = 900  # for what takes seconds on a quiet machine: a test is of what happens, not of how soon


@dataclass
class RunningStack:
    """A running `stillhouse up`."""

    process: subprocess.Popen[bytes]
    url: str
    state: Path

    @property
    def token(self) -> str:
        """The owner's token."""
        return (self.state / "owner-token").read_text().strip()

    @property
    def headers(self) -> dict[str, str]:
        """What a plain HTTP request needs to be the owner's."""
        return {"Authorization": f"Bearer {self.token}"}

    def client(self) -> Client:
        """A client with the owner's rights."""
        return Client(self.url, token=self.token)

    @property
    def ray_url(self) -> str:
        return str(json.loads((self.state / "stack.json").read_text())["ray_url"])

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def stop(self, number: signal.Signals = signal.SIGINT) -> list[psutil.Process]:
        """Send Ctrl-C, wait, and return the processes that are still there (there should be none)."""
        before = self.processes() if self.process.poll() is None else []
        self.process.send_signal(number)
        self.process.wait(timeout=PATIENCE_S)
        return [process for process in before if is_alive(process)]


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def start_stack(state: Path, environment: Mapping[str, str] | None = None) -> RunningStack:
    """Start the stack on `state`, with more variables in its environment, and wait until it is ready."""
    state.mkdir(parents=True, exist_ok=True)
    [port] = free_ports(1)
    log = state / "up.log"
    command = [sys.executable, "-m", "service.cli.main", "up", "--state", str(state), "--port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, "STILLHOUSE_STATE": "", **(environment or {})},
        )  # fmt: skip
    stack = RunningStack(process, f"http://127.0.0.1:{port}", state)
    deadline = time.monotonic() + READY_WITHIN_S
    while not is_ready(stack.url):
        if process.poll() is not None or time.monotonic() > deadline:
            if process.poll() is None:
                stack.stop()
            raise RuntimeError(f"the stack did not start:\n{log.read_text()}")
        time.sleep(0.3)
    return stack


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).is_success
    except httpx.HTTPError:
        return False


def make_data(data_root: Path, *, train: int = 48, val: int = 16) -> None:
    """Small digit scenes and the shipped teacher, where the recipes look for them."""
    command = [sys.executable, "-m", "trainer.data.digit_scenes", "--out", str(data_root / "digit-scenes")]
    subprocess.run([*command, "--train", str(train), "--val", str(val)], cwd=ROOT, check=True, capture_output=True)
    (data_root / "teachers").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "recipes/digits/teacher.safetensors", data_root / "teachers/digits.safetensors")


def wait_until(done: Callable[[], bool], found: Callable[[], object] = lambda: None, every_s: float = 0.2) -> None:
    """Ask `done` until it is so; what `found` says is shown where it never is."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, f"not after {PATIENCE_S} s; found: {found()}"
        time.sleep(every_s)


def wait_for(client: Client, job_id: str, *states: str, timeout_s: float = PATIENCE_S) -> Job:
    """Wait until a job is in one of `states`; fails where it ended in another one."""
    deadline = time.monotonic() + timeout_s
    while True:
        job = client.jobs.get(job_id)
        if job.state in states:
            return job
        ended = job.state in FINAL
        assert not ended, f"wanted {states}, found {job.state}: {job.reason}\n{client.jobs.logs(job_id).text[-3000:]}"
        assert time.monotonic() < deadline, f"still {job.state} ({job.reason}) after {timeout_s} s"
        time.sleep(0.3)
