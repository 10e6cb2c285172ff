"""The trainings of the crash test, and what each gives when nothing interrupts it.

`python -m tests.crash.trainings NAME DATA OUT` trains one without any orchestrator and writes what it logged.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.factories import small_training
from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec

# Measured by the clock, so never the same twice.
TIMED_METRICS = frozenset(
    {"train/images_per_second", "cost/student_latency_ms", "cost/teacher_latency_ms", "diagnostics/seconds"}
)


def _training(**fields: Any) -> TrainingSpec:
    cadence = {"log_every_steps": 3, "evaluate_every_steps": 30, "checkpoint_every_steps": 10}
    return TrainingSpec.model_validate(small_training(**{"device": "cpu", **cadence, **fields}))


TRAININGS = {
    "short": _training(steps=30, distil=False, seed=1),
    "plain": _training(steps=80, distil=False, seed=2),
    "long": _training(steps=160, distil=False, seed=3),
    "distil": _training(steps=40, distil=True, seed=4),
}


@dataclass(frozen=True)
class Reference:
    """What an uninterrupted training gave."""

    digest: str
    metrics: dict[str, float]
    logged: dict[str, dict[int, float]]  # by metric, by step


def student_digest(path: Path) -> str:
    """Changes with every bit of the weights and of what is written about them; safetensors shuffles the latter."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8 : 8 + size]), sort_keys=True)
    return hashlib.sha256(header.encode() + content[8 + size :]).hexdigest()


def reference(name: str, *, data: Path, out: Path) -> Reference:
    """Train `name` in a process of its own."""
    command = [sys.executable, "-m", "tests.crash.trainings", name, str(data), str(out)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    found = json.loads((out / "reference.json").read_text())
    logged = {key: {int(step): value for step, value in points.items()} for key, points in found["logged"].items()}
    return Reference(student_digest(out / "student.safetensors"), found["metrics"], logged)


class _Recorder(NullReporter):
    """Keeps every metric point."""

    def __init__(self) -> None:
        self.logged: dict[str, dict[int, float]] = {}

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        for key, value in metrics.items():
            self.logged.setdefault(key, {})[step] = value


def _record(name: str, data: Path, out: Path) -> None:
    from trainer.training import train

    recorder = _Recorder()
    result = train(TRAININGS[name], out=out, data_root=data, reporter=recorder)
    (out / "reference.json").write_text(json.dumps({"metrics": result.metrics, "logged": recorder.logged}))


if __name__ == "__main__":
    _record(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
