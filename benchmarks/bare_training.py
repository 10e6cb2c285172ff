"""A training as a plain Ray job would run it, that leaves a file behind at its first step.

    python benchmarks/bare_training.py SPEC OUT DATA_ROOT

`OUT/first-step` appears when the first step is done. Used by `latency`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from trainer.__main__ import read_spec
from trainer.reporting import NullReporter
from trainer.training import train


class FirstStep(NullReporter):
    """Touches a file when the metrics of the first step come."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        if step == 1:
            self._path.touch()


def main(spec: Path, out: Path, data_root: Path) -> None:
    out.mkdir(parents=True)
    train(read_spec(spec), out=out, data_root=data_root, reporter=FirstStep(out / "first-step"))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
