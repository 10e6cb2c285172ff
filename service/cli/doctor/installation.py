"""Python, packages, and what torch sees. Nothing heavy is imported here: torch is asked in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from service.cli.doctor.finding import Finding, fail, ok, warn

OLDEST_PYTHON = (3, 11)
EXTRAS = {
    "trainer": ("torch", "torchvision", "pycocotools", "faster-coco-eval", "safetensors"),
    "workers": ("ray", "aiohttp", "mlflow", "optuna", "psutil"),
    "service": ("fastapi", "uvicorn", "sqlalchemy", "aiosqlite", "psycopg", "alembic", "scipy"),
}
_TORCH_WITHIN_S = 120
_ASK_TORCH = """
import json, torch, torchvision
boxes = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
torchvision.ops.nms(boxes, torch.ones(1), 0.5)
gpus = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
print(json.dumps({"torch": torch.__version__, "cuda": torch.version.cuda, "gpus": gpus}))
"""


def can_run_the_stack() -> bool:
    """Whether this is more than the client alone."""
    return _is_there("fastapi") or _is_there("ray")


def examine(worker_python: str, *, quick: bool) -> Iterator[Finding]:
    yield _python()
    for extra, packages in EXTRAS.items():
        yield _packages(extra, packages)
    if _is_there("torch") and not quick:
        yield _torch(worker_python)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST_PYTHON))
    if sys.version_info < OLDEST_PYTHON:
        return fail("Python", f"{found} at {sys.executable}, wanted {wanted} or newer", f"install Python {wanted}")
    return ok("Python", f"{found} at {sys.executable}")


def _packages(extra: str, packages: tuple[str, ...]) -> Finding:
    name = f"packages of {extra}"
    there = [package for package in packages if _is_there(package)]
    missing = [package for package in packages if package not in there]
    if not there:
        return ok(name, "not installed; only a machine that runs the stack or trains needs them")
    if missing:
        return fail(name, f"missing: {', '.join(missing)}", f"pip install 'stillhouse[{extra}]'")
    return ok(name, ", ".join(f"{package} {version(package)}" for package in there))


def _is_there(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _torch(python: str) -> Finding:
    """What the Python of the attempts can do: import both, run torchvision's operators, see GPUs."""
    name = "torch"
    try:
        result = subprocess.run(
            [python, "-c", _ASK_TORCH], capture_output=True, text=True, timeout=_TORCH_WITHIN_S, check=False
        )
    except OSError as error:
        remedy = "set STILLHOUSE_WORKER_PYTHON to the Python in which stillhouse[workers] is installed"
        return fail(name, f"{python} cannot be run: {error.strerror}", remedy)
    except subprocess.TimeoutExpired:
        return fail(
            name, f"not imported within {_TORCH_WITHIN_S} s", "look at the disk and at the load of this machine"
        )
    if result.returncode != 0:
        said = result.stderr.strip().splitlines()
        remedy = (
            "torch and torchvision have to come from the same build: pip install --force-reinstall torch torchvision"
        )
        return fail(name, f"does not work: {said[-1] if said else f'exit code {result.returncode}'}", remedy)
    return _gpus(json.loads(result.stdout.strip().splitlines()[-1]), _gpus_of_the_driver())


def _gpus(seen: dict[str, Any], driver: int | None) -> Finding:
    """`driver` is the number of GPUs that the driver sees; None where there is no driver."""
    words = f"torch {seen['torch']}"
    if seen["gpus"]:
        return ok("torch", f"{words} with CUDA {seen['cuda']} sees {len(seen['gpus'])} GPUs: {', '.join(seen['gpus'])}")
    if driver:
        build = "was built without CUDA" if seen["cuda"] is None else f"was built for CUDA {seen['cuda']}"
        remedy = "install a torch for this driver's CUDA version (nvidia-smi names it), or a newer driver"
        return warn("torch", f"{words} sees no GPU although the driver has {driver}; it {build}", remedy)
    return ok("torch", f"{words}, no GPU here: trainings use the CPU")


def _gpus_of_the_driver() -> int | None:
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    try:
        result = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=30, check=False)
    except subprocess.TimeoutExpired:
        return None
    return sum(line.startswith("GPU ") for line in result.stdout.splitlines())
