"""The schema of detectors and backbones. Pydantic only."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

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
    norm: Literal["batch", "sync_batch", "group"] = Field(
        default="batch",
        description="Normalisation: trained BatchNorm, BatchNorm over all processes, or GroupNorm for small batches.",
    )


TorchvisionName = Literal[
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
    "mobilenet_v2",
    "mobilenet_v3_large",
    "mobilenet_v3_small",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "efficientnet_b4",
    "efficientnet_b5",
    "efficientnet_b6",
    "efficientnet_b7",
    "efficientnet_v2_s",
    "efficientnet_v2_m",
    "efficientnet_v2_l",
    "convnext_tiny",
    "convnext_small",
    "convnext_base",
    "convnext_large",
    "regnet_x_400mf",
    "regnet_x_800mf",
    "regnet_x_1_6gf",
    "regnet_x_3_2gf",
    "regnet_x_8gf",
    "regnet_x_16gf",
    "regnet_x_32gf",
    "regnet_y_400mf",
    "regnet_y_800mf",
    "regnet_y_1_6gf",
    "regnet_y_3_2gf",
    "regnet_y_8gf",
    "regnet_y_16gf",
    "regnet_y_32gf",
    "shufflenet_v2_x0_5",
    "shufflenet_v2_x1_0",
    "shufflenet_v2_x1_5",
    "shufflenet_v2_x2_0",
    "mnasnet0_5",
    "mnasnet0_75",
    "mnasnet1_0",
    "mnasnet1_3",
]


class TorchvisionBackboneSpec(Spec):
    """A classification network of torchvision without its classifier, with or without its ImageNet weights."""

    kind: Literal["torchvision"] = "torchvision"
    name: TorchvisionName = Field(default="resnet50", description="torchvision's name of the network.")
    weights: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")] | None = Field(
        default=None,
        description="torchvision's name of the weights to start from; by default none.",
        examples=["IMAGENET1K_V2"],
    )
    norm: Literal["batch", "frozen_batch", "sync_batch", "group"] = Field(
        default="batch",
        description="What takes the place of BatchNorm: itself, trained; itself, frozen with the statistics of the "
        "weights; BatchNorm over all processes; GroupNorm.",
    )
    norm_eps: float | None = Field(
        default=None, ge=0, le=1, description="Added to the variance by BatchNorm; by default what the network has."
    )
    frozen_stages: int = Field(
        default=0,
        ge=0,
        le=4,
        description="The stem and so many stages, each ending with half the size, keep their weights; 0 trains all.",
    )

    @model_validator(mode="after")
    def _weights_are_used(self) -> Self:
        if self.weights is None and self.frozen_stages:
            raise ValueError("frozen_stages without weights would freeze random numbers; wanted weights, or 0")
        if self.weights is not None and self.norm == "group":
            raise ValueError("the weights were trained with BatchNorm and do not fit norm 'group'; wanted no weights")
        return self


def _resnet_by_default(found: Any) -> Any:
    return {"kind": "resnet", **found} if isinstance(found, dict) and "kind" not in found else found


BackboneSpec = Annotated[
    ResNetSpec | TorchvisionBackboneSpec, Field(discriminator="kind"), BeforeValidator(_resnet_by_default)
]


class PyramidSpec(Spec):
    """What all detectors share: backbone, feature pyramid, and a head of two branches shared by the levels."""

    kind: str
    backbone: BackboneSpec = ResNetSpec()
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
    prior_strides: Literal["exact", "floored"] = Field(
        default="exact",
        description="Pixels between the priors of a level: its stride; or, as torchvision's published detectors have "
        "it, the padded image's size divided by the level's, rounded down.",
    )
    nms_iou: float = Field(default=0.6, gt=0, lt=1, description="NMS drops boxes that overlap a better one by more.")


class RetinaNetSpec(PyramidSpec):
    """RetinaNet: nine anchors per location, assigned by their overlap; focal and L1 loss."""

    kind: Literal["retinanet"] = "retinanet"
    nms_iou: float = Field(default=0.5, gt=0, lt=1, description="NMS drops boxes that overlap a better one by more.")
    anchor_scale: float = Field(
        default=2.5, gt=0, le=16, description="Side of the smallest anchor of a level, in strides of that level."
    )
    anchor_rounding: Literal["nearest", "down"] = Field(
        default="nearest", description="How sides of anchors become whole pixels; torchvision rounds them down."
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
