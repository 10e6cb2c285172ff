"""The API and MLflow without Ray and without a reconciler, for what asks nothing of a cluster."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from service.stack.commands import Layout
from service.stack.ports import free_ports
from service.stack.processes import Command

READY_WITHIN_S = 180


def layout_in(folder: Path) -> Layout:
    """Where the servers find their ports and files."""
    port, mlflow_port = free_ports(2)
    unused = {f"ray_{name}port": 1 for name in ("", "dashboard_", "client_", "agent_")}
    return Layout(
        state=folder, host="127.0.0.1", port=port, mlflow_port=mlflow_port, ray_temp=folder, cpus=1, gpus=0, **unused
    )


@contextmanager
def serving(command: Command, *, ready: str, **settings: str) -> Iterator[None]:
    """Run a server until the block ends; enters it when `ready` answers.

    Raises:
        RuntimeError: it ended, or did not answer in time; with the end of its log.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("STILLHOUSE_")}
    command.log.parent.mkdir(parents=True, exist_ok=True)
    with command.log.open("wb") as log:
        child = subprocess.Popen(
            command.arguments, env={**inherited, **command.environment, **settings}, stdout=log, stderr=log
        )
        try:
            if not _answers(ready, child):
                raise RuntimeError(f"nothing answers at {ready}:\n{command.log.read_text(errors='replace')[-4000:]}")
            yield
        finally:
            child.terminate()
            child.wait(timeout=30)


def _answers(address: str, child: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and child.poll() is None:
        try:
            if httpx.get(address, trust_env=False, timeout=5).is_success:
                return True
        except httpx.HTTPError:
            time.sleep(0.2)
    return False
