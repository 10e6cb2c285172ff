"""FCOS's rule against brute force and against torchvision's FCOS."""

import math

import pytest
import torch
from torch import Tensor
from torchvision.models.detection.fcos import FCOS

from tests.unit.trainer.factories import make_target, quarter_boxes, square_priors
from trainer.assigners import BACKGROUND, assign_by_centre_sampling

STRIDES = (8, 16, 32)
SIDE_PX = 96


def brute_force(
    priors: Tensor, level_sizes: list[int], boxes: list[list[float]], *, radius: float = 1.5, reach: float = 8.0
) -> list[int]:
    """The rule, point by point and box by box."""
    found = []
    level_of = [level for level, size in enumerate(level_sizes) for _ in range(size)]
    for level, (left, top, right, bottom) in zip(level_of, priors.tolist(), strict=True):
        x, y, stride = (left + right) / 2, (top + bottom) / 2, right - left
        best, smallest = BACKGROUND, math.inf
        for number, (x0, y0, x1, y1) in enumerate(boxes):
            sides = x - x0, y - y0, x1 - x, y1 - y
            low = 0 if level == 0 else reach / 2 * stride
            high = math.inf if level == len(level_sizes) - 1 else reach * stride
            near = max(abs(x - (x0 + x1) / 2), abs(y - (y0 + y1) / 2)) < radius * stride
            area = (x1 - x0) * (y1 - y0)
            if min(sides) > 0 and near and low <= max(sides) < high and area < smallest:
                best, smallest = number, area
        found.append(best)
    return found


def assign(*images: list[list[float]], **options: float) -> list[list[int]]:
    priors, level_sizes = square_priors(SIDE_PX, STRIDES)
    targets = [make_target(*map(tuple, boxes)) for boxes in images]  # type: ignore[arg-type]
    assignment = assign_by_centre_sampling(priors, targets, level_sizes=level_sizes, **options)
    return assignment.instance.tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("radius", "reach"), [(1.5, 8.0), (2.5, 3.0)])
def test_it_equals_brute_force(seed: int, radius: float, reach: float) -> None:
    priors, level_sizes = square_priors(SIDE_PX, STRIDES)
    boxes = quarter_boxes(7, seed=seed)
    wanted = brute_force(priors, level_sizes, boxes, radius=radius, reach=reach)
    assert assign(boxes, radius=radius, regression_range=reach) == [wanted]
    assert max(wanted) >= 0


def test_boxes_on_the_grid_with_equal_areas_go_to_the_first() -> None:
    boxes = [[8.0, 8, 40, 40], [16.0, 8, 48, 40], [8.0, 8, 40, 40], [0.0, 0, 64, 64], [0.0, 0, 96, 96]]
    priors, level_sizes = square_priors(SIDE_PX, STRIDES)
    wanted = brute_force(priors, level_sizes, boxes)
    assert assign(boxes) == [wanted]
    assert 2 not in wanted


def test_a_point_at_the_bound_of_two_levels_belongs_to_the_coarser() -> None:
    priors, level_sizes = square_priors(SIDE_PX, STRIDES)
    (row,) = assign([[0.0, 0, 72, 72]], radius=100, regression_range=8)
    reach = torch.stack([(priors[:, :2] + priors[:, 2:]) / 2, 72 - (priors[:, :2] + priors[:, 2:]) / 2]).amax((0, 2))
    at_bound = reach == 64
    is_finest = torch.arange(len(row)) < level_sizes[0]
    assert (torch.tensor(row)[at_bound & is_finest] == BACKGROUND).all()
    assert (torch.tensor(row)[at_bound & ~is_finest] == 0).any()


def test_images_without_boxes_and_tiny_boxes_are_background() -> None:
    rows = assign([], [[3.0, 3, 5, 5]], [[30.0, 30, 60, 60]])
    assert set(rows[0]) == {BACKGROUND}
    assert set(rows[1]) == {BACKGROUND}, "no point lies inside the box"
    assert 1 in rows[2], "instances are numbered over the batch"


@pytest.mark.parametrize("seed", range(4))
def test_it_equals_torchvision(seed: int) -> None:
    priors, level_sizes = square_priors(SIDE_PX, STRIDES)
    boxes = quarter_boxes(6, seed=seed)
    keeper = _MatchKeeper()
    keeper.center_sampling_radius = 1.5
    target = {"boxes": torch.tensor(boxes), "labels": torch.zeros(len(boxes), dtype=torch.int64)}
    FCOS.compute_loss(keeper, [target], {}, [priors], level_sizes)  # type: ignore[arg-type]
    reach = torch.tensor(
        [
            max(x - left, right - x, y - top, bottom - y)
            for x, y in ((priors[:, :2] + priors[:, 2:]) / 2).tolist()
            for left, top, right, bottom in boxes
        ]
    ).view(len(priors), -1)
    undecided = ((reach == 64) | (reach == 128)).any(1)  # where we differ on purpose
    found = torch.tensor(assign(boxes)[0])
    assert torch.equal(found[~undecided], keeper.found[~undecided])


class _MatchKeeper:
    """Stands where torchvision's FCOS expects itself, to see its matches."""

    center_sampling_radius: float

    def __init__(self) -> None:
        self.head = self

    def compute_loss(self, targets: object, outputs: object, anchors: object, matched: list[Tensor]) -> None:
        (self.found,) = matched
