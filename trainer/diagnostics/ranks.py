"""How alike teacher and student rank the candidates of each object.

Shapes: P = positive candidates, n = candidates of one instance.
"""

from __future__ import annotations

import torch
from torch import Tensor


def rank_agreement(student: Tensor, teacher: Tensor, instance: Tensor) -> tuple[Tensor, Tensor]:
    """Spearman correlation of the two rankings, and whether both put the same candidate first, instance by instance.

    Args:
        student: [P] values by which the student ranks.
        teacher: [P] values by which the teacher ranks the same candidates.
        instance: [P] int64, the instance of each candidate.

    Returns:
        Both with one entry for each instance of at least two candidates that neither model values all alike:
        correlations in -1..1, float32, and equal first choices, bool.
    """
    correlations, equal_first = [], []
    for number in torch.unique(instance).tolist():
        chosen = instance == number
        ours, theirs = (_ranks(values[chosen]) for values in (student, teacher))
        ours, theirs = ours - ours.mean(), theirs - theirs.mean()
        size = ours.norm() * theirs.norm()
        if size > 0:
            correlations.append((ours * theirs).sum() / size)
            equal_first.append(ours.argmax() == theirs.argmax())
    if not correlations:
        return torch.zeros(0), torch.zeros(0, dtype=torch.bool)
    return torch.stack(correlations).float().cpu(), torch.stack(equal_first).cpu()


def _ranks(values: Tensor) -> Tensor:
    """Ranks [n] from 0, ties sharing their mean rank."""
    below = (values[:, None] > values[None, :]).sum(dim=1)
    alike = (values[:, None] == values[None, :]).sum(dim=1) - 1
    return below.double() + alike.double() / 2
