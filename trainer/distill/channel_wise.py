"""CWD: channel-wise distillation (Shu et al., 2021, arXiv:2011.13256).

Shapes: N = images, Q = feature channels, H and W = one pyramid level.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from trainer.distill.tensors import at_least_float32, require_same_shapes


def channel_wise_loss(
    student_features: Sequence[Tensor], teacher_features: Sequence[Tensor], *, temperature: float = 1.0
) -> Tensor:
    """KL divergence of each channel's softmax over the map, from the teacher's to the student's.

    Multiplied by the squared temperature, averaged over images and channels, summed over the levels. Computed in
    float32 (float64 stays as it is); the teacher gets no gradient.

    Args:
        student_features: per level [N, Q, H, W], already adapted to the teacher's channels.
        teacher_features: per level [N, Q, H, W].
        temperature: above 1 spreads both distributions over the map.

    Returns:
        A scalar; 0 with a graph for a batch without images.

    Raises:
        ValueError: the lists differ in length or shapes, or the temperature is not positive.
    """
    require_same_shapes(student_features, teacher_features, "features")
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}; wanted a number above 0")
    levels = []
    with torch.autocast(device_type=student_features[0].device.type, enabled=False):
        for student, teacher in zip(student_features, teacher_features, strict=True):
            log_student = (at_least_float32(student).flatten(2) / temperature).log_softmax(dim=2)
            log_teacher = (at_least_float32(teacher.detach()).flatten(2) / temperature).log_softmax(dim=2)
            divergence = (log_teacher.exp() * (log_teacher - log_student)).sum()
            levels.append(divergence * temperature**2 / max(1, student.shape[0] * student.shape[1]))
    return torch.stack(levels).sum()
