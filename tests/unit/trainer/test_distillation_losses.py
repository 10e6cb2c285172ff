"""What holds for every distillation loss, and each of them against a slow reference."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from trainer.detectors.boxes import paired_iou
from trainer.distill import (
    channel_wise_loss,
    cross_head_loss,
    localisation_distillation_loss,
    pearson_imitation_loss,
    region_imitation_loss,
    soft_label_loss,
)
from trainer.distill.region_imitation import locations_in_boxes, locations_with_positives

Levels = list[Tensor]
SIZES = [(4, 3), (2, 2)]


def make_levels(seed: int, *, channels: int = 5, num_images: int = 2) -> Levels:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(num_images, channels, *size, dtype=torch.float64, generator=generator) for size in SIZES]


def make_regions(num_images: int = 2) -> Levels:
    generator = torch.Generator().manual_seed(9)
    return [torch.rand(num_images, *size, generator=generator) > 0.4 for size in SIZES]


def make_candidates(seed: int, *shape: int) -> Levels:
    return [torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))]


def slow_region(student: Levels, teacher: Levels) -> float:
    of_levels = []
    for s, t, region in zip(student, teacher, make_regions(), strict=True):
        gaps = [
            float(((s[n, :, i, j] - t[n, :, i, j]) ** 2).mean())
            for n, i, j in itertools.product(*map(range, region.shape))
            if region[n, i, j]
        ]
        of_levels.append(sum(gaps) / len(gaps))
    return sum(of_levels) / len(of_levels)


def slow_pearson(student: Levels, teacher: Levels) -> float:
    total = 0.0
    for s, t in zip(student, teacher, strict=True):
        channels = range(s.shape[1])
        pairs = [torch.corrcoef(torch.stack([s[:, q].flatten(), t[:, q].flatten()]))[0, 1].item() for q in channels]
        total += sum(1 - r for r in pairs) / len(pairs)
    return total


def slow_channel_wise(student: Levels, teacher: Levels, tau: float = 2.0) -> float:
    total = 0.0
    for s, t in zip(student, teacher, strict=True):
        of_level = 0.0
        for n, q in itertools.product(range(s.shape[0]), range(s.shape[1])):
            es = [math.exp(v / tau) for v in s[n, q].flatten().tolist()]
            et = [math.exp(v / tau) for v in t[n, q].flatten().tolist()]
            of_level += sum(b / sum(et) * math.log(b / sum(et) * sum(es) / a) for a, b in zip(es, et, strict=True))
        total += tau**2 * of_level / (s.shape[0] * s.shape[1])
    return total


def slow_soft_labels(student: Levels, teacher: Levels, tau: float = 2.0) -> float:
    total = 0.0
    for z_s, z_t in zip(student[0].flatten().tolist(), teacher[0].flatten().tolist(), strict=True):
        p, q = 1 / (1 + math.exp(-z_t / tau)), 1 / (1 + math.exp(-z_s / tau))
        total += p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))
    return tau**2 * total / student[0].shape[0]


def slow_localisation(student: Levels, teacher: Levels, tau: float = 10.0) -> float:
    s, t = student[0], teacher[0]
    total = 0.0
    for q, edge in itertools.product(range(s.shape[0]), range(4)):
        es = [math.exp(v / tau) for v in s[q, edge].tolist()]
        et = [math.exp(v / tau) for v in t[q, edge].tolist()]
        total += sum(b / sum(et) * math.log(b / sum(et) * sum(es) / a) for a, b in zip(es, et, strict=True))
    return tau**2 * total / (4 * s.shape[0])


def slow_cross_head(student: Levels, teacher: Levels) -> float:
    total = 0.0
    for s, t in zip(student, teacher, strict=True):
        for z_s, z_t in zip(s.flatten().tolist(), t.flatten().tolist(), strict=True):
            p, q = 1 / (1 + math.exp(-z_t)), 1 / (1 + math.exp(-z_s))
            total += abs(p - q) * -(p * math.log(q) + (1 - p) * math.log(1 - q))
    return total / 3


@dataclass(frozen=True)
class Case:
    loss: Callable[[Levels, Levels], Tensor]
    slow: Callable[[Levels, Levels], float]
    student: Levels
    teacher: Levels


LEVELS = make_levels(1), make_levels(2)
CASES = {
    "region": Case(lambda s, t: region_imitation_loss(s, t, make_regions(s[0].shape[0])), slow_region, *LEVELS),
    "pearson": Case(pearson_imitation_loss, slow_pearson, *LEVELS),
    "channel-wise": Case(lambda s, t: channel_wise_loss(s, t, temperature=2.0), slow_channel_wise, *LEVELS),
    "soft labels": Case(
        lambda s, t: soft_label_loss(s[0], t[0], temperature=2.0),
        slow_soft_labels,
        make_candidates(1, 6, 4),
        make_candidates(2, 6, 4),
    ),
    "localisation": Case(
        lambda s, t: localisation_distillation_loss(s[0], t[0]),
        slow_localisation,
        make_candidates(1, 6, 4, 17),
        make_candidates(2, 6, 4, 17),
    ),
    "cross-head": Case(lambda s, t: cross_head_loss(s, t, num_positives=3), slow_cross_head, *LEVELS),
}
every_loss = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@every_loss
def test_it_equals_its_slow_reference(case: Case) -> None:
    assert case.loss(case.student, case.teacher).item() == pytest.approx(
        case.slow(case.student, case.teacher), rel=1e-9
    )


@every_loss
def test_it_is_zero_with_a_finite_gradient_when_the_student_equals_the_teacher(case: Case) -> None:
    student = [level.clone().requires_grad_() for level in case.teacher]
    loss = case.loss(student, case.teacher)
    loss.backward()
    assert loss.item() == pytest.approx(0, abs=1e-12)
    assert all(torch.isfinite(level.grad).all() for level in student)  # type: ignore[arg-type]


@every_loss
def test_it_changes_when_the_teacher_does(case: Case) -> None:
    reversed_ = [level.flip(-1) for level in case.teacher]
    assert case.loss(case.student, reversed_).item() != pytest.approx(case.loss(case.student, case.teacher).item())


@every_loss
def test_an_empty_batch_gives_zero_with_a_graph(case: Case) -> None:
    empty = [level[:0].clone().requires_grad_() for level in case.student]
    loss = case.loss(empty, [level[:0] for level in case.teacher])
    loss.backward()
    assert loss.item() == 0
    assert all(level.grad is not None for level in empty)


@every_loss
def test_the_teacher_gets_no_gradient(case: Case) -> None:
    student = [level.clone().requires_grad_() for level in case.student]
    teacher = [level.clone().requires_grad_() for level in case.teacher]
    case.loss(student, teacher).backward()
    assert all(level.grad is None for level in teacher)
    assert sum(float(level.grad.abs().sum()) for level in student) > 0  # type: ignore[union-attr]


@every_loss
def test_the_gradient_is_right(case: Case) -> None:
    student = tuple(level.clone().requires_grad_() for level in case.student)
    assert torch.autograd.gradcheck(lambda *levels: case.loss(list(levels), case.teacher), student)


@every_loss
def test_half_precision_is_computed_in_float32(case: Case) -> None:
    loss = case.loss([(9 * level).half() for level in case.student], [(9 * level).half() for level in case.teacher])
    assert loss.dtype == torch.float32
    assert torch.isfinite(loss)


@every_loss
def test_other_shapes_are_refused(case: Case) -> None:
    with pytest.raises(ValueError, match="wanted the same"):
        case.loss(case.student, [level[:, 1:] for level in case.teacher])


@pytest.mark.parametrize(
    "loss",
    [
        lambda: soft_label_loss(torch.zeros(1, 2), torch.zeros(1, 2), temperature=0),
        lambda: channel_wise_loss(make_levels(1), make_levels(2), temperature=-1),
        lambda: localisation_distillation_loss(torch.zeros(1, 4, 2), torch.zeros(1, 4, 2), temperature=0),
    ],
)
def test_a_temperature_that_is_not_positive_is_refused(loss: Callable[[], Tensor]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        loss()


def test_a_region_without_locations_gives_zero_with_a_graph() -> None:
    student = [level.clone().requires_grad_() for level in make_levels(1)]
    nowhere = [torch.zeros_like(region) for region in make_regions()]
    loss = region_imitation_loss(student, make_levels(2), nowhere)
    loss.backward()
    assert loss.item() == 0
    assert student[0].grad is not None


def test_pearson_imitation_does_not_see_scale_and_mean_of_a_channel() -> None:
    teacher = make_levels(2)
    student = [3 * level + 7 for level in teacher]
    assert pearson_imitation_loss(student, teacher).item() == pytest.approx(0, abs=1e-9)


def test_a_constant_channel_is_no_division_by_zero() -> None:
    student = [torch.ones_like(level).requires_grad_() for level in make_levels(1)]
    pearson_imitation_loss(student, make_levels(2)).backward()
    assert all(torch.isfinite(level.grad).all() for level in student)  # type: ignore[arg-type]


def test_positive_locations_are_found_in_the_order_level_row_column_prior() -> None:
    shapes = [(2, 3, 2), (1, 1, 2)]
    image, prior = torch.tensor([1, 1, 0]), torch.tensor([2 * 4 + 1, 2 * 0, 12])  # row 1, column 1; row 0, column 0
    first, second = locations_with_positives(image, prior, num_images=2, level_shapes=shapes)
    assert first[1].tolist() == [[True, False, False], [False, True, False]]
    assert not first[0].any()
    assert second.flatten().tolist() == [True, False]


def test_the_inside_of_boxes_is_every_cell_that_a_box_meets() -> None:
    boxes = torch.tensor([[8.0, 0.0, 16.0, 9.0], [0.0, 24.0, 32.0, 32.0]])
    [fine, coarse] = locations_in_boxes(
        boxes, torch.tensor([0, 1]), num_images=2, image_size=(32, 32), level_sizes=[(4, 4), (2, 2)]
    )
    assert fine[0].int().tolist() == [[0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert fine[1].int().tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]]
    assert coarse[0].int().tolist() == [[1, 0], [0, 0]]
    [nothing] = locations_in_boxes(
        torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), num_images=1, image_size=(32, 32), level_sizes=[(2, 2)]
    )
    assert not nothing.any()


def test_localisation_quality_is_the_iou_and_teaches_the_boxes() -> None:
    from torchvision.ops import box_iou

    torch.manual_seed(0)
    corners, sizes = torch.rand(9, 2) * 20, torch.rand(9, 2) * 20
    boxes = torch.cat([corners, corners + sizes], dim=1).requires_grad_()
    wanted = torch.tensor([[5.0, 5.0, 20.0, 20.0]]).expand(9, 4)
    quality = paired_iou(boxes, wanted)
    assert torch.allclose(quality, box_iou(boxes, wanted).diagonal(), atol=1e-6)
    quality.sum().backward()
    assert boxes.grad is not None
    assert boxes.grad.abs().sum() > 0
    flat = torch.tensor([[3.0, 3.0, 3.0, 3.0]], requires_grad=True)
    paired_iou(flat, flat.detach()).sum().backward()
    assert torch.isfinite(flat.grad).all()  # type: ignore[arg-type]
