"""Feature imitation within a region chosen by hand, the family that Li et al. (2022, arXiv:2112.04840) compare with.

The regions: the whole map (Romero et al., 2015, arXiv:1412.6550; for detectors Chen et al., 2017, NeurIPS); the
locations that the label assignment makes positive, and those that it does not (Guo et al., 2021, arXiv:2103.14475,
teach both apart); the inside of ground-truth boxes (Wang et al., 2019, arXiv:1906.03609, and DeFeat's own mask).

Shapes: N = images, Q = feature channels, A = priors per location, P = priors of all levels, H and W = one level,
M = instances.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from trainer.distill.tensors import require_same_shapes, squared_gap
from trainer.distributed import shared_count


def region_imitation_loss(
    student_features: Sequence[Tensor], teacher_features: Sequence[Tensor], regions: Sequence[Tensor]
) -> Tensor:
    """Squared feature gap, averaged over channels and over the locations of the region; mean over the levels.

    A level without a location in the region adds 0. Computed in float32 (float64 stays as it is); the teacher gets
    no gradient.

    Args:
        student_features: per level [N, Q, H, W], already adapted to the teacher's channels.
        teacher_features: per level [N, Q, H, W].
        regions: per level [N, H, W] bool, True where features are imitated.

    Returns:
        A scalar; 0 with a graph where no level has a location in the region.

    Raises:
        ValueError: teacher, student and regions differ in their levels' shapes.
    """
    require_same_shapes(student_features, teacher_features, "features")
    require_same_shapes([level[:, 0] for level in student_features], regions, "locations, compared with the regions,")
    levels = []
    with torch.autocast(device_type=student_features[0].device.type, enabled=False):
        for student, teacher, region_NHW in zip(student_features, teacher_features, regions, strict=True):
            gap_NHW = squared_gap(student, teacher)
            inside = torch.where(region_NHW, gap_NHW, 0.0).sum()
            levels.append(inside / shared_count(region_NHW.sum(), device=gap_NHW.device))
    return torch.stack(levels).mean()


def locations_with_positives(
    positive_image: Tensor, positive_prior: Tensor, *, num_images: int, level_shapes: Sequence[tuple[int, int, int]]
) -> list[Tensor]:
    """Per level [N, H, W] bool: locations of which a prior is positive.

    Args:
        positive_image: [Q] image of each positive prior.
        positive_prior: [Q] its number among the P priors, ordered level, row, column, prior.
        num_images: N.
        level_shapes: height, width and priors per location of each level.
    """
    num_priors = sum(height * width * priors for height, width, priors in level_shapes)
    is_positive = torch.zeros(num_images, num_priors, dtype=torch.bool, device=positive_prior.device)
    is_positive[positive_image, positive_prior] = True
    sizes = [height * width * priors for height, width, priors in level_shapes]
    return [
        level.view(num_images, height, width, priors).any(dim=3)
        for level, (height, width, priors) in zip(torch.split(is_positive, sizes, dim=1), level_shapes, strict=True)
    ]


def locations_in_boxes(
    boxes_xyxy: Tensor,
    image: Tensor,
    *,
    num_images: int,
    image_size: tuple[int, int],
    level_sizes: Sequence[tuple[int, int]],
) -> list[Tensor]:
    """Per level [N, H, W] bool: locations whose cell meets the inside of a ground-truth box.

    Args:
        boxes_xyxy: [M, 4] pixels of the padded batch.
        image: [M] int64, the image of each box.
        num_images: N.
        image_size: height and width of the padded batch in pixels.
        level_sizes: height and width of each level.
    """
    regions = []
    for height, width in level_sizes:
        row_px, column_px = image_size[0] / height, image_size[1] / width
        top = torch.arange(height, device=boxes_xyxy.device) * row_px
        left = torch.arange(width, device=boxes_xyxy.device) * column_px
        rows_MH = (top < boxes_xyxy[:, 3:4]) & (top + row_px > boxes_xyxy[:, 1:2])
        columns_MW = (left < boxes_xyxy[:, 2:3]) & (left + column_px > boxes_xyxy[:, 0:1])
        inside_MHW = rows_MH[:, :, None] & columns_MW[:, None, :]
        covered = torch.zeros(num_images, height, width, device=boxes_xyxy.device)
        regions.append(covered.index_add(0, image, inside_MHW.float()) > 0)
    return regions
