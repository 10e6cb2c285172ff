"""What each distillation loss looks at; decides what of the teacher is run, compared and cached."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from trainer.spec import DistillLoss, RankMimicking


@dataclass(frozen=True)
class Needs:
    """The union of what some losses look at."""

    dense: bool = False  # the teacher's feature maps and class logits
    features: bool = False  # the student's features, adapted to the teacher's channels
    ranked: bool = False  # both models' values at the positive priors
    boxes: bool = False  # both models' box branches
    same_strides: bool = False
    same_priors: bool = False
    same_bins: bool = False  # both predict box edges as distributions over the same bins

    def __or__(self, other: Needs) -> Needs:
        return Needs(**{name: value or getattr(other, name) for name, value in vars(self).items()})


_FEATURES = Needs(dense=True, features=True, same_strides=True)


def _rank_mimicking(spec: RankMimicking) -> Needs:
    return Needs(ranked=True, boxes=spec.rank_by != "class", same_strides=True, same_priors=True)


NEEDS: dict[str, Callable[[Any], Needs]] = {
    "rank_mimicking": _rank_mimicking,
    "feature_imitation": lambda spec: _FEATURES,
    "soft_labels": lambda spec: Needs(dense=True, same_strides=True, same_priors=True),
    "region_imitation": lambda spec: _FEATURES,
    "pearson_imitation": lambda spec: _FEATURES,
    "channel_wise": lambda spec: _FEATURES,
    "cross_head": lambda spec: Needs(dense=True, same_strides=True),
    "localisation_distillation": lambda spec: Needs(
        dense=True, boxes=True, same_strides=True, same_priors=True, same_bins=True
    ),
}


def needs_of(losses: Iterable[DistillLoss]) -> Needs:
    """What `losses` look at, together."""
    together = Needs()
    for loss in losses:
        together = together | NEEDS[loss.kind](loss)
    return together
