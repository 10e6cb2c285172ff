"""What teacher and student found on some validation images: written by the trainer, read by the dashboard."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from trainer.spec.base import Spec

BoxXyxy = Annotated[
    list[float],
    Field(min_length=4, max_length=4, description="Left, top, right and bottom in pixels of the picture."),
]
BoxSize = Literal["small", "medium", "large"]
_SMALL_PX2, _LARGE_PX2 = 32**2, 96**2


def box_size(area_px2: float) -> BoxSize:
    """COCO's size of an instance, by its area in the original image."""
    return "small" if area_px2 < _SMALL_PX2 else "medium" if area_px2 < _LARGE_PX2 else "large"


class ComparedInstance(Spec):
    """An annotated object, and who found it."""

    label: str
    box_xyxy: BoxXyxy
    size: BoxSize = Field(description="By its area in the original image: below 32², below 96², or larger, as COCO.")
    teacher: bool = Field(description="The teacher has a detection of its class on it.")
    student: bool


class ComparedDetection(Spec):
    """A detection of one of the two models."""

    label: str
    box_xyxy: BoxXyxy
    score: float = Field(ge=0, le=1)
    instance: int | None = Field(description="Which instance it is on, by place in the list; null: on none.")


class ComparedImage(Spec):
    """One image with its truth and what both models say about it."""

    file_name: str
    picture: str = Field(description="The artifact that shows it.", examples=["diagnostics/image-00000007.jpg"])
    width: int = Field(description="Of the picture that the boxes are drawn in, in pixels.")
    height: int
    instances: list[ComparedInstance]
    teacher: list[ComparedDetection] = Field(description="Best first.")
    student: list[ComparedDetection]


class DetectionComparison(Spec):
    """Teacher and student on the validation images of the diagnostics, at one evaluation.

    The images on which the teacher is right and the student wrong come first.
    """

    version: Literal[1] = 1
    step: int
    min_score: float = Field(description="Detections below are left out.")
    min_iou: float = Field(description="A detection is on an instance of its class where they overlap by this.")
    images: list[ComparedImage]
