"""`stillhouse doctor`: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from service.sdk import Client, StillhouseError
from service.settings import Settings

_PACKAGES = {
    "trainer": ("torch", "torchvision", "pycocotools", "safetensors"),
    "workers": ("ray", "mlflow", "optuna"),
    "service": ("fastapi", "uvicorn", "sqlalchemy", "aiosqlite", "alembic"),
}
_LOW_DISK_BYTES = 5 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def examine(client: Client, settings: Settings) -> Iterator[Finding]:
    yield _python()
    for extra, packages in _PACKAGES.items():
        yield _packages(extra, packages)
    yield _disk(settings.state)
    yield from _server(client)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"{found}, wanted 3.11 or newer")


def _packages(extra: str, packages: tuple[str, ...]) -> Finding:
    there, missing = [], []
    for package in packages:
        try:
            there.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        how = f"pip install 'stillhouse[{extra}]'"
        return Finding(f"packages of {extra}", False, f"missing: {', '.join(missing)}; install them with: {how}")
    return Finding(f"packages of {extra}", True, ", ".join(there))


def _disk(state: Path) -> Finding:
    folder = next(path for path in (state, *state.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    words = f"{free / 1024**3:.1f} GiB free at {folder}"
    return Finding("disk", free >= _LOW_DISK_BYTES, words if free >= _LOW_DISK_BYTES else f"{words}, wanted at least 5")


def _server(client: Client) -> Iterator[Finding]:
    try:
        health = client.cluster.health()
        cluster = client.cluster.get()
    except StillhouseError as error:
        yield Finding("API", False, str(error))
        return
    yield Finding("API", True, f"version {health.version} at {client.url}")
    ray = "does not answer; jobs wait until it does"
    if cluster.ray_state == "up":
        ray = f"{cluster.cpus_used:g} of {cluster.cpus_total:g} CPUs and "
        ray += f"{cluster.gpus_used:g} of {cluster.gpus_total:g} GPUs in use"
    yield Finding("Ray", cluster.ray_state == "up", ray)
    mlflow = "answers" if cluster.mlflow_state == "up" else "does not answer; there are no curves until it does"
    yield Finding("MLflow", cluster.mlflow_state == "up", mlflow)
    active = cluster.reconciler_state == "up"
    words = "one is active" if active else "none is active, so nothing is started: python -m service.reconciler"
    yield Finding("reconciler", active, words)
