"""Make a weights file small enough to ship: rounded to half precision, and evaluated as it will be used.

python -m trainer.publish STUDENT.safetensors TEACHER.safetensors [--data-root DIR]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from trainer.data.coco import read_split
from trainer.detectors import DetectorCard, load_detector, save_detector
from trainer.errors import InputError
from trainer.evaluation import Evaluator


def publish(source: Path, target: Path, *, data_root: Path) -> DetectorCard:
    """Write the weights of `source` in half precision to `target`, with the AP (percent) that they have then.

    Raises:
        InputError: the weights or the validation data of their training cannot be read.
    """
    detector, card = load_detector(source)
    save_detector(target, detector, card, dtype=torch.float16)
    rounded, _ = load_detector(target)
    if card.training is None or card.training.data.val is None:
        raise InputError(f"{source} does not say how it was trained, so there is no data to evaluate it on")
    evaluator = Evaluator(
        read_split(card.training.data.val, data_root=data_root),
        image_size_px=card.image_size_px,
        short_side_px=card.short_side_px,
        batch_size=card.training.batch_size,
        num_workers=0,
        device=torch.device("cpu"),
    )
    metrics = {f"val/{name}": value for name, value in evaluator.evaluate(rounded).items()}
    published = card.model_copy(update={"metrics": metrics})
    save_detector(target, detector, published, dtype=torch.float16)
    return published


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns 0, or 2 when something cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m trainer.publish", description=publish.__doc__)
    parser.add_argument("source", type=Path, help="student.safetensors of a finished training")
    parser.add_argument("target", type=Path, help="file to write")
    parser.add_argument("--data-root", type=Path, default=Path(), help="where relative paths of its training start")
    given = parser.parse_args(arguments)
    try:
        card = publish(given.source, given.target, data_root=given.data_root)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    size_mb = given.target.stat().st_size / 1e6
    print(f"{given.target}: {size_mb:.1f} MB, AP {card.metrics['val/AP']:.1f}, AP50 {card.metrics['val/AP50']:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
