"""Parallel coordinates: an upright axis for each dimension, a line for each trial, coloured by the objective."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from pydantic import JsonValue

from service.cli.figures.style import BEST, DIM, short
from service.sdk import SweepSpec, Trial
from workers.spec.space import Dimension, Value, values_of

_LEAVES_OUT = -0.08
"""Where the line of a trial runs that does not have a dimension: below its axis."""


def draw_parallel(spec: SweepSpec, trials: Sequence[Trial], *, best: int | None, what: str) -> Figure | None:
    """None where there are no two dimensions or no trials with a value."""
    paths = list(spec.ordered_space)
    if len(paths) < 2 or not trials:
        return None
    figure = Figure(figsize=(max(7.5, 1.9 * len(paths)), 4.6), layout="constrained")
    axes = figure.add_subplot()
    values = [trial.objective or 0.0 for trial in trials]
    scale = Normalize(min(values), max(values) if max(values) > min(values) else min(values) + 1)
    colours = colormaps["viridis"]
    for trial in sorted(trials, key=lambda trial: (trial.number == best, trial.state != "stopped")):
        heights = [_height(spec.space[path], trial.parameters.get(path)) for path in paths]
        style: dict[str, Any] = {"color": colours(scale(trial.objective or 0.0)), "linewidth": 1.0, "alpha": 0.7}
        if trial.state == "stopped":
            style = {"color": DIM, "linewidth": 0.7, "alpha": 0.5}
        elif trial.number == best:
            style = {"color": BEST, "linewidth": 2.2}
        axes.plot(range(len(paths)), heights, **style)
    for place, path in enumerate(paths):
        _draw_axis(axes, place, spec.space[path])
    axes.set_xticks(range(len(paths)), [short(path) for path in paths], fontsize=8)
    axes.set_yticks([])
    axes.set_xlim(-0.3, len(paths) - 0.5)
    axes.spines[:].set_visible(False)
    figure.colorbar(ScalarMappable(scale, colours), ax=axes, label=what, shrink=0.8)
    return figure


def _height(dimension: Dimension, value: JsonValue) -> float:
    """Where a value lies on its axis, from 0 to 1; below it where the trial does not have the dimension."""
    if value is None:
        return _LEAVES_OUT
    if (values := values_of(dimension)) is not None:
        return values.index(value) / max(1, len(values) - 1) if value in values else _LEAVES_OUT
    low, high = float(dimension.low), float(dimension.high)  # type: ignore[union-attr]
    number = float(value)  # type: ignore[arg-type]
    if dimension.log:  # type: ignore[union-attr]
        low, high, number = math.log(low), math.log(high), math.log(number)
    return (number - low) / (high - low)


def _draw_axis(axes: Axes, place: int, dimension: Dimension) -> None:
    axes.axvline(place, color="#404040", linewidth=0.8, ymin=0.04)
    for value in _ticks(dimension):
        words = f"{value:.3g}" if isinstance(value, float) else str(value)
        axes.text(place + 0.03, _height(dimension, value), words[:24], fontsize=7, va="center")


def _ticks(dimension: Dimension) -> Sequence[Value]:
    if (values := values_of(dimension)) is not None:
        return values
    low, high = float(dimension.low), float(dimension.high)  # type: ignore[union-attr]
    if dimension.log:  # type: ignore[union-attr]
        return [low, math.sqrt(low * high), high]
    return [low, (low + high) / 2, high]
