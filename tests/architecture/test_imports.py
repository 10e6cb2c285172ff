"""Light modules stay light: what they pull in is looked at in a fresh process."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"torch", "torchvision", "ray", "mlflow", "optuna", "pycocotools", "numpy", "pandas"}
REMOTE = {"fsspec", "s3fs", "boto3", "botocore", "aiobotocore"}
SERVER = {"fastapi", "starlette", "sqlalchemy", "alembic", "uvicorn"}
FORBIDDEN = {
    "service.app": HEAVY | REMOTE,
    "service.api": HEAVY | REMOTE,
    "service.reconciler.process": HEAVY | REMOTE | {"fastapi"},
    "service.cli.main": HEAVY | REMOTE | SERVER,
    "service.sdk": HEAVY | SERVER | {"typer"},
    "workers.spec": HEAVY | SERVER | {"httpx"},
    "workers.checks.__main__": HEAVY | REMOTE | SERVER | {"httpx"},
    "workers.storage.place": HEAVY | REMOTE | SERVER | {"httpx"},
    "workers.checks.dataset": (HEAVY - {"numpy"}) | SERVER | {"httpx"},
    "trainer.spec": HEAVY | SERVER | {"httpx"},
}


@pytest.mark.parametrize("module", FORBIDDEN)
def test_a_light_module_pulls_in_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert set(result.stdout.split()) & FORBIDDEN[module] == set()
