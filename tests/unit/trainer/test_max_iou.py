"""The assigner against brute force and against torchvision's matcher."""

import torch
from torch import Tensor
from torchvision.models.detection._utils import Matcher
from torchvision.ops import box_iou

from tests.unit.trainer.factories import make_target
from trainer.assigners import BACKGROUND, IGNORED, assign_by_max_iou


def random_boxes(num: int, *, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    corners = torch.rand(num, 2, generator=generator) * 60
    return torch.cat([corners, corners + 4 + torch.rand(num, 2, generator=generator) * 30], dim=1)


def brute_force(priors: Tensor, boxes: Tensor) -> list[int]:
    """The rule, prior by prior."""
    iou = box_iou(boxes, priors).tolist()
    most = [max(row) for row in iou]
    found = []
    for p in range(priors.shape[0]):
        column = [row[p] for row in iou]
        best = column.index(max(column))
        if max(column) >= 0.5 or any(value == most[g] > 0 for g, value in enumerate(column)):
            found.append(best)
        else:
            found.append(BACKGROUND if max(column) < 0.4 else IGNORED)
    return found


def test_it_equals_brute_force() -> None:
    priors, boxes = random_boxes(300, seed=0), random_boxes(9, seed=1)
    assignment = assign_by_max_iou(priors, [make_target(*boxes.tolist())])
    assert assignment.instance[0].tolist() == brute_force(priors, boxes)


def test_it_equals_the_matcher_of_torchvision() -> None:
    priors, boxes = random_boxes(300, seed=2), random_boxes(9, seed=3)
    wanted = Matcher(0.5, 0.4, allow_low_quality_matches=True)(box_iou(boxes, priors))
    assert torch.equal(assign_by_max_iou(priors, [make_target(*boxes.tolist())]).instance[0], wanted)


def test_images_without_boxes_are_background() -> None:
    priors = random_boxes(50, seed=4)
    assignment = assign_by_max_iou(priors, [make_target(), make_target()])
    assert (assignment.instance == BACKGROUND).all()
    assert assignment.num_instances == assignment.num_positives == 0


def test_instances_are_numbered_over_the_batch() -> None:
    priors = torch.tensor([[0.0, 0, 10, 10], [20, 20, 30, 30]])
    first, second = make_target((0, 0, 10, 10)), make_target((20, 20, 30, 30), (0, 0, 10, 10), labels=[1, 2])
    assignment = assign_by_max_iou(priors, [first, make_target(), second])
    assert assignment.instance.tolist() == [[0, BACKGROUND], [BACKGROUND, BACKGROUND], [2, 1]]
    assert assignment.labels.tolist() == [0, 1, 2]
    assert assignment.positive_image.tolist() == [0, 2, 2]
    assert assignment.positive_prior.tolist() == [0, 0, 1]
    assert assignment.positive_instance.tolist() == [0, 2, 1]


def test_an_instance_that_no_prior_covers_well_keeps_its_best_one() -> None:
    priors = torch.tensor([[0.0, 0, 100, 100], [0, 0, 40, 40]])
    assignment = assign_by_max_iou(priors, [make_target((0, 0, 20, 20))])
    assert assignment.instance[0].tolist() == [BACKGROUND, 0]
