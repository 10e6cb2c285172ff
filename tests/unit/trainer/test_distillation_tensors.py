"""The squared gap with its own gradient is what plain autograd makes of the formula."""

import pytest
import torch

from trainer.distill.tensors import squared_gap


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (1, 1, 1, 1), (2, 7, 0, 3), (0, 3, 2, 2)])
def test_squared_gap_and_its_gradient_follow_the_formula(shape: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(0)
    student, teacher = (torch.randn(shape, dtype=torch.float64, generator=generator) for _ in range(2))
    student.requires_grad_()
    teacher.requires_grad_()
    weight = torch.randn(shape[0], *shape[2:], dtype=torch.float64, generator=generator)
    plain = (student - teacher.detach()).square().mean(dim=1)
    found = squared_gap(student, teacher)
    torch.testing.assert_close(found, plain)
    [wanted] = torch.autograd.grad((plain * weight).sum(), student)
    found_gradient, of_teacher = torch.autograd.grad((found * weight).sum(), (student, teacher), allow_unused=True)
    torch.testing.assert_close(found_gradient, wanted)
    assert of_teacher is None


def test_squared_gap_of_half_precision_is_computed_in_float32() -> None:
    student = torch.full((1, 2, 1, 1), 300.0, dtype=torch.float16, requires_grad=True)
    found = squared_gap(student, torch.zeros(1, 2, 1, 1, dtype=torch.float16))
    assert found.dtype == torch.float32
    assert found.item() == 90000.0
    found.sum().backward()
    assert student.grad is not None
    assert student.grad.flatten().tolist() == [300.0, 300.0]
