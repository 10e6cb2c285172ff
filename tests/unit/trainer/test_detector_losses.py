"""The detectors' losses against slow references, by value and by gradient."""

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torchvision.models.detection.fcos import FCOSHead
from torchvision.ops import box_iou

from tests.unit.trainer.factories import make_detector, make_images, make_target
from trainer.assigners import Assignment
from trainer.data.batches import Target
from trainer.detectors import DenseDetector, DenseOutputs
from trainer.detectors.boxes import DELTAS, DistributionCoder, centerness, paired_iou

KINDS = ["retinanet", "fcos", "atss", "gfl"]
TARGETS = (make_target((4, 4, 50, 44), (20, 2, 60, 34), labels=[2, 0]), make_target(), make_target((10, 10, 31, 62)))


def outputs_and_assignment(
    kind: str, targets: tuple[Target, ...] = TARGETS
) -> tuple[DenseDetector, DenseOutputs, Assignment]:
    detector = make_detector(kind, num_levels=3)
    for parameter in detector.parameters():  # away from the initial values, at which all is alike
        nn.init.normal_(parameter, std=0.15)
    outputs = detector(make_images(len(targets), size_px=64))
    return detector, outputs, detector.assign(outputs, targets)


def gradients(detector: DenseDetector, total: Tensor) -> list[Tensor]:
    found = torch.autograd.grad(total, list(detector.parameters()), allow_unused=True, retain_graph=True)
    return [torch.zeros(()) if gradient is None else gradient for gradient in found]


def assert_same(detector: DenseDetector, found: dict[str, Tensor], wanted: dict[str, Tensor]) -> None:
    assert set(found) == set(wanted)
    for name, value in found.items():
        assert value.item() == pytest.approx(wanted[name].item(), rel=1e-5), name
        pairs = zip(gradients(detector, value), gradients(detector, wanted[name]), strict=True)
        assert all(torch.allclose(one, other, rtol=1e-3, atol=1e-6) for one, other in pairs), name


def positives(outputs: DenseOutputs, assignment: Assignment) -> list[tuple[int, int, int, int]]:
    """Image, prior, class and instance of each."""
    found = []
    for image, row in enumerate(assignment.instance.tolist()):
        for prior, instance in enumerate(row):
            if instance >= 0:
                found.append((image, prior, int(assignment.labels[instance]), instance))
    assert found
    return found


def slow_focal(outputs: DenseOutputs, assignment: Assignment) -> Tensor:
    """Focal loss (alpha 0.25, gamma 2), one number at a time; the ignored priors are left out."""
    logits = outputs.flat_class_logits()
    positive = {(image, prior, label) for image, prior, label, _ in positives(outputs, assignment)}
    total = logits.sum() * 0
    for image, prior, label in torch.cartesian_prod(*map(torch.arange, logits.shape)).tolist():
        if assignment.instance[image, prior] == -2:
            continue
        score = logits[image, prior, label].sigmoid()
        if (image, prior, label) in positive:
            total = total - 0.25 * (1 - score) ** 2 * score.log()
        else:
            total = total - 0.75 * score**2 * (1 - score).log()
    return total


def slow_giou(first: Tensor, second: Tensor) -> Tensor:
    """One minus generalised IoU (arXiv:1902.09630) of two boxes [4]."""

    def area(left: Tensor, top: Tensor, right: Tensor, bottom: Tensor) -> Tensor:
        return (right - left).clamp(min=0) * (bottom - top).clamp(min=0)

    inner = area(*torch.maximum(first[:2], second[:2]), *torch.minimum(first[2:], second[2:]))
    hull = area(*torch.minimum(first[:2], second[:2]), *torch.maximum(first[2:], second[2:]))
    union = area(*first) + area(*second) - inner
    return 1 - inner / union + (hull - union) / hull


def slow_centerness(prior: Tensor, box: Tensor) -> float:
    x, y = ((prior[:2] + prior[2:]) / 2).tolist()
    left, top, right, bottom = x - box[0], y - box[1], box[2] - x, box[3] - y
    return math.sqrt(min(left, right) / max(left, right) * min(top, bottom) / max(top, bottom))


def slow_cross_entropy(logit: Tensor, wanted: float) -> Tensor:
    return -(wanted * logit.sigmoid().log() + (1 - wanted) * (1 - logit.sigmoid()).log())


def test_retinanet() -> None:
    detector, outputs, assignment = outputs_and_assignment("retinanet")
    found = positives(outputs, assignment)
    box = torch.stack(
        [
            (
                outputs.flat_box_regressions()[image, prior]
                - DELTAS.encode(assignment.boxes_xyxy[instance][None], outputs.priors_xyxy[prior][None])[0]
            ).abs()
            for image, prior, _, instance in found
        ]
    ).sum()
    wanted = {"classification": slow_focal(outputs, assignment) / len(found), "box": box / len(found)}
    assert_same(detector, detector.loss(outputs, assignment), wanted)


def test_fcos() -> None:
    detector, outputs, assignment = outputs_and_assignment("fcos")
    found = positives(outputs, assignment)
    box, quality = outputs.features[0].sum() * 0, outputs.features[0].sum() * 0
    for image, prior, _, instance in found:
        side = outputs.priors_xyxy[prior, 2] - outputs.priors_xyxy[prior, 0]
        x, y = (outputs.priors_xyxy[prior, :2] + outputs.priors_xyxy[prior, 2:]) / 2
        left, top, right, bottom = outputs.flat_box_regressions()[image, prior] * side
        decoded = torch.stack([x - left, y - top, x + right, y + bottom])
        box = box + slow_giou(decoded, assignment.boxes_xyxy[instance])
        target = slow_centerness(outputs.priors_xyxy[prior], assignment.boxes_xyxy[instance])
        quality = quality + slow_cross_entropy(outputs.flat_quality_logits()[image, prior], target)
    wanted = {"classification": slow_focal(outputs, assignment), "box": box, "centerness": quality}
    wanted = {name: value / len(found) for name, value in wanted.items()}
    assert_same(detector, detector.loss(outputs, assignment), wanted)


def test_atss() -> None:
    detector, outputs, assignment = outputs_and_assignment("atss")
    found = positives(outputs, assignment)
    box, quality = outputs.features[0].sum() * 0, outputs.features[0].sum() * 0
    total_weight = 0.0
    for image, prior, _, instance in found:
        anchor, truth = outputs.priors_xyxy[prior], assignment.boxes_xyxy[instance]
        size, middle = anchor[2:] - anchor[:2], (anchor[:2] + anchor[2:]) / 2
        values = outputs.flat_box_regressions()[image, prior]
        centre = middle + values[:2] * 0.1 * size
        half = (values[2:] * 0.2).exp() * size / 2
        weight = slow_centerness(anchor, truth)
        box = box + weight * slow_giou(torch.cat([centre - half, centre + half]), truth)
        quality = quality + slow_cross_entropy(outputs.flat_quality_logits()[image, prior], weight)
        total_weight += weight
    wanted = {
        "classification": slow_focal(outputs, assignment) / len(found),
        "box": 2 * box / max(1.0, total_weight),
        "centerness": quality / len(found),
    }
    assert_same(detector, detector.loss(outputs, assignment), wanted)


def test_gfl() -> None:
    detector, outputs, assignment = outputs_and_assignment("gfl")
    found = positives(outputs, assignment)
    logits = outputs.flat_class_logits()
    zero = outputs.features[0].sum() * 0
    box, distribution, total_weight = zero, zero, 0.0
    quality: dict[tuple[int, int, int], float] = {}
    for image, prior, label, instance in found:
        anchor, truth = outputs.priors_xyxy[prior], assignment.boxes_xyxy[instance]
        stride = (anchor[2] - anchor[0]) / 8
        middle = (anchor[:2] + anchor[2:]) / 2
        values = outputs.flat_box_regressions()[image, prior].view(4, 17)
        weight = float(logits[image, prior].detach().max().sigmoid())
        sides = []
        for side in range(4):
            shares = values[side].softmax(0)
            sides.append(sum(share * number for number, share in enumerate(shares)) * stride)
            distance = (middle[side % 2] - truth[side]) * (1 if side < 2 else -1) / stride
            distance = min(max(float(distance), 0.0), 15.9)
            low = int(distance)
            terms = (low + 1 - distance) * shares[low].log() + (distance - low) * shares[low + 1].log()
            distribution = distribution - weight * terms / 4
        decoded = torch.stack([middle[0] - sides[0], middle[1] - sides[1], middle[0] + sides[2], middle[1] + sides[3]])
        box = box + weight * slow_giou(decoded, truth)
        quality[image, prior, label] = float(box_iou(decoded.detach()[None], truth[None]))
        total_weight += weight
    classification = zero
    for index in torch.cartesian_prod(*map(torch.arange, logits.shape)).tolist():
        target, logit = quality.get(tuple(index), 0.0), logits[tuple(index)]
        classification = classification + (target - logit.sigmoid()) ** 2 * slow_cross_entropy(logit, target)
    wanted = {
        "classification": classification / len(found),
        "box": 2 * box / max(1.0, total_weight),
        "distribution": 0.25 * distribution / max(1.0, total_weight),
    }
    assert_same(detector, detector.loss(outputs, assignment), wanted)


def test_the_targets_of_a_distribution_stay_below_the_last_bin() -> None:
    coder = DistributionCoder()
    anchor = torch.tensor([[-32.0, -32, 32, 32]])
    box = torch.tensor([[-3.0, 0, 1000, 8]])
    assert coder.encode(box, anchor).tolist() == [[0.375, 0, 125, 1]]
    assert coder.targets(box, anchor)[0].tolist() == pytest.approx([0.375, 0, 15.9, 1])


def test_a_distribution_is_decoded_by_its_mean() -> None:
    coder = DistributionCoder()
    anchor = torch.tensor([[68.0, 68, 132, 132]])
    logits = torch.full((4, 17), -100.0)
    logits[0, 2] = logits[0, 3] = 0.0  # half in each of two bins
    logits[[1, 2, 3], [0, 16, 1]] = 0.0
    assert coder.decode(logits.flatten()[None], anchor)[0].tolist() == pytest.approx([80, 100, 228, 108])


def test_the_loss_of_fcos_is_the_one_of_torchvision() -> None:
    _, outputs, assignment = outputs_and_assignment("fcos")
    num_before = (0, *torch.tensor([len(target.labels) for target in TARGETS]).cumsum(0).tolist())
    matched = [
        torch.where(row >= 0, row - before, -1) for row, before in zip(assignment.instance, num_before, strict=False)
    ]
    wanted = FCOSHead(32, 1, 3, 1).compute_loss(
        [{"boxes": target.boxes_xyxy, "labels": target.labels} for target in TARGETS],
        {
            "cls_logits": outputs.flat_class_logits(),
            "bbox_regression": outputs.flat_box_regressions(),
            "bbox_ctrness": outputs.flat_quality_logits().unsqueeze(2),
        },
        [outputs.priors_xyxy] * len(TARGETS),
        matched,
    )
    detector = make_detector("fcos", num_levels=3)
    found = detector.loss(outputs, assignment)
    for ours, theirs in (
        ("classification", "classification"),
        ("box", "bbox_regression"),
        ("centerness", "bbox_ctrness"),
    ):
        assert found[ours].item() == pytest.approx(wanted[theirs].item(), rel=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_without_boxes_has_a_finite_loss_with_a_graph(kind: str) -> None:
    detector, outputs, assignment = outputs_and_assignment(kind, (make_target(), make_target()))
    losses = detector.loss(outputs, assignment)
    torch.stack(list(losses.values())).sum().backward()
    assert all(value.item() == 0 for name, value in losses.items() if name != "classification")
    assert all(parameter.grad is not None for parameter in detector.parameters())
    assert all(torch.isfinite(parameter.grad).all() for parameter in detector.parameters())  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_half_precision_outputs_give_the_loss_in_float32(kind: str) -> None:
    detector, outputs, assignment = outputs_and_assignment(kind)
    changes: dict[str, Any] = {
        name: tuple(level.bfloat16() for level in getattr(outputs, name))
        for name in ("class_logits", "box_regressions", "quality_logits")
        if getattr(outputs, name) is not None
    }
    half = detector.loss(replace(outputs, **changes), assignment)
    whole = detector.loss(outputs, assignment)
    assert all(value.dtype == torch.float32 for value in half.values())
    assert all(value.item() == pytest.approx(whole[name].item(), rel=0.05) for name, value in half.items())


@pytest.mark.parametrize("kind", KINDS)
def test_halves_of_a_batch_average_to_the_whole_when_counts_are_averaged(kind: str) -> None:
    """As in two processes: each divides by the mean count, and their losses are averaged."""
    detector, outputs, assignment = outputs_and_assignment(kind, TARGETS[::2])
    whole = detector.loss(outputs, assignment)
    images = make_images(2, size_px=64)
    parts = [(detector.eval()(images[i : i + 1]), [TARGETS[2 * i]]) for i in range(2)]
    both, joint = detector(images), detector.assign(detector(images), TARGETS[::2])
    whole = detector.loss(both, joint)
    counts: list[list[Tensor]] = [[], []]
    assignments = [detector.assign(part, targets) for part, targets in parts]

    def note(rank: int) -> Any:
        return lambda number: counts[rank].append(number) or number

    for rank, ((part, _), its) in enumerate(zip(parts, assignments, strict=True)):
        detector.loss(part, its, average=note(rank))
    means = [torch.stack(pair).mean() for pair in zip(*counts, strict=True)]
    summed: dict[str, float] = {}
    for (part, _), its in zip(parts, assignments, strict=True):
        given = iter(means)
        for name, value in detector.loss(part, its, average=lambda number, given=given: next(given)).items():
            summed[name] = summed.get(name, 0.0) + value.item() / 2
    assert summed == {name: pytest.approx(value.item(), rel=1e-4) for name, value in whole.items()}


def test_centerness_is_one_in_the_middle_and_falls_to_the_sides() -> None:
    box = torch.tensor([[0.0, 0, 10, 20]])
    points = torch.tensor([[5.0, 10], [1, 10], [5, 1]])
    found = centerness(points, box.expand(3, 4)).tolist()
    assert found == pytest.approx([1, (1 / 9) ** 0.5, (1 / 19) ** 0.5])


def test_the_iou_of_pairs_is_the_diagonal_of_all() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10], [5, 5, 20, 10], [0, 0, 1, 1], [3, 3, 3, 3]])
    others = torch.tensor([[2.0, 2, 12, 12], [5, 5, 20, 10], [4, 4, 5, 5], [3, 3, 3, 3]])
    wanted = box_iou(boxes, others).diagonal().nan_to_num(0)
    assert torch.allclose(paired_iou(boxes, others), wanted)
