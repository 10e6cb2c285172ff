"""The compose file's commands as running services, for tests."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from service.stack.processes import end_with_parent
from tests.composed.file import COMPOSE, ROOT, Changes, variables
from tests.composed.machines import enter_machine, processes_in, signal_all

_READY_WITHIN_S = 600
_ENDS_WITHIN_S = 40
_NAMESPACES = ("unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc")


def missing() -> str | None:
    """What is needed and is not here; None where all is."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need Linux and root"
    for program in ("ip", "unshare", "nsenter"):
        if shutil.which(program) is None:
            return f"there is no program {program} (packages iproute2 and util-linux)"
    done = subprocess.run([*_NAMESPACES, "true"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"namespaces cannot be made here: {done.stderr.strip()}"


def new_secrets() -> dict[str, str]:
    """A value for every variable that the compose file asks for."""
    return {name: secrets.token_hex(16) for name in sorted(variables(COMPOSE.read_text(encoding="utf-8")))}


@dataclass
class Composed:
    """All services of a profile, healthy."""

    folder: Path
    secrets: Mapping[str, str]
    pid: int
    """The first process of the namespaces, as seen from outside."""

    @property
    def state(self) -> Path:
        """The volume that service and workers share."""
        return self.folder / "volumes" / "state"

    def inside(
        self, name: str, words: Sequence[str], *, environment: Mapping[str, str] | None = None, timeout_s: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the machine of a service, with its environment."""
        given = self._environment(name) | dict(environment or {})
        return subprocess.run(
            [*self._enter(name), *words], env=given, cwd=ROOT, capture_output=True, text=True, check=False,
            timeout=timeout_s,
        )  # fmt: skip

    @contextmanager
    def transport(self, name: str, host: str, port: int) -> Iterator[httpx.HTTPTransport]:
        """Requests that leave from the machine of a service, whatever address they name."""
        with relayed(self._enter(name), host, port, self.folder, self._environment(name)) as found:
            yield found

    def processes(self, name: str) -> list[psutil.Process]:
        """Those that run in the machine of a service now."""
        found = []
        for process in processes_in(self._status()[name]["network"]):
            with suppress(psutil.NoSuchProcess):
                found.append(psutil.Process(process))
        return found

    def kill(self, name: str) -> None:
        """End all processes in the machine of a service at once; it begins again where the file says so."""
        signal_all(self._status()[name]["network"], signal.SIGKILL)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Meanwhile the machine of a service stands still."""
        network = self._status()[name]["network"]
        signal_all(network, signal.SIGSTOP)
        try:
            yield
        finally:
            signal_all(network, signal.SIGCONT)

    @contextmanager
    def unplugged(self, name: str) -> Iterator[None]:
        """Meanwhile nothing gets into the machine of a service and nothing out of it but by its volumes."""
        self._plug(name, "down")
        try:
            yield
        finally:
            self._plug(name, "up")

    def _plug(self, name: str, state: str) -> None:
        for link in self._status()[name]["links"]:
            enter = ["nsenter", "--target", str(self.pid), "--net", "--"]
            subprocess.run([*enter, "ip", "link", "set", link, state], check=True)

    def _status(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads((self.folder / "status.json").read_text())
        return found

    def _environment(self, name: str) -> dict[str, str]:
        environment: dict[str, str] = self._status()[name]["environment"]
        return environment

    def _enter(self, name: str) -> list[str]:
        """First the namespaces of all, in which the process ids of the status are right, then those of the machine."""
        all_of_them = ["nsenter", "--target", str(self.pid), "--mount", "--pid", "--"]
        return [*all_of_them, *enter_machine(self._status()[name]["pid"])]


@contextmanager
def relayed(
    enter: Sequence[str], host: str, port: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[httpx.HTTPTransport]:
    """Requests that leave from the namespaces into which the words `enter` lead."""
    path = folder / f"{secrets.token_hex(4)}.sock"
    command = [*enter, sys.executable, "-m", "tests.composed.relay", str(path), host, str(port)]
    relay = subprocess.Popen(command, env=environment, cwd=ROOT, preexec_fn=end_with_parent)
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline, f"no relay by {' '.join(enter)}"
        time.sleep(0.05)
    try:
        yield httpx.HTTPTransport(uds=str(path))
    finally:
        for process in [*psutil.Process(relay.pid).children(recursive=True), psutil.Process(relay.pid)]:
            process.terminate()
        relay.wait(timeout=20)


@contextmanager
def running(profile: str, changes: Changes) -> Iterator[Composed]:
    """Start the services, and end them with all their processes."""
    folder = Path(tempfile.mkdtemp(prefix="stillhouse-composed-", dir="/var/tmp"))  # each machine has its own /tmp
    given = new_secrets()
    command = [*_NAMESPACES, sys.executable, "-m", "tests.composed", str(folder), profile, json.dumps(asdict(changes))]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **given, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_until_healthy(process, folder)
        [first] = psutil.Process(process.pid).children()
        yield Composed(folder, given, first.pid)
    finally:
        below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _, left = psutil.wait_procs(below, timeout=10)
        shutil.rmtree(folder, ignore_errors=True)
        assert left == [], f"these outlived the services: {left}"


def _wait_until_healthy(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while not (folder / "status.json").exists():
        late = time.monotonic() > deadline
        if process.poll() is not None or late:
            raise RuntimeError(f"the services {'took too long' if late else 'failed'}:\n{(folder / 'log').read_text()}")
        time.sleep(0.3)
