"""Rank mimicking against a slow reference, and at its edges."""

import math

import pytest
import torch
from torch import Tensor

from trainer.distill.rank_mimicking import rank_mimicking_loss


def slow_reference(student: Tensor, teacher: Tensor, instance: Tensor, *, num_instances: int, tau: float) -> float:
    """The formula of the paper, one instance at a time."""
    total, ranked = 0.0, 0
    for m in range(num_instances):
        s = [math.exp(value / tau) for value, i in zip(student.tolist(), instance.tolist(), strict=True) if i == m]
        t = [math.exp(value / tau) for value, i in zip(teacher.tolist(), instance.tolist(), strict=True) if i == m]
        if not s:
            continue
        ranked += 1
        for s_i, t_i in zip(s, t, strict=True):
            total += t_i / sum(t) * math.log((t_i / sum(t)) / (s_i / sum(s)))
    return total / max(1, ranked)


def make_candidates(num: int = 40, num_instances: int = 7) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    student, teacher = torch.rand(num, dtype=torch.float64), torch.rand(num, dtype=torch.float64)
    return student, teacher, torch.randint(0, num_instances, (num,))


@pytest.mark.parametrize("tau", [0.1, 1.0, 4.0])
def test_it_equals_the_loop_over_instances(tau: float) -> None:
    student, teacher, instance = make_candidates()
    loss = rank_mimicking_loss(student, teacher, instance, num_instances=7, temperature=tau)
    wanted = slow_reference(student, teacher, instance, num_instances=7, tau=tau)
    assert loss.item() == pytest.approx(wanted, rel=1e-12)


def test_it_is_zero_when_the_student_equals_the_teacher() -> None:
    _, teacher, instance = make_candidates()
    assert rank_mimicking_loss(teacher.clone(), teacher, instance, num_instances=7).item() == pytest.approx(
        0, abs=1e-12
    )


def test_a_reversed_ranking_is_worse_than_the_right_one() -> None:
    teacher = torch.tensor([0.9, 0.5, 0.1])
    instance = torch.zeros(3, dtype=torch.int64)
    right = rank_mimicking_loss(torch.tensor([0.8, 0.5, 0.2]), teacher, instance, num_instances=1)
    reversed_ = rank_mimicking_loss(torch.tensor([0.2, 0.5, 0.8]), teacher, instance, num_instances=1)
    assert reversed_ > 10 * right


def test_a_batch_without_candidates_gives_zero_with_a_graph() -> None:
    student = torch.zeros(0, requires_grad=True)
    loss = rank_mimicking_loss(student, torch.zeros(0), torch.zeros(0, dtype=torch.int64), num_instances=0)
    loss.backward()
    assert loss.item() == 0
    assert student.grad is not None


def test_an_instance_with_one_candidate_counts_and_one_without_does_not() -> None:
    student, teacher = torch.tensor([0.1, 0.9, 0.4]), torch.tensor([0.8, 0.2, 0.7])
    pair = rank_mimicking_loss(student[:2], teacher[:2], torch.tensor([0, 0]), num_instances=1)
    with_single = rank_mimicking_loss(student, teacher, torch.tensor([0, 0, 1]), num_instances=2)
    with_absent = rank_mimicking_loss(student, teacher, torch.tensor([0, 0, 3]), num_instances=5)
    assert with_single.item() == pytest.approx(pair.item() / 2)
    assert with_absent.item() == pytest.approx(pair.item() / 2)


def test_the_teacher_gets_no_gradient() -> None:
    student, teacher, instance = make_candidates()
    student.requires_grad_()
    teacher.requires_grad_()
    rank_mimicking_loss(student, teacher, instance, num_instances=7).backward()
    assert teacher.grad is None
    assert student.grad is not None
    assert student.grad.abs().sum() > 0


def test_the_gradient_is_right() -> None:
    student, teacher, instance = make_candidates(12, 4)
    assert torch.autograd.gradcheck(
        lambda s: rank_mimicking_loss(s, teacher, instance, num_instances=4, temperature=0.5), student.requires_grad_()
    )


def test_half_precision_is_computed_in_float32_and_stays_finite() -> None:
    student = torch.tensor([80.0, -80.0, 3.0], dtype=torch.float16, requires_grad=True)
    teacher = torch.tensor([-80.0, 80.0, 3.0], dtype=torch.float16)
    loss = rank_mimicking_loss(student, teacher, torch.tensor([0, 0, 0]), num_instances=1, temperature=0.1)
    loss.backward()
    assert loss.dtype == torch.float32
    assert torch.isfinite(loss)
    assert torch.isfinite(student.grad).all()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scores", "temperature", "words"),
    [(torch.zeros(3), 1.0, "wanted one"), (torch.zeros(2), 0.0, "above 0")],
)
def test_wrong_arguments_are_refused(scores: Tensor, temperature: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        rank_mimicking_loss(
            scores, torch.zeros(2), torch.zeros(2, dtype=torch.int64), num_instances=1, temperature=temperature
        )
