"""The schema of detectors and backbones. Pydantic only."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from trainer.spec.base import Spec

Share = Annotated[float, Field(ge=0, le=1)]
Spread = Annotated[float, Field(gt=0, le=1)]
Depth = Annotated[int, Field(ge=1, le=50)]


class ResNetSpec(Spec):
    """A ResNet backbone of basic blocks, built from torchvision's parts."""

    kind: Literal["resnet"] = "resnet"
    depths: tuple[Depth, Depth, Depth, Depth] = Field(
        default=(1, 1, 1, 1), description="Blocks in each of the four stages."
    )
    width: int = Field(
        default=16, ge=8, le=256, multiple_of=8, description="Channels of the first stage; doubled at each next."
    )
    norm: Literal["batch", "group"] = Field(
        default="batch", description="Normalisation: trained BatchNorm, or GroupNorm for small batches."
    )


class PyramidSpec(Spec):
    """What all detectors share: backbone, feature pyramid, and a head of two branches shared by the levels."""

    kind: str
    backbone: ResNetSpec = ResNetSpec()
    fpn_channels: int = Field(default=32, ge=16, le=512, multiple_of=8, description="Width of FPN and head.")
    fpn_norm: Literal["group", "none"] = Field(default="group", description="Normalisation in the pyramid.")
    num_head_convs: int = Field(default=2, ge=1, le=8, description="3x3 convolutions in each branch of the head.")
    head_norm: Literal["group", "none"] = Field(default="group", description="Normalisation in the head.")
    num_levels: int = Field(
        default=3, ge=1, le=5, description="Pyramid levels, the finest of stride 8; the fourth and fifth are P6, P7."
    )
    p6_from: Literal["p5", "c5"] = Field(
        default="p5", description="P6 is made from the pyramid's P5 or from the backbone's last map."
    )
    image_mean: tuple[Share, Share, Share] = Field(
        default=(0.485, 0.456, 0.406), description="Subtracted from RGB pixels of 0 to 1; ImageNet's by default."
    )
    image_std: tuple[Spread, Spread, Spread] = Field(
        default=(0.229, 0.224, 0.225), description="By which pixels are divided after that."
    )
    nms_iou: float = Field(default=0.6, gt=0, lt=1, description="NMS drops boxes that overlap a better one by more.")


class RetinaNetSpec(PyramidSpec):
    """RetinaNet: nine anchors per location, assigned by their overlap; focal and L1 loss."""

    kind: Literal["retinanet"] = "retinanet"
    nms_iou: float = Field(default=0.5, gt=0, lt=1, description="NMS drops boxes that overlap a better one by more.")
    anchor_scale: float = Field(
        default=2.5, gt=0, le=16, description="Side of the smallest anchor of a level, in strides of that level."
    )


class FcosSpec(PyramidSpec):
    """FCOS: points instead of anchors, assigned near the object's centre; focal, GIoU and centerness loss."""

    kind: Literal["fcos"] = "fcos"
    center_radius: float = Field(
        default=1.5, gt=0, le=100, description="Points within so many strides of an object's centre are positive."
    )
    regression_range: float = Field(
        default=8.0,
        gt=0,
        le=100,
        description="A level takes objects whose farthest side is at most so many strides away, and at least half.",
    )


class AtssSpec(PyramidSpec):
    """ATSS: one anchor per location, assigned by a threshold of each object's own; focal, GIoU and centerness loss."""

    kind: Literal["atss"] = "atss"
    anchor_scale: float = Field(
        default=8.0, gt=0, le=64, description="Side of the anchor of a level, in strides of that level."
    )
    num_candidates: int = Field(
        default=9, ge=1, le=1000, description="Anchors of each level, the nearest to an object, that are looked at."
    )


class GflSpec(PyramidSpec):
    """GFL: ATSS's anchors; scores that say how good the box is, and sides as distributions over distances."""

    kind: Literal["gfl"] = "gfl"
    anchor_scale: float = Field(
        default=8.0, gt=0, le=64, description="Side of the anchor of a level, in strides of that level."
    )
    num_candidates: int = Field(
        default=9, ge=1, le=1000, description="Anchors of each level, the nearest to an object, that are looked at."
    )
    num_bins: int = Field(
        default=17, ge=2, le=65, description="Bins of a side's distribution: distances of 0, 1, 2 ... strides."
    )


def _retinanet_by_default(found: Any) -> Any:
    """Specs from before there were several detectors need not name theirs."""
    return {"kind": "retinanet", **found} if isinstance(found, dict) and "kind" not in found else found


DetectorSpec = Annotated[
    RetinaNetSpec | FcosSpec | AtssSpec | GflSpec,
    Field(discriminator="kind"),
    BeforeValidator(_retinanet_by_default),
]
