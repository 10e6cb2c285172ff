"""Prediction-guided feature imitation against a slow reference, and at its edges."""

import itertools
import math
from typing import Any

import pytest
import torch
from torch import Tensor

from trainer.distill.feature_imitation import prediction_guided_imitation_loss

Levels = list[Tensor]


def slow_reference(
    student: Levels, teacher: Levels, student_logits: Levels, teacher_logits: Levels, **options: Any
) -> float:
    """The formula of method.md, one location at a time."""
    of_levels = []
    for f_s, f_t, z_s, z_t in zip(student, teacher, student_logits, teacher_logits, strict=True):
        p_s, p_t = (z_s.sigmoid(), z_t.sigmoid()) if options["space"] == "scores" else (z_s, z_t)
        num_images, _, height, width = f_s.shape
        places = list(itertools.product(range(num_images), range(height), range(width)))
        weight = {(n, i, j): float(((p_t[n, :, i, j] - p_s[n, :, i, j]) ** 2).mean()) for n, i, j in places}
        gap = {(n, i, j): float(((f_t[n, :, i, j] - f_s[n, :, i, j]) ** 2).mean()) for n, i, j in places}
        if options["normalize"]:
            mean = sum(weight.values()) / len(places)
            weight = {place: value / mean for place, value in weight.items()}
        if options["reduction"] == "mean":
            of_levels.append(sum(weight[p] * gap[p] for p in places) / len(places))
        else:
            norms = [
                math.sqrt(sum((weight[p] * gap[p]) ** 2 for p in places if p[0] == n)) / (height * width)
                for n in range(num_images)
            ]
            of_levels.append(sum(norms) / num_images)
    return sum(of_levels) / len(of_levels)


def make_levels(channels: int, *, seed: int, num_images: int = 2) -> Levels:
    generator = torch.Generator().manual_seed(seed)
    sizes = [(4, 3), (2, 2)]
    return [torch.randn(num_images, channels, *size, dtype=torch.float64, generator=generator) for size in sizes]


def loss_of(student: Levels, teacher: Levels, student_logits: Levels, teacher_logits: Levels, **options: Any) -> Tensor:
    return prediction_guided_imitation_loss(
        student, teacher, student_logits=student_logits, teacher_logits=teacher_logits, **options
    )


FOUR = [make_levels(5, seed=1), make_levels(5, seed=2), make_levels(6, seed=3), make_levels(6, seed=4)]


@pytest.mark.parametrize("space", ["scores", "logits"])
@pytest.mark.parametrize("reduction", ["mean", "l2"])
@pytest.mark.parametrize("normalize", [False, True])
def test_it_equals_the_loop_over_locations(space: str, reduction: str, normalize: bool) -> None:
    options = {"space": space, "reduction": reduction, "normalize": normalize}
    assert loss_of(*FOUR, **options).item() == pytest.approx(slow_reference(*FOUR, **options), rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "l2"])
@pytest.mark.parametrize("normalize", [False, True])
def test_it_is_zero_with_a_finite_gradient_when_the_student_equals_the_teacher(reduction: str, normalize: bool) -> None:
    features = [level.clone().requires_grad_() for level in FOUR[0]]
    logits = [level.clone().requires_grad_() for level in FOUR[2]]
    loss = loss_of(features, FOUR[0], logits, FOUR[2], reduction=reduction, normalize=normalize)
    loss.backward()
    assert loss.item() == 0
    assert all(torch.isfinite(level.grad).all() for level in features + logits)  # type: ignore[arg-type]


def test_a_gap_where_predictions_agree_costs_nothing() -> None:
    student_logits = [level.clone() for level in FOUR[3]]
    student_logits[0][0, :, 0, 0] += 3  # the only place where predictions differ
    features = [level.clone() for level in FOUR[1]]
    features[0][0, :, 2, 2] += 5
    assert loss_of(features, FOUR[1], student_logits, FOUR[3]).item() == 0
    features[0][0, :, 0, 0] += 5
    assert loss_of(features, FOUR[1], student_logits, FOUR[3]).item() > 0


def test_the_teacher_gets_no_gradient() -> None:
    levels = [[level.clone().requires_grad_() for level in group] for group in FOUR]
    loss_of(*levels).backward()
    student, teacher, student_logits, teacher_logits = levels
    assert all(level.grad is None for level in teacher + teacher_logits)
    assert all(level.grad is not None and level.grad.abs().sum() > 0 for level in student + student_logits)


def test_a_detached_weight_sends_no_gradient_to_the_predictions() -> None:
    student = [level.clone().requires_grad_() for level in FOUR[0]]
    logits = [level.clone().requires_grad_() for level in FOUR[2]]
    loss_of(student, FOUR[1], logits, FOUR[3], detach_weight=True).backward()
    assert all(level.grad is None for level in logits)
    assert all(level.grad is not None for level in student)


@pytest.mark.parametrize("reduction", ["mean", "l2"])
def test_the_gradient_is_right(reduction: str) -> None:
    feature = FOUR[0][1].clone().requires_grad_()
    logits = FOUR[2][1].clone().requires_grad_()
    assert torch.autograd.gradcheck(
        lambda f, z: loss_of([f], [FOUR[1][1]], [z], [FOUR[3][1]], reduction=reduction, normalize=True),
        (feature, logits),
    )


@pytest.mark.parametrize("reduction", ["mean", "l2"])
def test_a_batch_without_images_gives_zero_with_a_graph(reduction: str) -> None:
    empty = [[level[:0].clone().requires_grad_() for level in group] for group in FOUR]
    loss = loss_of(*empty, reduction=reduction)
    loss.backward()
    assert loss.item() == 0
    assert empty[0][0].grad is not None


def test_normalising_makes_the_loss_independent_of_the_scale_of_the_prediction_gap() -> None:
    zeros = [torch.zeros_like(level) for level in FOUR[2]]
    small = loss_of(FOUR[0], FOUR[1], [0.01 * level for level in FOUR[2]], zeros, space="logits", normalize=True)
    large = loss_of(FOUR[0], FOUR[1], FOUR[2], zeros, space="logits", normalize=True)
    assert small.item() == pytest.approx(large.item())


def test_half_precision_is_computed_in_float32() -> None:
    half = [[(level * 200).half() for level in group] for group in FOUR]
    loss = loss_of(*half, space="logits")
    assert loss.dtype == torch.float32
    assert torch.isfinite(loss)


def test_levels_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="the student's features have the shapes"):
        loss_of(FOUR[2], FOUR[1], FOUR[2], FOUR[3])
    with pytest.raises(ValueError, match="levels of features"):
        loss_of(FOUR[0][:1], FOUR[1][:1], FOUR[2], FOUR[3])
