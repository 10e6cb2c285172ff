"""RetinaNet (Lin et al., 2017, arXiv:1708.02002) from torchvision's parts, with GroupNorm in neck and head."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import Conv2dNormActivation, FeaturePyramidNetwork
from torchvision.ops.feature_pyramid_network import ExtraFPNBlock

from trainer.detectors.outputs import DenseOutputs
from trainer.detectors.resnet import ResNet, group_norm
from trainer.spec import RetinaNetSpec

ASPECT_RATIOS = (0.5, 1.0, 2.0)
OCTAVE_SCALES = (1.0, 2 ** (1 / 3), 2 ** (2 / 3))
FINEST_STRIDE = 8
_MAX_BACKBONE_LEVELS = 3
_PRIOR_PROBABILITY = 0.01


class RetinaNet(nn.Module):
    """Backbone, feature pyramid and one dense head shared by all levels; nine anchors per location."""

    image_mean: Tensor
    image_std: Tensor

    def __init__(self, spec: RetinaNetSpec, *, num_classes: int) -> None:
        super().__init__()
        self.spec = spec
        self.num_classes = num_classes
        self.num_priors = len(ASPECT_RATIOS) * len(OCTAVE_SCALES)
        self.size_divisor = FINEST_STRIDE * 2 ** (spec.num_levels - 1)
        num_maps = min(spec.num_levels, _MAX_BACKBONE_LEVELS)
        self.backbone = ResNet(spec.backbone, num_maps=num_maps)
        num_extra = spec.num_levels - num_maps
        self.neck = FeaturePyramidNetwork(
            list(self.backbone.out_channels),
            spec.fpn_channels,
            extra_blocks=CoarserLevels(spec.fpn_channels, num_extra) if num_extra else None,
            norm_layer=group_norm,
        )
        self.class_head = _Branch(spec, self.num_priors * num_classes)
        self.box_head = _Branch(spec, self.num_priors * 4)
        assert self.class_head.predict.bias is not None
        prior_logit = math.log(_PRIOR_PROBABILITY / (1 - _PRIOR_PROBABILITY))
        nn.init.constant_(self.class_head.predict.bias, prior_logit)
        self._anchors = AnchorGenerator(sizes=anchor_sizes_px(spec), aspect_ratios=(ASPECT_RATIOS,) * spec.num_levels)
        self.register_buffer("image_mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("image_std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor, *, with_boxes: bool = True) -> DenseOutputs:
        """Dense outputs of a padded batch.

        Args:
            images: [N, 3, H, W] uint8, H and W multiples of `size_divisor`.
            with_boxes: False leaves the box branch out, which a teacher of scores and features does not need.
        """
        features = self.features(images)
        return DenseOutputs(
            features=tuple(features),
            class_logits=tuple(self.class_head(level) for level in features),
            box_regressions=tuple(self.box_head(level) for level in features) if with_boxes else None,
            priors_xyxy=self.priors(images, features),
            num_classes=self.num_classes,
        )

    def features(self, images: Tensor) -> list[Tensor]:
        """Pyramid maps of a padded uint8 batch, finest first."""
        normalised = (images.to(self.image_mean.dtype) / 255 - self.image_mean) / self.image_std
        maps = self.backbone(normalised)
        named = OrderedDict((f"p{number + 3}", level) for number, level in enumerate(maps))
        return list(self.neck(named).values())

    def priors(self, images: Tensor, features: Sequence[Tensor]) -> Tensor:
        """Anchors [P, 4] as xyxy in pixels of the padded batch, always float32."""
        blank = [level.new_empty((), dtype=torch.float32).expand(1, 1, *level.shape[2:]) for level in features]
        image = images[:1]
        height, width = image.shape[2:]
        anchors: list[Tensor] = self._anchors(ImageList(image, [(height, width)]), blank)
        return anchors[0]


class CoarserLevels(ExtraFPNBlock):  # type: ignore[misc]
    """P6 and P7: strided convolutions on the coarsest level of the pyramid, as many as asked for."""

    def __init__(self, channels: int, num_levels: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(channels, channels, 3, stride=2, padding=1) for _ in range(num_levels))
        for name, parameter in self.named_parameters():
            if name.endswith("weight"):
                nn.init.kaiming_uniform_(parameter, a=1)
            else:
                nn.init.zeros_(parameter)

    def forward(self, results: list[Tensor], x: list[Tensor], names: list[str]) -> tuple[list[Tensor], list[str]]:
        for number, conv in enumerate(self.convs):
            before = results[-1] if number == 0 else torch.relu(results[-1])
            results.append(conv(before))
            names.append(f"p{len(x) + 3 + number}")
        return results, names


class _Branch(nn.Module):
    """3x3 convolutions and a last one that predicts; used alike for classes and boxes."""

    def __init__(self, spec: RetinaNetSpec, out_channels: int) -> None:
        super().__init__()
        channels = spec.fpn_channels
        self.convs = nn.Sequential(
            *(Conv2dNormActivation(channels, channels, norm_layer=group_norm) for _ in range(spec.num_head_convs))
        )
        self.predict = nn.Conv2d(channels, out_channels, 3, padding=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.01)
        assert self.predict.bias is not None
        nn.init.zeros_(self.predict.bias)

    def forward(self, level: Tensor) -> Tensor:
        return self.predict(self.convs(level))  # type: ignore[no-any-return]


def anchor_sizes_px(spec: RetinaNetSpec) -> tuple[tuple[int, ...], ...]:
    """Sides of the square anchors of each level, in pixels: three per octave."""
    strides = [FINEST_STRIDE * 2**level for level in range(spec.num_levels)]
    return tuple(tuple(round(stride * spec.anchor_scale * scale) for scale in OCTAVE_SCALES) for stride in strides)
