"""The exponential moving average of the student's weights, which is evaluated and exported where it is on."""

from __future__ import annotations

import copy

import torch

from trainer.detectors import DenseDetector


class AverageWeights:
    """A copy of the student that follows it slowly. Early on it follows faster, so that it forgets the start."""

    def __init__(self, student: DenseDetector, *, decay: float) -> None:
        self.detector = copy.deepcopy(student).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, student: DenseDetector, *, step: int) -> None:
        """Follow the student after step `step`, counted from 0; counters and statistics of norms are copied."""
        decay = min(self.decay, (1 + step) / (10 + step))
        averaged = dict(self.detector.named_parameters())
        for name, parameter in student.named_parameters():
            averaged[name].lerp_(parameter, 1 - decay)
        buffers = dict(self.detector.named_buffers())
        for name, buffer in student.named_buffers():
            buffers[name].copy_(buffer)
