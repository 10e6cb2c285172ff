"""ATSS against brute force, ties and odd cases included."""

import statistics

import pytest
import torch
from torch import Tensor
from torchvision.ops import box_iou

from tests.unit.trainer.factories import make_target, quarter_boxes, square_priors
from trainer.assigners import BACKGROUND, assign_by_atss

STRIDES = (8, 16, 32)
SIDE_PX = 96
Boxes = list[list[float]]


def brute_force(priors: Tensor, level_sizes: list[int], boxes: Boxes, *, num_candidates: int = 9) -> list[int]:
    """The rule, box by box and prior by prior."""
    centres = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in priors.tolist()]
    found, taken_with = [BACKGROUND] * len(centres), [-1.0] * len(centres)
    for number, (x0, y0, x1, y1) in enumerate(boxes):
        iou = box_iou(torch.tensor([[x0, y0, x1, y1]]), priors)[0].tolist()
        candidates: list[int] = []
        start = 0
        for size in level_sizes:
            distances = {
                p: (centres[p][0] - (x0 + x1) / 2) ** 2 + (centres[p][1] - (y0 + y1) / 2) ** 2
                for p in range(start, start + size)
            }
            candidates += sorted(distances, key=lambda p: (distances[p], p))[:num_candidates]
            start += size
        ious = [iou[p] for p in candidates]
        spread = statistics.stdev(ious) if len(ious) > 1 else 0.0
        threshold = statistics.mean(ious) + spread
        for p in candidates:
            x, y = centres[p]
            if iou[p] >= threshold and x0 < x < x1 and y0 < y < y1 and iou[p] > taken_with[p]:
                found[p], taken_with[p] = number, iou[p]
    return found


def assign(*images: Boxes, scale: float = 8.0, side_px: int = SIDE_PX, strides: tuple[int, ...] = STRIDES) -> Boxes:
    priors, level_sizes = square_priors(side_px, strides, scale=scale)
    targets = [make_target(*map(tuple, boxes)) for boxes in images]  # type: ignore[arg-type]
    return assign_by_atss(priors, targets, level_sizes=level_sizes).instance.tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("scale", [8.0, 2.5])
@pytest.mark.parametrize("seed", range(8))
def test_it_equals_brute_force(seed: int, scale: float) -> None:
    priors, level_sizes = square_priors(SIDE_PX, STRIDES, scale=scale)
    boxes = quarter_boxes(7, seed=seed)
    wanted = brute_force(priors, level_sizes, boxes)
    assert assign(boxes, scale=scale) == [wanted]
    assert max(wanted) >= 0


def test_equally_near_centres_and_equal_overlaps_go_to_the_first() -> None:
    """Boxes centred between locations, twice the same, so that distances and IoUs tie."""
    boxes = [[8.0, 8, 40, 40], [20.0, 20, 44, 44], [8.0, 8, 40, 40], [4.0, 4, 92, 92], [28.0, 28, 36, 36]]
    priors, level_sizes = square_priors(SIDE_PX, STRIDES, scale=8)
    wanted = brute_force(priors, level_sizes, boxes)
    assert assign(boxes) == [wanted]
    assert 0 in wanted
    assert 2 not in wanted


def test_a_single_candidate_is_its_own_threshold() -> None:
    """One location in all: the unbiased standard deviation of one number is not defined, and counts as 0."""
    assert assign([[-6.0, -6, 7, 7]], side_px=8, strides=(8,)) == [[0]]
    assert assign([[1.0, 1, 7, 7]], side_px=8, strides=(8,)) == [[BACKGROUND]], "the centre lies outside the box"


def test_images_without_boxes_and_boxes_between_all_centres_are_background() -> None:
    rows = assign([], [[3.0, 3, 5, 5]], [[30.0, 30, 60, 60]])
    assert set(rows[0]) == {BACKGROUND}
    assert set(rows[1]) == {BACKGROUND}, "no centre lies inside the tiny box"
    assert 1 in rows[2], "instances are numbered over the batch"
