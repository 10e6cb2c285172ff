"""Assigners: the rules that give each prior an instance or none."""

from trainer.assigners.assignment import BACKGROUND, IGNORED, Assignment
from trainer.assigners.atss import assign_by_atss
from trainer.assigners.centre_sampling import assign_by_centre_sampling
from trainer.assigners.max_iou import assign_by_max_iou

__all__ = ["BACKGROUND", "IGNORED", "Assignment", "assign_by_atss", "assign_by_centre_sampling", "assign_by_max_iou"]
