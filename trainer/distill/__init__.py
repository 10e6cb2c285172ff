"""Distillation losses: one file each, one pure function each."""

from trainer.distill.channel_wise import channel_wise_loss
from trainer.distill.cross_head import cross_head_loss
from trainer.distill.feature_imitation import prediction_guided_imitation_loss
from trainer.distill.localisation_distillation import localisation_distillation_loss
from trainer.distill.pearson_imitation import pearson_imitation_loss
from trainer.distill.rank_mimicking import rank_mimicking_loss
from trainer.distill.region_imitation import region_imitation_loss
from trainer.distill.soft_labels import soft_label_loss

__all__ = [
    "channel_wise_loss",
    "cross_head_loss",
    "localisation_distillation_loss",
    "pearson_imitation_loss",
    "prediction_guided_imitation_loss",
    "rank_mimicking_loss",
    "region_imitation_loss",
    "soft_label_loss",
]
