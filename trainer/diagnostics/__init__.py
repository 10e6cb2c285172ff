"""What makes the method visible: ranks, maps, gradients and costs, measured at evaluation time."""

from trainer.diagnostics.costs import model_costs
from trainer.diagnostics.probe import Probe

__all__ = ["Probe", "model_costs"]
