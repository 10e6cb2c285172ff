"""The distillation losses of a spec, over the dense outputs of student and teacher."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from trainer.assigners import IGNORED
from trainer.detectors import DenseOutputs
from trainer.distill.channel_wise import channel_wise_loss
from trainer.distill.comparison import Comparison
from trainer.distill.cross_head import cross_head_loss
from trainer.distill.feature_imitation import prediction_guided_imitation_loss
from trainer.distill.localisation_distillation import localisation_distillation_loss
from trainer.distill.pearson_imitation import pearson_imitation_loss
from trainer.distill.rank_mimicking import rank_mimicking_loss
from trainer.distill.region_imitation import locations_in_boxes, locations_with_positives, region_imitation_loss
from trainer.distill.soft_labels import soft_label_loss
from trainer.spec import (
    ChannelWise,
    CrossHead,
    DistillLoss,
    FeatureImitation,
    LocalisationDistillation,
    PearsonImitation,
    RankMimicking,
    RegionImitation,
    SoftLabels,
)


def rank_mimicking(spec: RankMimicking, seen: Comparison) -> Tensor:
    """RM on both models' scores of each instance's class, or the quality of their boxes, at its positive priors."""
    terms = []
    if spec.rank_by in ("class", "both"):
        student, teacher = (values.class_logits for values in seen.ranked)
        terms.append((student, teacher) if spec.space == "logits" else (student.sigmoid(), teacher.sigmoid()))
    if spec.rank_by in ("localisation", "both"):
        student_quality, teacher_quality = (values.qualities for values in seen.ranked)
        assert student_quality is not None, "the boxes were skipped"
        assert teacher_quality is not None, "the teacher's boxes were skipped"
        terms.append((student_quality, teacher_quality))
    losses = [
        rank_mimicking_loss(
            student,
            teacher,
            seen.assignment.positive_instance,
            num_instances=seen.assignment.num_instances,
            temperature=spec.temperature,
        )
        for student, teacher in terms
    ]
    return torch.stack(losses).sum()


def feature_imitation(spec: FeatureImitation, seen: Comparison) -> Tensor:
    """PFI on the pyramid."""
    student_logits, teacher_logits = comparable_maps(seen.student, seen.dense_teacher)
    return prediction_guided_imitation_loss(
        seen.adapted_features,
        seen.dense_teacher.features,
        student_logits=student_logits,
        teacher_logits=teacher_logits,
        space=spec.space,
        reduction=spec.reduction,
        detach_weight=spec.detach_weight,
        normalize=spec.normalize,
    )


def soft_labels(spec: SoftLabels, seen: Comparison) -> Tensor:
    """Soft labels at positive priors, or at all that count."""
    assignment = seen.assignment
    student, teacher = seen.student.flat_class_logits(), seen.dense_teacher.flat_class_logits()
    if spec.candidates == "positives":
        chosen: tuple[Tensor, ...] = (assignment.positive_image, assignment.positive_prior)
    else:
        chosen = (assignment.instance != IGNORED,)
    return soft_label_loss(
        student[chosen], teacher[chosen], num_positives=assignment.num_positives, temperature=spec.temperature
    )


def region_imitation(spec: RegionImitation, seen: Comparison) -> Tensor:
    """Feature imitation in the spec's region."""
    return region_imitation_loss(seen.adapted_features, seen.dense_teacher.features, REGIONS[spec.region](seen))


def pearson_imitation(spec: PearsonImitation, seen: Comparison) -> Tensor:
    """PKD on the pyramid."""
    return pearson_imitation_loss(seen.adapted_features, seen.dense_teacher.features)


def channel_wise(spec: ChannelWise, seen: Comparison) -> Tensor:
    """CWD on the pyramid."""
    return channel_wise_loss(seen.adapted_features, seen.dense_teacher.features, temperature=spec.temperature)


def cross_head(spec: CrossHead, seen: Comparison) -> Tensor:
    """CrossKD on the class branch."""
    return cross_head_loss(
        seen.cross_logits[spec.num_teacher_convs],
        seen.dense_teacher.class_logits,
        num_positives=seen.assignment.num_positives,
        beta=spec.beta,
    )


def localisation_distillation(spec: LocalisationDistillation, seen: Comparison) -> Tensor:
    """LD at the positive priors."""
    chosen = (seen.assignment.positive_image, seen.assignment.positive_prior)
    student, teacher = (
        outputs.flat_box_regressions()[chosen].view(-1, 4, outputs.coder.num_values // 4)
        for outputs in (seen.student, seen.dense_teacher)
    )
    return localisation_distillation_loss(student, teacher, temperature=spec.temperature)


LOSSES: dict[str, Callable[[Any, Comparison], Tensor]] = {
    "rank_mimicking": rank_mimicking,
    "feature_imitation": feature_imitation,
    "soft_labels": soft_labels,
    "region_imitation": region_imitation,
    "pearson_imitation": pearson_imitation,
    "channel_wise": channel_wise,
    "cross_head": cross_head,
    "localisation_distillation": localisation_distillation,
}


def distillation_losses(losses: Iterable[DistillLoss], seen: Comparison) -> dict[str, Tensor]:
    """The raw, unweighted value of each loss, by its name."""
    return {loss.name: LOSSES[loss.kind](loss, seen) for loss in losses}


def comparable_maps(student: DenseOutputs, teacher: DenseOutputs) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Both models' class logits with equal channels: where their priors per location differ, the best prior's."""
    if student.num_priors == teacher.num_priors:
        return student.class_logits, teacher.class_logits
    return _best_of_priors(student), _best_of_priors(teacher)


def _best_of_priors(outputs: DenseOutputs) -> tuple[Tensor, ...]:
    """Per level [N, A*K, H, W] to [N, K, H, W]."""
    return tuple(
        level.view(level.shape[0], -1, outputs.num_classes, *level.shape[2:]).amax(dim=1)
        for level in outputs.class_logits
    )


def _whole(seen: Comparison) -> list[Tensor]:
    return [torch.ones_like(level[:, 0], dtype=torch.bool) for level in seen.adapted_features]


def _positives(seen: Comparison) -> list[Tensor]:
    num_priors = seen.student.num_priors
    return locations_with_positives(
        seen.assignment.positive_image,
        seen.assignment.positive_prior,
        num_images=seen.adapted_features[0].shape[0],
        level_shapes=[(level.shape[2], level.shape[3], num_priors) for level in seen.adapted_features],
    )


def _negatives(seen: Comparison) -> list[Tensor]:
    return [~level for level in _positives(seen)]


def _boxes(seen: Comparison) -> list[Tensor]:
    return locations_in_boxes(
        seen.assignment.boxes_xyxy,
        seen.instance_image,
        num_images=seen.adapted_features[0].shape[0],
        image_size=seen.image_size,
        level_sizes=[(level.shape[2], level.shape[3]) for level in seen.adapted_features],
    )


REGIONS: dict[str, Callable[[Comparison], list[Tensor]]] = {
    "whole": _whole,
    "positives": _positives,
    "negatives": _negatives,
    "boxes": _boxes,
}
