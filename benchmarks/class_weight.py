"""What a heavier class term does to FCOS and ATSS on the digit scenes: `python -m benchmarks.class_weight`.

The students of `benchmarks.detectors`, trained by the trainer alone, with the classification term of their own loss
multiplied. It tells whether their scores or their boxes are what is learned late. 10 minutes on two cores.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import MethodType

import yaml
from torch import Tensor

from benchmarks.machine import conditions
from service.presets.logic import recipes_folder
from trainer.data.digit_scenes import make_digit_scenes
from trainer.detectors.dense import DenseDetector
from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec
from trainer.training import train

REPORT = Path(__file__).parent / "results" / "class_weight.md"
Loss = Callable[..., dict[str, Tensor]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", default=["fcos", "atss"])
    parser.add_argument("--weights", type=float, nargs="+", default=[1.0, 4.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=600)
    given = parser.parse_args()
    weights, seeds = (" ".join(f"{value:g}" for value in values) for values in (given.weights, given.seeds))
    lines = [
        "# The weight of the class term",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.class_weight --weights {weights} --seeds {seeds} --steps {given.steps}`,"
        " by the trainer alone",
        "",
        "AP in percent at the last step.",
        "",
        "| student | weight of the class term | " + " | ".join(f"seed {seed}" for seed in given.seeds) + " | mean |",
        "| --- | --- |" + " --- |" * (len(given.seeds) + 1),
    ]
    with tempfile.TemporaryDirectory(prefix="stillhouse-class-weight-") as folder:
        make_digit_scenes(Path(folder) / "digit-scenes")
        for kind in given.kinds:
            for weight in given.weights:
                aps = [_ap(kind, weight, seed, given.steps, Path(folder)) for seed in given.seeds]
                cells = " | ".join(f"{ap:.1f}" for ap in aps)
                lines.append(f"| {kind} | {weight:g} | {cells} | {statistics.mean(aps):.1f} |")
                print(lines[-1], flush=True)
    REPORT.write_text("\n".join(lines) + "\n")


def _ap(kind: str, weight: float, seed: int, steps: int, folder: Path) -> float:
    document = yaml.safe_load((recipes_folder() / "digits" / "baseline.yaml").read_text())["training"]
    document["student"]["kind"] = kind
    spec = TrainingSpec.model_validate(document | {"seed": seed, "num_steps": steps, "evaluate_every_steps": steps})
    out = folder / f"{kind}-{weight:g}-{seed}"
    out.mkdir()
    real = DenseDetector.__init__

    def with_weight(self: DenseDetector, *args: object, **kwargs: object) -> None:
        real(self, *args, **kwargs)  # type: ignore[arg-type]
        self.loss = MethodType(_weighted(type(self).loss, weight), self)  # type: ignore[method-assign]

    DenseDetector.__init__ = with_weight  # type: ignore[method-assign]
    try:
        result = train(spec, out=out, data_root=folder, reporter=NullReporter())
    finally:
        DenseDetector.__init__ = real  # type: ignore[method-assign]
    return result.metrics["val/AP"]


def _weighted(loss: Loss, weight: float) -> Loss:
    def weighted(*args: object, **kwargs: object) -> dict[str, Tensor]:
        terms = loss(*args, **kwargs)
        return terms | {"classification": weight * terms["classification"]}

    return weighted


if __name__ == "__main__":
    main()
