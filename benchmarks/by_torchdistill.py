"""The step of whole-map imitation as torchdistill makes it, with our detectors, to stand beside ours.

torchdistill has no rank mimicking and no PFI; feature imitation over the whole map is what both can express with the
same student, teacher, adaptation convolutions and optimiser. It finds the pyramid's levels by hooks on named modules,
so the levels pass through modules here: the adaptation on the student's side, identities on the teacher's. The teacher
skips its box branch as ours does.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable

import torch
from torch import Tensor, nn

from trainer.data.batches import Batch, Target
from trainer.detectors import DenseDetector, DenseOutputs
from trainer.distill.adaptation import Adaptation
from trainer.distill.teacher import Teacher
from trainer.spec.optimization import OptimizerSpec

IS_THERE = importlib.util.find_spec("torchdistill") is not None


class _TaughtStudent(nn.Module):
    """The student as torchdistill takes one: images and targets to a dictionary of losses."""

    def __init__(self, detector: DenseDetector, adaptation: Adaptation) -> None:
        super().__init__()
        self.detector, self.levels = detector, adaptation.levels

    def forward(self, images: Tensor, targets: tuple[Target, ...]) -> dict[str, Tensor]:
        outputs: DenseOutputs = self.detector(images)
        for phi, level in zip(self.levels, outputs.features, strict=True):
            phi(level)
        return self.detector.loss(outputs, self.detector.assign(outputs, targets))


class _WatchedTeacher(nn.Module):
    """The teacher, its levels seen by hooks."""

    def __init__(self, teacher: Teacher, num_levels: int) -> None:
        super().__init__()
        self.detector, self._ask = teacher.detector, teacher
        self.levels = nn.ModuleList(nn.Identity() for _ in range(num_levels))

    def forward(self, images: Tensor) -> DenseOutputs:
        outputs = self._ask(images)
        for watched, level in zip(self.levels, outputs.features, strict=True):
            watched(level)
        return outputs


def whole_map_step(student: DenseDetector, teacher: Teacher, optimizer: OptimizerSpec) -> Callable[[Batch], Tensor]:
    """One optimiser step of the student's loss plus whole-map imitation of weight 1; returns the total loss."""
    from torchdistill.core.distillation import DistillationBox

    logging.getLogger("torchdistill").setLevel(logging.WARNING)
    num_levels = len(student.strides)
    channels, wanted = student.spec.fpn_channels, teacher.detector.spec.fpn_channels
    adaptation = Adaptation([channels] * num_levels, [wanted] * num_levels)
    paths = [f"levels.{level}" for level in range(num_levels)]
    terms = {
        path: {
            "criterion": {"key": "MSELoss", "kwargs": {}},
            "criterion_wrapper": {
                "key": "SimpleLossWrapper",
                "kwargs": {
                    "input": {"is_from_teacher": False, "module_path": path, "io": "output"},
                    "target": {"is_from_teacher": True, "module_path": path, "io": "output"},
                },
            },
            "weight": 1 / num_levels,
        }
        for path in paths
    }
    hooks = {"input": [], "output": paths}
    config = {
        "num_epochs": 1,
        "teacher": {"requires_grad": False, "forward_proc": "forward_batch_only", "forward_hook": hooks},
        "student": {"forward_proc": "forward_batch_target", "forward_hook": hooks},
        "optimizer": {
            "key": "AdamW",
            "kwargs": {"lr": optimizer.learning_rate, "weight_decay": optimizer.weight_decay},
            "max_grad_norm": optimizer.max_gradient_norm,
        },
        "criterion": {
            "key": "WeightedSumLoss",
            "func2extract_model_loss": "extract_model_loss_dict",
            "kwargs": {"model_term": {"weight": 1.0}, "sub_terms": terms},
        },
    }
    box = DistillationBox(
        _WatchedTeacher(teacher, num_levels), _TaughtStudent(student.train(), adaptation), {}, config,
        torch.device("cpu"), None, False, 1.0,
    )  # fmt: skip

    def step(batch: Batch) -> Tensor:
        loss: Tensor = box.forward_process(batch.images, batch.targets)
        box.post_forward_process(loss)
        return loss.detach()

    return step
