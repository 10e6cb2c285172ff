"""PKD: distillation by the Pearson correlation of features (Cao et al., 2022, arXiv:2207.02039).

Shapes: N = images, Q = feature channels, H and W = one pyramid level.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from trainer.distill.tensors import at_least_float32, require_same_shapes
from trainer.distributed import mean_over_ranks

_SMALLEST_VARIANCE = 1e-12


def pearson_imitation_loss(student_features: Sequence[Tensor], teacher_features: Sequence[Tensor]) -> Tensor:
    """Half the mean squared difference of standardised features, summed over the levels.

    Each channel of each level is brought to mean 0 and variance 1 over the images and locations of the batch. With
    the population's variance, as here, a level's loss is 1 - r, averaged over the channels, r being the correlation
    of teacher and student. A constant channel counts as all zeros. Computed in float32 (float64 stays as it is);
    the teacher gets no gradient.

    Args:
        student_features: per level [N, Q, H, W], already adapted to the teacher's channels.
        teacher_features: per level [N, Q, H, W].

    Returns:
        A scalar; 0 with a graph for a batch without images.

    Raises:
        ValueError: the lists differ in length or shapes.
    """
    require_same_shapes(student_features, teacher_features, "features")
    levels = []
    with torch.autocast(device_type=student_features[0].device.type, enabled=False):
        for student, teacher in zip(student_features, teacher_features, strict=True):
            gap = _standardised(at_least_float32(student)) - _standardised(at_least_float32(teacher.detach()))
            levels.append(gap.square().sum() / (2 * max(1, gap.numel())))
    return torch.stack(levels).sum()


def _standardised(features_NQHW: Tensor) -> Tensor:
    num_values = max(1, features_NQHW.shape[0] * features_NQHW.shape[2] * features_NQHW.shape[3])
    mean = mean_over_ranks(features_NQHW.sum(dim=(0, 2, 3), keepdim=True) / num_values)
    centred = features_NQHW - mean
    variance = mean_over_ranks(centred.square().sum(dim=(0, 2, 3), keepdim=True) / num_values)
    return centred * variance.clamp(min=_SMALLEST_VARIANCE).rsqrt()
