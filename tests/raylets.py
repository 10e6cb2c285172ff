"""The stack with several raylets on one machine: a head that takes no training, and nodes that can be lost."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from service.access.owner import owner_token
from service.db import migrate
from service.sdk import Client, StillhouseError
from service.stack.commands import Layout, commands
from service.stack.ports import free_ports
from service.stack.processes import Child, Command, descendants, end, start
from tests.crash.crew import attempt_of
from tests.drills.service import wait_until
from tests.stack import is_ready, make_data
from workers.spec import JobFolder

READY_WITHIN_S = 240.0
# Ray notices in some seconds what it takes up to a minute for by itself.
QUICK_RAY = {
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "3000",
    "RAY_health_check_failure_threshold": "4",
}


@dataclass
class Node:
    """A raylet with its agents and workers, as a machine that may be switched off."""

    command: Command
    child: Child | None = None

    def switch_on(self) -> None:
        self.child = start(self.command)

    def switch_off(self) -> None:
        """Kill everything on it at once."""
        assert self.child is not None
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.child.process.wait()
        self.child = None

    def processes(self) -> list[psutil.Process]:
        return [] if self.child is None else descendants([self.child.process.pid])

    def runs(self, *words: str) -> bool:
        """Whether it has a process with all of these words in its command line."""
        return any(all(word in line for word in words) for line in map(_command_line, self.processes()))


class Raylets:
    """Use as a context manager; leaving it ends everything. All starts happen on the thread that made it."""

    def __init__(self, folder: Path, *, nodes: int = 2, cpus: int = 1) -> None:
        names = ("port", "mlflow_port", "ray_port", "ray_dashboard_port", "ray_client_port", "ray_agent_port")
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        temp = Path(tempfile.mkdtemp(prefix="stillhouse-ray-"))
        self.layout = Layout(state=folder, host="127.0.0.1", ray_temp=temp, cpus=0, gpus=0, **ports)
        self._children: list[Child] = []
        environment = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "disabled", **QUICK_RAY}
        words = [sys.executable, "-m", "tests.raylet", f"127.0.0.1:{self.layout.ray_port}", str(cpus)]
        logs = folder / "logs"
        self.nodes = [Node(Command(f"node-{n}", words, environment, logs / f"node-{n}.log")) for n in range(nodes)]
        self.storage = folder / "storage"

    def __enter__(self) -> Raylets:
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        children = [*self._children, *(node.child for node in self.nodes if node.child is not None)]
        end(descendants(child.process.pid for child in children), patience_s=5)
        for child in children:
            child.process.wait()
        shutil.rmtree(self.layout.ray_temp, ignore_errors=True)

    def _begin(self) -> None:
        self.storage.mkdir(parents=True)
        make_data(self.layout.data)
        database_url = self.layout.environment()["STILLHOUSE_DATABASE_URL"]
        migrate(database_url)
        self._token = owner_token(database_url, self.layout.state)
        for command in commands(self.layout):
            environment = {**command.environment, **(QUICK_RAY if command.name == "ray" else {})}
            self._children.append(start(Command(command.name, command.arguments, environment, command.log)))
        wait_until(lambda: is_ready(self.layout.url), READY_WITHIN_S, f"the stack is ready, see {self.layout.state}")
        for node in self.nodes:
            node.switch_on()
        self.wait_for_nodes()

    def client(self) -> Client:
        return Client(self.layout.url, token=self._token)

    def folder(self, job_id: str) -> JobFolder:
        return JobFolder(self.storage, job_id)

    def wait_for_nodes(self) -> None:
        """Wait until Ray has all that are switched on, and the head.

        A raylet that gives up is started again: on a busy machine it takes longer than the time it gives itself.
        """
        wanted = 1 + sum(node.child is not None for node in self.nodes)

        def there() -> bool:
            for node in self.nodes:
                if node.child is not None and node.child.process.poll() is not None:
                    node.switch_on()
            try:
                with self.client() as client:
                    return len(client.cluster.get().nodes) == wanted
            except StillhouseError:
                return False

        wait_until(there, READY_WITHIN_S, f"Ray has {wanted} nodes")

    def all_on(self) -> None:
        for node in self.nodes:
            if node.child is None:
                node.switch_on()
        self.wait_for_nodes()

    def node_of(self, job_id: str) -> Node | None:
        """Where a process carries out an attempt of a job now."""
        return next((node for node in self.nodes if self._attempts(job_id, node)), None)

    def attempts(self, job_id: str) -> list[psutil.Process]:
        """The processes that carry out attempts of a job now, on whichever node."""
        return [process for node in self.nodes for process in self._attempts(job_id, node)]

    def _attempts(self, job_id: str, node: Node) -> list[psutil.Process]:
        found = (attempt_of(process, self.storage) for process in node.processes())
        return [attempt.process for attempt in found if attempt is not None and attempt.job_id == job_id]


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
