"""CrossKD: the student's head features go through the teacher's head (Wang et al., 2024, arXiv:2306.11369).

What comes out, the cross-head predictions, is taught by the teacher's own predictions. So the student's head is free
to follow its labels where those contradict the teacher.

Shapes: N = images, A = priors per location, K = classes, H and W = one pyramid level.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from trainer.distill.tensors import at_least_float32, require_same_shapes
from trainer.distributed import shared_count


def cross_head_loss(
    cross_logits: Sequence[Tensor], teacher_logits: Sequence[Tensor], *, num_positives: int, beta: float = 1.0
) -> Tensor:
    """Quality focal loss of the cross-head class predictions, with the teacher's scores as soft targets.

    Binary cross-entropy weighted by the distance of the two scores to the power of `beta`, summed over everything
    and divided by the number of positive priors. Computed in float32 (float64 stays as it is). The teacher's
    predictions get no gradient; its head is passed through, so its parameters have to be frozen.

    Args:
        cross_logits: per level [N, A*K, H, W], the student's features through the teacher's head.
        teacher_logits: per level [N, A*K, H, W].
        num_positives: positive priors of the batch.
        beta: how much less the places count where both agree already; the paper's value is 1.

    Returns:
        A scalar; 0 with a graph for a batch without images.

    Raises:
        ValueError: the lists differ in length or shapes.
    """
    require_same_shapes(cross_logits, teacher_logits, "cross-head logits")
    levels = []
    with torch.autocast(device_type=cross_logits[0].device.type, enabled=False):
        for cross, teacher in zip(cross_logits, teacher_logits, strict=True):
            logits, target = at_least_float32(cross), at_least_float32(teacher.detach()).sigmoid()
            entropy = binary_cross_entropy_with_logits(logits, target, reduction="none")
            distance = (logits.sigmoid() - target).abs().pow(beta)
            levels.append((entropy * distance).sum())
    return torch.stack(levels).sum() / shared_count(num_positives, device=cross_logits[0].device)
