"""API, reconcilers, MLflow and PostgreSQL as processes of a drill, ended with it."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from psycopg import sql

from service.access.owner import owner_token
from service.db import migrate
from service.sdk import Client
from service.settings import Settings
from service.stack.ports import free_ports
from service.stack.processes import Child, Command, descendants, end, start
from tests import postgresql

UP_WITHIN_S = 300.0


@dataclass
class Service:
    """Use as a context manager. All starts happen on the thread that made it."""

    settings: Settings
    token: str = ""
    api: psutil.Process | None = None
    _children: list[Child] = field(default_factory=list)
    # making a client takes longer than most answers
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60, trust_env=False))

    def __enter__(self) -> Service:
        self.settings.storage.mkdir(parents=True, exist_ok=True)
        migrate(self.settings.database_url)
        self.token = owner_token(self.settings.database_url, self.settings.state)
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        end(descendants(child.process.pid for child in self._children), patience_s=10)
        for child in self._children:
            child.process.wait()

    def start(self, name: str, module: str, environment: Mapping[str, str] | None = None) -> psutil.Process:
        log = self.settings.state / "logs" / f"{name}.log"
        added = {**self.settings.as_environment(), **(environment or {})}
        self._children.append(start(Command(name, [sys.executable, "-m", module], added, log)))
        return psutil.Process(self._children[-1].process.pid)

    def start_reconciler(
        self, name: str = "reconciler", environment: Mapping[str, str] | None = None
    ) -> psutil.Process:
        return self.start(name, "service.reconciler", environment)

    def start_api(self, name: str = "api", environment: Mapping[str, str] | None = None) -> str:
        """Returns its URL when it answers."""
        [port] = free_ports(1)
        self.api = self.start(name, "service.api", {"STILLHOUSE_PORT": str(port), **(environment or {})})
        url = f"http://127.0.0.1:{port}"
        wait_until(
            lambda: answers(f"{url}/healthz"), UP_WITHIN_S, f"{name} answers, see {self.settings.state / 'logs'}"
        )
        return url

    def client(self, url: str, **how: int) -> Client:
        return Client(url, token=self.token, timeout_s=60, **how)

    def asked(self, url: str, method: str, path: str, **how: Any) -> httpx.Response:
        """The bare answer to a request of the owner's, sent once."""
        headers = {"Authorization": f"Bearer {self.token}", **how.pop("headers", {})}
        return self._http.request(method, f"{url}{path}", headers=headers, **how)


def lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def wait_until(holds: Callable[[], bool], timeout_s: float, what: str, *, every_s: float = 0.1) -> float:
    """Returns after how many seconds it held. Raises TimeoutError."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > timeout_s:
            raise TimeoutError(f"waited {timeout_s:g} s until {what}")
        time.sleep(every_s)
    return time.monotonic() - began


class MlflowServer:
    """The product's own MLflow server, which can be frozen, killed and started again on the same data and port.

    As a context manager it is started, and not waited for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        [self._port] = free_ports(1)
        self.url = f"http://127.0.0.1:{self._port}"
        self._child: Child | None = None

    def __enter__(self) -> MlflowServer:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self.thaw()
            end(descendants([self._child.process.pid]), patience_s=5)
            self._child.process.wait()

    def start(self) -> None:
        arguments = [
            *(sys.executable, "-m", "service.stack.mlflow_server", "--port", str(self._port)),
            *("--store", f"sqlite:///{self._folder / 'mlflow.db'}", "--artifacts", str(self._folder / "artifacts")),
        ]
        environment = {"MLFLOW_DISABLE_TELEMETRY": "true", "GIT_PYTHON_REFRESH": "quiet"}
        self._child = start(Command("mlflow", arguments, environment, self._folder / "mlflow.log"))

    @property
    def process(self) -> psutil.Process:
        assert self._child is not None
        return psutil.Process(self._child.process.pid)

    def wait(self) -> float:
        """Wait until it answers; returns how long that took."""
        return wait_until(lambda: answers(f"{self.url}/health"), UP_WITHIN_S, "MLflow answers")

    def freeze(self) -> None:
        """Connections are taken and never answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        assert self._child is not None
        self._signal(signal.SIGKILL)
        self._child.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        for process in descendants([self._child.process.pid]):
            process.send_signal(number)


class PostgresServer:
    """PostgreSQL that keeps what it has promised; can be stopped and started again."""

    def __init__(self, folder: Path, log: Path) -> None:
        """`folder` is empty and may be reached by the user that PostgreSQL runs as."""
        self._folder, self._log = folder, log
        postgresql.prepare(folder)
        [self._port] = free_ports(1)
        self.url = postgresql.url(self._port)
        self.admin_url = postgresql.url(self._port, driver="")
        self._child: Child | None = None

    def start(self) -> None:
        self._child = start(postgresql.command(self._folder, self._port, self._log))
        postgresql.wait_until_up(self._port)

    def new_database(self, name: str) -> str:
        """Returns its URL."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return postgresql.url(self._port, name)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends all connections and shuts down in order."""
        if self._child is not None:
            self._child.process.send_signal(number)
            self._child.process.wait(60)

    @property
    def runs(self) -> bool:
        return self._child is not None and self._child.process.poll() is None

    def __enter__(self) -> PostgresServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.runs:
            self.stop(signal.SIGQUIT)


@contextmanager
def postgres(log: Path) -> Iterator[PostgresServer]:
    with postgresql.new_folder() as folder, PostgresServer(folder, log) as server:
        yield server
