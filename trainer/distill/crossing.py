"""The student's class features on their way through the last layers of the teacher's class branch, for CrossKD.

Shapes: N = images, A = the teacher's priors per location, K = common classes, H and W = one pyramid level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import torch
from torch import Tensor, nn

from trainer.detectors import DenseDetector, DenseOutputs
from trainer.distill.adaptation import Adaptation
from trainer.distill.class_alignment import with_classes
from trainer.distill.teacher import Teacher


class Crossing(nn.Module):
    """Listens to the student's class branch where gradients are wanted; the branches stay those of their detectors.

    `depths`: through how many of the teacher's convolutions the features go before its predicting one.
    """

    def __init__(self, student: DenseDetector, teacher: Teacher, depths: Iterable[int]) -> None:
        super().__init__()
        self._teacher = teacher
        self._depths = tuple(sorted(set(depths)))
        self._heard: dict[int, list[Tensor]] = {}
        num_levels = len(student.strides)
        channels = [student.spec.fpn_channels] * num_levels, [teacher.detector.spec.fpn_channels] * num_levels
        self.adaptations = nn.ModuleDict({str(depth): Adaptation(*channels) for depth in self._depths})
        for depth in self._depths:
            place = len(student.class_head.convs) - depth
            if place > 0:  # else the pyramid's features go through the teacher's whole branch
                self._heard[depth] = []
                student.class_head.convs[place - 1].register_forward_hook(_listener(self._heard[depth]))

    def begin(self) -> None:
        """Forget what was heard of an earlier batch."""
        for heard in self._heard.values():
            heard.clear()

    def logits(self, outputs: DenseOutputs) -> dict[int, tuple[Tensor, ...]]:
        """Cross-head logits by depth, per level [N, A*K, H, W]; `outputs` are the student's of this very batch."""
        found: dict[int, tuple[Tensor, ...]] = {}
        branch = self._teacher.detector.class_head
        for depth in self._depths:
            levels = self.adaptations[str(depth)](self._heard.get(depth, outputs.features))
            rest = branch.convs[len(branch.convs) - depth :]
            crossed = replace(
                outputs,
                class_logits=tuple(branch.predict(rest(level)) for level in levels),
                num_classes=self._teacher.detector.num_classes,
            )
            found[depth] = with_classes(crossed, self._teacher.alignment.teacher).class_logits
        return found


def _listener(heard: list[Tensor]) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
    """A plain function, so that copies of the student do not take what listens along."""

    def listen(layer: nn.Module, seen: tuple[Tensor, ...], found: Tensor) -> None:
        if torch.is_grad_enabled():  # an evaluation has no use for it, and would keep all it hears
            heard.append(found)

    return listen
