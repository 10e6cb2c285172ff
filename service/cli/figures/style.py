"""Colours and words that the figures share. The colours differ for colour-blind eyes, too (Okabe and Ito)."""

from __future__ import annotations

from matplotlib.axes import Axes

from workers.spec import Objective

MAIN, BEST, BASELINE, TEACHER, DIM = "#0072b2", "#d55e00", "#000000", "#009e73", "#b0b0b0"


def words_of(objective: Objective) -> str:
    name = objective.metric.removeprefix("val/")
    unit = " in percent" if name.startswith(("AP", "AR", "VOC_AP")) else ""
    return f"{name}{unit}{', best of the trial' if objective.value == 'best' else ''}"


def short(path: str) -> str:
    """A dimension by the end of its path: `feature_imitation.weight`."""
    return ".".join(path.removeprefix("distillation.losses.").split(".")[-2:])


def tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
