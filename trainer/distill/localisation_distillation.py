"""LD: localisation distillation (Zheng et al., 2022, arXiv:2102.12252), for boxes predicted as distributions (GFL).

Shapes: Q = candidates, R = bins of each edge's distribution.
"""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.distill.tensors import at_least_float32, require_same_shapes
from trainer.distributed import shared_count


def localisation_distillation_loss(
    student_logits: Tensor, teacher_logits: Tensor, *, temperature: float = 10.0
) -> Tensor:
    """KL divergence of each box edge's distribution over its bins, from the teacher's to the student's.

    Multiplied by the squared temperature; mean over the four edges and the candidates. Computed in float32 (float64
    stays as it is); the teacher gets no gradient.

    Args:
        student_logits: [Q, 4, R], logits over the bins of the left, top, right and bottom distance.
        teacher_logits: [Q, 4, R], of the same candidates.
        temperature: the paper's value is 10.

    Returns:
        A scalar; 0 with a graph without candidates.

    Raises:
        ValueError: the shapes differ, or the temperature is not positive.
    """
    require_same_shapes([student_logits], [teacher_logits], "edge distributions")
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}; wanted a number above 0")
    with torch.autocast(device_type=student_logits.device.type, enabled=False):
        log_student = (at_least_float32(student_logits) / temperature).log_softmax(dim=2)
        log_teacher = (at_least_float32(teacher_logits.detach()) / temperature).log_softmax(dim=2)
        divergence = (log_teacher.exp() * (log_teacher - log_student)).sum() * temperature**2
        return divergence / (4 * shared_count(student_logits.shape[0], device=student_logits.device))
