"""Prediction-guided feature imitation (Li et al., 2022, arXiv:2112.04840): imitate where predictions differ.

Shapes: N = images, Q = feature channels, A = priors per location, K = classes, H and W = one pyramid level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from trainer.distill.tensors import at_least_float32, require_same_shapes, squared_gap
from trainer.distributed import mean_over_ranks


def prediction_guided_imitation_loss(
    student_features: Sequence[Tensor],
    teacher_features: Sequence[Tensor],
    *,
    student_logits: Sequence[Tensor],
    teacher_logits: Sequence[Tensor],
    space: Literal["logits", "scores"] = "scores",
    reduction: Literal["mean", "l2"] = "mean",
    detach_weight: bool = False,
    normalize: bool = False,
) -> Tensor:
    """Squared feature gap of each location, weighted by its squared prediction gap, averaged over the levels.

    Computed in float32 (float64 stays as it is), also under autocast; the teacher's tensors get no gradient.

    Args:
        student_features: per level [N, Q, H, W], already adapted to the teacher's channels.
        teacher_features: per level [N, Q, H, W].
        student_logits: per level [N, A*K, H, W].
        teacher_logits: per level [N, A*K, H, W], its classes in the student's order.
        space: compare predictions as probabilities (sigmoid) or as logits.
        reduction: "mean" averages P * F over images and locations; "l2" takes the L2 norm of each image's map of
            P * F, divided by its area, and averages that over the images.
        detach_weight: no gradient flows through the prediction gap P.
        normalize: P is divided by its mean over the level.

    Returns:
        A scalar; 0 with a graph for a batch without images.

    Raises:
        ValueError: the lists differ in length, or teacher and student in shape.
    """
    require_same_shapes(student_features, teacher_features, "features")
    require_same_shapes(student_logits, teacher_logits, "logits")
    if len(student_features) != len(student_logits):
        raise ValueError(f"found {len(student_features)} levels of features and {len(student_logits)} of logits")
    levels = []
    with torch.autocast(device_type=student_features[0].device.type, enabled=False):
        for number, feature_NQHW in enumerate(student_features):
            gap_NHW = squared_gap(feature_NQHW, teacher_features[number])
            logits = student_logits[number].detach() if detach_weight else student_logits[number]
            weight_NHW = _prediction_gap(logits, teacher_logits[number], space)
            if normalize:
                weight_NHW = weight_NHW / _floored(mean_over_ranks(_mean(weight_NHW)))
            levels.append(_REDUCTIONS[reduction](weight_NHW * gap_NHW))
    return torch.stack(levels).mean()


def _prediction_gap(student_logits: Tensor, teacher_logits: Tensor, space: str) -> Tensor:
    student, teacher = at_least_float32(student_logits), at_least_float32(teacher_logits.detach())
    if space == "scores":
        student, teacher = student.sigmoid(), teacher.sigmoid()
    return squared_gap(student, teacher)


def _mean(weighted_NHW: Tensor) -> Tensor:
    return weighted_NHW.sum() / max(1, weighted_NHW.numel())


def _l2(weighted_NHW: Tensor) -> Tensor:
    """Norm over each image's map, divided by the area. The gradient of a norm at 0 is NaN, so 0 is kept away."""
    num_images, height, width = weighted_NHW.shape
    squares_N = weighted_NHW.square().sum(dim=(1, 2))
    is_zero = squares_N == 0
    norm_N = torch.where(is_zero, 0.0, torch.where(is_zero, 1.0, squares_N).sqrt())
    return norm_N.sum() / (max(1, num_images) * height * width)


_REDUCTIONS = {"mean": _mean, "l2": _l2}


def _floored(mean: Tensor) -> Tensor:
    """Keep a mean of 0 (teacher and student agree everywhere) from becoming a division by 0."""
    return mean.clamp(min=torch.finfo(mean.dtype).tiny)
