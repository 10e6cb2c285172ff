"""Every process of the stack as a child of this one: started, killed with SIGKILL, started again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import psutil

from service.access.owner import owner_token
from service.db import migrate
from service.stack.commands import Layout, commands
from service.stack.ports import free_ports
from service.stack.processes import Child, Command, adopt_orphans, adopted, descendants, end, reap, start
from tests import postgresql

DatabaseKind = Literal["sqlite", "postgresql"]
RESTART_AFTER_S = 1.0

# What can be killed, and how often each kind is drawn in comparison with the others. "reconciler" is the active one
# or the one that stands by; "attempt" is the process that trains, "supervisor" Ray's process that watches over it.
KINDS = {
    "api": 5,
    "reconciler": 5,
    "attempt": 5,
    "supervisor": 2,
    "mlflow": 3,
    "raylet": 2,
    "gcs": 2,
    "database": 3,
}


@dataclass(frozen=True)
class AttemptProcess:
    job_id: str
    number: int
    process: psutil.Process


@dataclass
class Member:
    """A command, its process while it runs, and when to start it again."""

    command: Command
    child: Child | None = None
    start_at: float = 0.0
    starts: int = 0


class Crew:
    """Use as a context manager; leaving it ends everything. All starts happen on the thread that made it."""

    def __init__(self, folder: Path, database: DatabaseKind, *, cpus: int, tell: Callable[[str], None]) -> None:
        self._tell = tell
        mlflow, ray, ray_dashboard, ray_client, ray_agent, api, database_port = free_ports(7)
        self.layout = Layout(
            state=folder,
            host="127.0.0.1",
            port=api,
            mlflow_port=mlflow,
            ray_port=ray,
            ray_dashboard_port=ray_dashboard,
            ray_client_port=ray_client,
            ray_agent_port=ray_agent,
            ray_temp=Path(tempfile.mkdtemp(prefix="stillhouse-ray-")),
            cpus=cpus,
            gpus=0,
        )
        self.database = database
        self._stack = ExitStack()
        if database == "postgresql":
            self._database_folder = self._stack.enter_context(postgresql.new_folder())
        self._database_port = database_port
        self.database_url = self.layout.environment()["STILLHOUSE_DATABASE_URL"]
        if database == "postgresql":
            self.database_url = postgresql.url(database_port)
        self.members = {command.name: Member(command) for command in self._commands()}

    def _commands(self) -> list[Command]:
        found: list[Command] = []
        if self.database == "postgresql":
            log = self.layout.state / "logs" / "database.log"
            found.append(replace(postgresql.command(self._database_folder, self._database_port, log), name="database"))
        for command in commands(self.layout):
            if "STILLHOUSE_DATABASE_URL" in command.environment:
                environment = {**command.environment, "STILLHOUSE_DATABASE_URL": self.database_url}
                command = replace(command, environment=environment)
            found.append(command)
            if command.name == "reconciler":
                second = "reconciler-2"
                found.append(replace(command, name=second, log=command.log.with_name(f"{second}.log")))
        return found

    @property
    def storage(self) -> Path:
        return Path(self.layout.environment()["STILLHOUSE_STORAGE"])

    def __enter__(self) -> Crew:
        adopt_orphans()
        for folder in (self.storage, self.layout.data):
            folder.mkdir(parents=True, exist_ok=True)
        if self.database == "postgresql":
            postgresql.prepare(self._database_folder)
            self._start(self.members["database"])
            postgresql.wait_until_up(self._database_port)
        migrate(self.database_url)
        self.token = owner_token(self.database_url, self.layout.state)
        self.tend()
        return self

    def __exit__(self, *_: object) -> None:
        front = [m.child.process.pid for name, m in self.members.items() if m.child and name != "database"]
        end(descendants(front), patience_s=5)
        end(descendants([os.getpid()]), patience_s=10)
        reap()
        for member in self.members.values():
            if member.child is not None:
                member.child.process.poll()
        shutil.rmtree(self.layout.ray_temp, ignore_errors=True)
        self._stack.close()

    def tend(self) -> None:
        """Start what is not running; call it several times a second."""
        reap()
        for member in self.members.values():
            if member.child is not None and member.child.process.poll() is not None:
                self._tell(f"{member.command.name} ended with code {member.child.process.returncode}")
                member.child = None
                member.start_at = time.monotonic() + RESTART_AFTER_S
                if member.command.name == "ray":
                    self._end_leftovers_of_ray()
            if member.child is None and time.monotonic() >= member.start_at:
                self._start(member)

    def _start(self, member: Member) -> None:
        member.child = start(member.command)
        member.starts += 1

    def _end_leftovers_of_ray(self) -> None:
        """What a dead Ray left would hold its ports. Attempts live on, as on another machine of a cluster."""
        left = [child for child in adopted() if child.pid not in self._attempt_family()]
        end(descendants(process.pid for process in left), patience_s=2)

    def _attempt_family(self) -> set[int]:
        """Attempts and the shells that Ray starts them with."""
        return {p.pid for p in descendants([os.getpid()]) if "workers.entrypoint" in " ".join(_command_line(p))}

    def starts(self, name: str) -> int:
        return self.members[name].starts

    def is_alive(self, pid: int) -> bool:
        return any(m.child is not None and m.child.process.pid == pid for m in self.members.values())

    def attempts(self) -> list[AttemptProcess]:
        """The processes that carry out attempts now."""
        found = (attempt_of(process, self.storage) for process in descendants([os.getpid()]))
        return [attempt for attempt in found if attempt is not None]

    def targets(self, kind: str) -> list[psutil.Process]:
        """The processes of a kind that run now."""
        if kind == "attempt":
            return [attempt.process for attempt in self.attempts()]
        if kind in ("raylet", "gcs", "supervisor"):
            ray = self.members["ray"].child
            below = descendants([ray.process.pid]) if ray is not None else []
            return [process for process in below if _is_of_ray(process, kind)]
        names = ("reconciler", "reconciler-2") if kind == "reconciler" else (kind,)
        children = [member.child for name, member in self.members.items() if name in names]
        return [psutil.Process(child.process.pid) for child in children if child is not None]

    def kill(self, kind: str, rng: random.Random) -> psutil.Process | None:
        """Kill one process of a kind; None where none runs."""
        found = sorted(self.targets(kind), key=lambda process: process.pid)
        if not found:
            return None
        victim = rng.choice(found)
        try:
            victim.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            return None
        return victim


def attempt_of(process: psutil.Process, storage: Path) -> AttemptProcess | None:
    """What a process carries out for the jobs in `storage`: Python itself, not the shell around it."""
    words = _command_line(process)
    if words[1:4] != ["-m", "workers.entrypoint", str(storage)] or len(words) != 6:
        return None
    parent = process.parent()
    if parent is not None and _command_line(parent) == words:  # a fork that has not become its own program yet
        return None
    return AttemptProcess(words[4], int(words[5]), process)


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return [] if process.status() == psutil.STATUS_ZOMBIE else process.cmdline()
    except psutil.NoSuchProcess:
        return []


def _is_of_ray(process: psutil.Process, kind: str) -> bool:
    words = _command_line(process)
    name = Path(words[0].split(" ")[0]).name if words else ""
    if kind == "supervisor":
        return name.startswith("ray::") and "JobSupervisor" in words[0]
    return name == {"raylet": "raylet", "gcs": "gcs_server"}[kind]
