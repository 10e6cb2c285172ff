"""From dense outputs to detections: decoding and NMS as functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from PIL import Image
from torch import Tensor
from torchvision.ops import batched_nms, clip_boxes_to_image

from trainer.data.batches import Sample, Target, collate, resize
from trainer.detectors.dense import DenseDetector
from trainer.detectors.outputs import DenseOutputs


@dataclass(frozen=True)
class Detections:
    """What is kept of one image, best first."""

    boxes_xyxy: Tensor  # [D, 4] float32 pixels
    scores: Tensor  # [D] float32
    labels: Tensor  # [D] int64, class indices


def detections_of(
    outputs: DenseOutputs,
    sizes: Sequence[tuple[int, int]],
    *,
    min_score: float = 0.05,
    num_candidates: int = 1000,
    max_iou: float | None = None,
    num_kept: int = 100,
) -> list[Detections]:
    """Decode a batch and remove duplicates by NMS within each class.

    Args:
        outputs: dense outputs with boxes.
        sizes: height and width of each image without padding; boxes are clipped to it.
        min_score: candidates below are dropped.
        num_candidates: best candidates (a prior and a class) that each level of each image may keep for NMS.
        max_iou: NMS removes boxes that overlap a better one of their class by more than this; by default what
            suits the detector.
        num_kept: detections that each image may keep.
    """
    scores_NPK = outputs.scores().detach()
    regressions_NPV = outputs.flat_box_regressions().detach().float()
    return [
        best_of_image(
            scores,
            partial(_decoded, outputs, regressions),
            size,
            level_sizes=outputs.level_sizes(),
            max_iou=outputs.nms_iou if max_iou is None else max_iou,
            min_score=min_score,
            num_candidates=num_candidates,
            num_kept=num_kept,
        )
        for scores, regressions, size in zip(scores_NPK, regressions_NPV, sizes, strict=True)
    ]


def best_of_image(
    scores_PK: Tensor,
    boxes_of: Callable[[Tensor], Tensor],
    size: tuple[int, int],
    *,
    level_sizes: Sequence[int],
    max_iou: float,
    min_score: float = 0.05,
    num_candidates: int = 1000,
    num_kept: int = 100,
) -> Detections:
    """What is kept of one image; `boxes_of` gives the boxes [Q, 4] of priors [Q]. Else as `detections_of`."""
    prior, label = torch.nonzero(scores_PK > min_score, as_tuple=True)
    score = scores_PK[prior, label]
    if score.shape[0] > num_candidates:
        level_of = _level_of_each_prior(level_sizes, scores_PK.device)
        chosen = _best_of_each_level(score, level_of[prior], len(level_sizes), num_candidates)
        prior, label, score = prior[chosen], label[chosen], score[chosen]
    boxes = clip_boxes_to_image(boxes_of(prior), size)
    kept = batched_nms(boxes, score, label, max_iou)[:num_kept]
    return Detections(boxes[kept], score[kept], label[kept])


@torch.no_grad()
def detect(
    detector: DenseDetector, images: Sequence[Image.Image], *, image_size_px: int, short_side_px: int | None = None
) -> list[Detections]:
    """Detections of RGB images, in pixels of the images as given; the detector is put into eval mode."""
    device = next(detector.parameters()).device
    nothing = Target(torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64))
    resized = [resize(image.convert("RGB"), image_size_px, short_side_px=short_side_px) for image in images]
    samples = [Sample(pixels, nothing, number, scale) for number, (pixels, scale) in enumerate(resized)]
    batch = collate(samples, size_divisor=detector.size_divisor).to(device)
    outputs = detector.eval()(batch.images)
    found = detections_of(outputs, batch.sizes)
    return [
        Detections(item.boxes_xyxy / scale, item.scores, item.labels)
        for item, scale in zip(found, batch.scales, strict=True)
    ]


def _decoded(outputs: DenseOutputs, regressions_PV: Tensor, prior: Tensor) -> Tensor:
    return outputs.coder.decode(regressions_PV[prior], outputs.priors_xyxy[prior])


def _level_of_each_prior(level_sizes: Sequence[int], device: torch.device) -> Tensor:
    sizes = torch.tensor(level_sizes, device=device)
    return torch.repeat_interleave(torch.arange(len(sizes), device=device), sizes)


def _best_of_each_level(score: Tensor, level: Tensor, num_levels: int, num_candidates: int) -> Tensor:
    chosen = []
    for number in range(num_levels):
        here = torch.nonzero(level == number).squeeze(1)
        chosen.append(here[score[here].topk(min(num_candidates, here.shape[0])).indices])
    return torch.cat(chosen)
