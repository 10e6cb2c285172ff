"""Rank mimicking (Li et al., 2022, arXiv:2112.04840): order each object's candidates as the teacher does.

Shapes: P = positive candidates of a batch, M = instances.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from trainer.distill.tensors import at_least_float32
from trainer.distributed import shared_count


def rank_mimicking_loss(
    student_scores: Tensor,
    teacher_scores: Tensor,
    instance: Tensor,
    *,
    num_instances: int,
    temperature: float = 1.0,
) -> Tensor:
    """KL divergence from the teacher's ranking to the student's, averaged over the instances with candidates.

    The candidates of one instance, from whatever level, compete in one softmax. An instance with one candidate
    adds 0 and still counts in the average; one without candidates does not count. Without any candidate the loss
    is exactly 0 and has a graph. Computed in float32 (float64 stays as it is); the teacher gets no gradient.

    Args:
        student_scores: [P], the student's score (or logit) of each candidate for its instance's class.
        teacher_scores: [P], the teacher's for the same candidates, in the same order.
        instance: [P] int64 in 0..num_instances-1, the instance that each candidate belongs to.
        num_instances: M, at least as large as the largest id plus one.
        temperature: tau, by which scores are divided before the softmax.

    Returns:
        A scalar.

    Raises:
        ValueError: the three tensors differ in shape, or the temperature is not positive.
    """
    if not student_scores.shape == teacher_scores.shape == instance.shape or instance.dim() != 1:
        shapes = [tuple(tensor.shape) for tensor in (student_scores, teacher_scores, instance)]
        raise ValueError(f"student scores, teacher scores and instance have shapes {shapes}; wanted one [P] for all")
    if temperature <= 0:
        raise ValueError(f"temperature is {temperature}; wanted a number above 0")
    student = at_least_float32(student_scores)
    teacher = at_least_float32(teacher_scores.detach())
    divergence: Tensor = _Divergence.apply(student / temperature, teacher / temperature, instance, num_instances)
    num_ranked = torch.bincount(instance, minlength=num_instances).count_nonzero()
    return divergence / shared_count(num_ranked, device=student.device)


class _Divergence(torch.autograd.Function):
    """Sum over the segments of the KL divergence from the teacher's softmax to the student's.

    Its gradient in the student's values is the difference of both softmaxes, which is known after the forward pass; of
    nothing the sum is 0, with a graph.
    """

    @staticmethod
    def forward(context: Any, student: Tensor, teacher: Tensor, segment: Tensor, num_segments: int) -> Tensor:
        log_student = _segment_log_softmax(student, segment, num_segments)
        log_teacher = _segment_log_softmax(teacher, segment, num_segments)
        wanted = log_teacher.exp()
        context.save_for_backward(log_student.exp() - wanted)
        return (wanted * (log_teacher - log_student)).sum()

    @staticmethod
    @once_differentiable
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None]:
        [difference] = context.saved_tensors
        return gradients[0] * difference, None, None, None


def _segment_log_softmax(values: Tensor, segment: Tensor, num_segments: int) -> Tensor:
    """log_softmax within each segment: values [P], segment [P] in 0..num_segments-1, returns [P]."""
    largest = values.new_full((num_segments,), -torch.inf)
    largest = largest.scatter_reduce(0, segment, values, reduce="amax")
    shifted = values - largest[segment]
    total = values.new_zeros(num_segments).index_add(0, segment, shifted.exp())
    return shifted - total[segment].log()
