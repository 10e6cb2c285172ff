"""What a detector costs: parameters, operations and time for one image."""

from __future__ import annotations

import math
import statistics
import time

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from trainer.detectors import DenseDetector

_NUM_WARM = 1
_NUM_TIMED = 3


@torch.no_grad()
def model_costs(detector: DenseDetector, *, image_size_px: int) -> dict[str, float]:
    """`parameters`, `gflops` (billions of multiplications and additions) and `latency_ms` of one square image.

    The latency is the median of three forwards without NMS on the detector's device. The detector comes back in
    the mode it was in.
    """
    was_training = detector.training
    detector.eval()
    side_px = math.ceil(image_size_px / detector.size_divisor) * detector.size_divisor
    device = next(detector.parameters()).device
    image = torch.zeros(1, 3, side_px, side_px, dtype=torch.uint8, device=device)
    with FlopCounterMode(display=False) as counter:
        detector(image)
    milliseconds = [_time_ms(detector, image) for _ in range(_NUM_WARM + _NUM_TIMED)][_NUM_WARM:]
    detector.train(was_training)
    return {
        "parameters": float(sum(parameter.numel() for parameter in detector.parameters())),
        "gflops": counter.get_total_flops() / 1e9,
        "latency_ms": statistics.median(milliseconds),
    }


def _time_ms(detector: DenseDetector, image: Tensor) -> float:
    _wait_for(image.device)
    started = time.perf_counter()
    detector(image)
    _wait_for(image.device)
    return 1000 * (time.perf_counter() - started)


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
