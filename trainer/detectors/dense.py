"""What all dense one-stage detectors have in common: input normalisation, backbone, pyramid and priors.

Shapes: N = images, C = feature channels, H and W = one pyramid level or the padded image, P = priors.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.ops import FeaturePyramidNetwork
from torchvision.ops.feature_pyramid_network import ExtraFPNBlock

from trainer.assigners import Assignment
from trainer.data.batches import Target
from trainer.detectors.backbones import build_backbone
from trainer.detectors.heads import Branch
from trainer.detectors.norms import NORM_LAYERS
from trainer.detectors.outputs import DenseOutputs
from trainer.spec import PyramidSpec

FINEST_STRIDE = 8
_MAX_BACKBONE_LEVELS = 3

Average = Callable[[Tensor], Tensor]
"""The mean of a number over all processes of a training."""


def alone(number: Tensor) -> Tensor:
    """The mean over one process."""
    return number


class DenseDetector(nn.Module):
    """Backbone and feature pyramid; subclasses add the head, the rule of positives and the loss."""

    image_mean: Tensor
    image_std: Tensor
    class_head: Branch

    def __init__(
        self,
        spec: PyramidSpec,
        *,
        num_classes: int,
        anchor_sizes_px: Sequence[Sequence[float]],
        aspect_ratios: Sequence[float] = (1.0,),
    ) -> None:
        super().__init__()
        self.spec = spec
        self.num_classes = num_classes
        self.num_priors = len(anchor_sizes_px[0]) * len(aspect_ratios)
        self.strides = level_strides(spec.num_levels)
        num_maps = min(spec.num_levels, _MAX_BACKBONE_LEVELS)
        self.size_divisor = self.strides[num_maps - 1]
        self.backbone = build_backbone(spec.backbone, num_maps=num_maps)
        num_extra = spec.num_levels - num_maps
        self.neck = FeaturePyramidNetwork(
            list(self.backbone.out_channels),
            spec.fpn_channels,
            extra_blocks=_coarser_levels(spec, self.backbone.out_channels[-1], num_extra) if num_extra else None,
            norm_layer=NORM_LAYERS[spec.fpn_norm],
        )
        self._anchors = AnchorGenerator(
            sizes=tuple(tuple(sizes) for sizes in anchor_sizes_px),
            aspect_ratios=(tuple(aspect_ratios),) * spec.num_levels,
        )
        mean, std = torch.tensor(spec.image_mean), torch.tensor(spec.image_std)
        self.register_buffer("image_mean", mean.view(1, 3, 1, 1), persistent=False)
        self.register_buffer("image_std", std.view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor, *, with_boxes: bool = True) -> DenseOutputs:
        """Dense outputs of a padded batch.

        Args:
            images: [N, 3, H, W] uint8, H and W multiples of `size_divisor`.
            with_boxes: False leaves the box branch out, which a teacher of scores and features does not need.
        """
        raise NotImplementedError

    def assign(self, outputs: DenseOutputs, targets: Sequence[Target]) -> Assignment:
        """The positives of each instance, by this detector's own rule."""
        raise NotImplementedError

    def loss(self, outputs: DenseOutputs, assignment: Assignment, *, average: Average = alone) -> dict[str, Tensor]:
        """This detector's own loss terms, already weighted, float32, 0 with a graph where there is nothing to learn.

        Each is a sum over the batch divided by a count; `average` makes the count that of all processes' mean, so
        that averaged gradients do not depend on how a batch is spread over processes.
        """
        raise NotImplementedError

    def features(self, images: Tensor) -> list[Tensor]:
        """Pyramid maps of a padded uint8 batch, finest first."""
        normalised = (images.to(self.image_mean.dtype) / 255 - self.image_mean) / self.image_std
        maps = self.backbone(normalised)
        named = OrderedDict((f"p{number + 3}", level) for number, level in enumerate(maps))
        return list(self.neck(named).values())

    def priors(self, images: Tensor, features: Sequence[Tensor]) -> Tensor:
        """Priors [P, 4] as xyxy in pixels of the padded batch, always float32."""
        device = features[0].device
        self._anchors.set_cell_anchors(torch.float32, device)
        grids = [[level.shape[2], level.shape[3]] for level in features]
        strides = [[stride, stride] for stride in self.strides]
        if self.spec.prior_strides == "floored":
            strides = [[images.shape[2] // height, images.shape[3] // width] for height, width in grids]
        return torch.cat(self._anchors.grid_anchors(grids, strides))

    def cell_anchors(self) -> list[Tensor]:
        """Priors of one location of each level, around the origin: per level [A, 4] xyxy in pixels."""
        return list(self._anchors.cell_anchors)


def level_strides(num_levels: int) -> list[int]:
    """Pixels between the locations of each level."""
    return [FINEST_STRIDE * 2**level for level in range(num_levels)]


class CoarserLevels(ExtraFPNBlock):  # type: ignore[misc]
    """P6 and P7: strided convolutions, as many as asked for, on P5 or on the backbone's last map."""

    def __init__(self, in_channels: int, channels: int, num_levels: int, *, from_backbone: bool) -> None:
        super().__init__()
        self.from_backbone = from_backbone
        self.convs = nn.ModuleList(
            nn.Conv2d(channels if number else in_channels, channels, 3, stride=2, padding=1)
            for number in range(num_levels)
        )
        for name, parameter in self.named_parameters():
            if name.endswith("weight"):
                nn.init.kaiming_uniform_(parameter, a=1)
            else:
                nn.init.zeros_(parameter)

    def forward(self, results: list[Tensor], x: list[Tensor], names: list[str]) -> tuple[list[Tensor], list[str]]:
        for number, conv in enumerate(self.convs):
            before = torch.relu(results[-1]) if number else (x if self.from_backbone else results)[-1]
            results.append(conv(before))
            names.append(f"p{len(x) + 3 + number}")
        return results, names


def _coarser_levels(spec: PyramidSpec, backbone_channels: int, num_levels: int) -> CoarserLevels:
    from_backbone = spec.p6_from == "c5"
    in_channels = backbone_channels if from_backbone else spec.fpn_channels
    return CoarserLevels(in_channels, spec.fpn_channels, num_levels, from_backbone=from_backbone)
