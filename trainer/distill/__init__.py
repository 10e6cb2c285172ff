"""Distillation losses: one file each, one pure function each."""

from trainer.distill.feature_imitation import prediction_guided_imitation_loss
from trainer.distill.rank_mimicking import rank_mimicking_loss

__all__ = ["prediction_guided_imitation_loss", "rank_mimicking_loss"]
