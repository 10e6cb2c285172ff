"""Soft labels (Hinton et al., 2015, arXiv:1503.02531), for detectors whose classes are independent sigmoids.

Shapes: Q = candidates, K = classes.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from trainer.distill.tensors import at_least_float32, require_same_shapes
from trainer.distributed import shared_count


def soft_label_loss(
    student_logits: Tensor,
    teacher_logits: Tensor,
    *,
    num_positives: int | None = None,
    temperature: float = 1.0,
) -> Tensor:
    """KL divergence from the teacher's class probabilities to the student's, each class on its own.

    The logits are divided by the temperature and the result is multiplied by its square, which keeps the size of
    the gradients (section 2 of the paper). Computed in float32 (float64 stays as it is); the teacher gets no
    gradient.

    Args:
        student_logits: [Q, K] logits of the candidates.
        teacher_logits: [Q, K], of the same candidates and classes.
        num_positives: by what the sum is divided; by default the number of candidates.
        temperature: above 1 softens both.

    Returns:
        A scalar: the sum over classes and candidates per positive; 0 with a graph without candidates.

    Raises:
        ValueError: the shapes differ, or the temperature is not positive.
    """
    require_same_shapes([student_logits], [teacher_logits], "logits")
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}; wanted a number above 0")
    with torch.autocast(device_type=student_logits.device.type, enabled=False):
        student = at_least_float32(student_logits) / temperature
        teacher = at_least_float32(teacher_logits.detach()) / temperature
        yes = teacher.sigmoid() * (logsigmoid(teacher) - logsigmoid(student))
        no = (-teacher).sigmoid() * (logsigmoid(-teacher) - logsigmoid(-student))
        count = student.shape[0] if num_positives is None else num_positives
        return (yes + no).sum() * temperature**2 / shared_count(count, device=student.device)
