"""The embedded stack: starts its processes, watches over them, and ends them without leaving any behind."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import httpx
import psutil

from service.access.owner import owner_token
from service.db import migrate
from service.stack.commands import Layout, commands
from service.stack.ports import free_ports, is_free
from service.stack.processes import Child, Command, adopt_orphans, adopted, descendants, end, reap, start
from workers.storage.objects import is_uri

logger = logging.getLogger(__name__)

DEFAULT_PORT = 8470
READY_WITHIN_S = 120.0
MAX_RESTART_DELAY_S = 30.0
STEADY_AFTER_S = 60.0
CHECKPOINT_PATIENCE_S = 8.0


class StackError(Exception):
    """The stack cannot start; the message says why and what to do."""


@dataclass
class Watched:
    """A command, its process while it runs, and when to start it again."""

    command: Command
    child: Child | None = None
    failures: int = 0
    start_at: float = 0.0


class Stack:
    """The processes of one state folder. Use as a context manager; leaving it ends everything."""

    def __init__(
        self, state: Path, *, host: str = "127.0.0.1", port: int | None = None, cpus: int | None = None,
        gpus: int | None = None, storage: str = "", tell: Callable[[str], None] = lambda line: None,
    ) -> None:  # fmt: skip
        self._tell = tell
        self._state = state.resolve()
        self._lock = _lock(self._state)
        _end_leftovers(self._state, tell)
        mlflow, ray, ray_dashboard, ray_client, ray_agent = free_ports(5)
        self.layout = Layout(
            state=self._state,
            host=host,
            port=_api_port(host, port),
            mlflow_port=mlflow,
            ray_port=ray,
            ray_dashboard_port=ray_dashboard,
            ray_client_port=ray_client,
            ray_agent_port=ray_agent,
            ray_temp=Path(tempfile.mkdtemp(prefix="stillhouse-ray-")),  # Ray's sockets need a short path
            cpus=cpus or len(os.sched_getaffinity(0)),
            gpus=gpus,
            storage=storage,
        )
        self._watched = [Watched(command) for command in commands(self.layout)]
        self._last_record = 0.0
        self.token = ""

    def __enter__(self) -> Self:
        adopt_orphans()
        environment = self.layout.environment()
        for folder in (environment["STILLHOUSE_STORAGE"], environment["STILLHOUSE_DATA"]):
            if not is_uri(folder):
                Path(folder).mkdir(parents=True, exist_ok=True)
        migrate(environment["STILLHOUSE_DATABASE_URL"])
        self.token = owner_token(environment["STILLHOUSE_DATABASE_URL"], self._state)
        self.tend()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def tend(self) -> None:
        """Start what is not running; call it about twice a second."""
        reap()
        now = time.monotonic()
        for watched in self._watched:
            if watched.child is not None and watched.child.process.poll() is not None:
                self._after_death(watched)
            if watched.child is None and now >= watched.start_at:
                watched.child = start(watched.command)
        if now - self._last_record > 2:
            self._record()
            self._last_record = now

    def is_ready(self) -> bool:
        """Whether API, database, MLflow and Ray all answer."""
        try:
            return httpx.get(f"{self.layout.url}/readyz", timeout=5).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def sign_in_link(self) -> str:
        """An address that signs a browser in as the owner, once and soon. The stack must be ready."""
        reply = httpx.post(
            f"{self.layout.url}/api/v1/session/codes", headers={"Authorization": f"Bearer {self.token}"}, timeout=15
        )
        return self.layout.url + str(reply.raise_for_status().json()["path"])

    def wait_until_ready(self, should_stop: Callable[[], bool]) -> None:
        """Tend the processes until the stack can take jobs, or `should_stop`.

        Raises:
            StackError: it could not within two minutes; says what is missing and where its log is.
        """
        deadline = time.monotonic() + READY_WITHIN_S
        while not should_stop() and not self.is_ready():
            self.tend()
            if time.monotonic() > deadline:
                raise StackError(f"the stack is not ready after {READY_WITHIN_S:.0f} s; logs: {self._state / 'logs'}")
            time.sleep(0.2)

    def close(self) -> None:
        """End every process that this stack started, directly or not, and release the state folder."""
        front = [w.child.process.pid for w in self._watched if w.child and w.command.name in ("api", "reconciler")]
        end(descendants(front), patience_s=4)
        ours = descendants([os.getpid()])
        end([process for process in ours if _is_attempt(process)], patience_s=CHECKPOINT_PATIENCE_S)
        end(descendants([os.getpid()]), patience_s=2)
        stubborn = end(descendants([os.getpid()]), patience_s=1)
        if stubborn:
            self._tell(f"had to kill {', '.join(str(process.pid) for process in stubborn)}")
        shutil.rmtree(self.layout.ray_temp, ignore_errors=True)
        _record_path(self._state).unlink(missing_ok=True)
        self._lock.close()

    def _after_death(self, watched: Watched) -> None:
        child = watched.child
        assert child is not None
        watched.child = None
        steady = time.monotonic() - child.started_at > STEADY_AFTER_S
        watched.failures = 1 if steady else watched.failures + 1
        delay_s = min(MAX_RESTART_DELAY_S, 0.5 * 2**watched.failures)
        watched.start_at = time.monotonic() + delay_s
        self._tell(
            f"{watched.command.name} ended with code {child.process.returncode}; "
            f"starting it again in {delay_s:.0f} s (log: {watched.command.log})"
        )
        if watched.command.name == "ray":  # what it left running would hold its ports
            end(descendants(child.pid for child in adopted()), patience_s=2)

    def _record(self) -> None:
        """Remember every process by id and start time, for a next start after this one was killed."""
        processes = [[p.pid, p.create_time()] for p in descendants([os.getpid()])]
        path = _record_path(self._state)
        draft = path.with_suffix(".draft")
        urls = {"url": self.layout.url, "ray_url": self.layout.ray_url, "mlflow_url": self.layout.mlflow_url}
        urls["ray_address"] = f"127.0.0.1:{self.layout.ray_port}"
        draft.write_text(json.dumps({**urls, "pid": os.getpid(), "processes": processes}))
        draft.replace(path)


def _record_path(state: Path) -> Path:
    return state / "stack.json"


def _lock(state: Path) -> IO[str]:
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (state / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        where = "elsewhere"
        if _record_path(state).exists():
            record = json.loads(_record_path(state).read_text())
            where = f"at {record['url']} (process {record['pid']})"
        raise StackError(
            f"Stillhouse already runs on {state}, {where}; end it first or choose another --state"
        ) from None
    return file


def _end_leftovers(state: Path, tell: Callable[[str], None]) -> None:
    """End what a killed supervisor left behind, recognised by process id and start time."""
    path = _record_path(state)
    if not path.exists():
        return
    found = []
    for pid, created in json.loads(path.read_text())["processes"]:
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 0.5:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    if found:
        tell(f"ending {len(found)} processes that an earlier start left behind")
        end(descendants(process.pid for process in found), patience_s=2)
    path.unlink()


def _is_attempt(process: psutil.Process) -> bool:
    """Whether this is an attempt, which writes a checkpoint when it is asked to end."""
    try:
        return "workers.entrypoint" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def _api_port(host: str, wanted: int | None) -> int:
    if wanted is not None:
        if not is_free(host, wanted):
            raise StackError(f"port {wanted} is in use; choose another with --port, or leave it out")
        return wanted
    return DEFAULT_PORT if is_free(host, DEFAULT_PORT) else free_ports(1)[0]
