"""The figures of one sweep: history, importances, parallel coordinates, Pareto front and learning curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from service.cli.figures.parallel import draw_parallel
from service.cli.figures.style import BASELINE, BEST, DIM, MAIN, TEACHER, short, tidy, words_of
from service.sdk import Answers, Sweep, SweepSpec, Trial

DPI = 150
_MOST_IMPORTANT = 12


@dataclass(frozen=True)
class Found:
    """What a sweep has found, as the API answers it."""

    sweep: Sweep
    answers: Answers
    trials: Sequence[Trial]

    @property
    def spec(self) -> SweepSpec:
        assert isinstance(self.sweep.spec, SweepSpec)
        return self.sweep.spec

    @property
    def searched(self) -> list[Trial]:
        """Trials of the search with a value, in the order in which they ended."""
        known = [trial for trial in self.trials if trial.repeats is None and trial.role != "baseline"]
        known = [trial for trial in known if trial.objective is not None]
        return sorted(known, key=lambda trial: (trial.ended_at or trial.started_at, trial.number))

    @property
    def best(self) -> int | None:
        winner = self.answers.verdict.winner
        return None if winner is None else winner.trial


def draw_all(found: Found, folder: Path) -> list[Path]:
    """Write each figure that there is something to see in as PNG; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in FIGURES.items():
        figure = draw(found)
        if figure is not None:
            path = folder / f"{name}.png"
            figure.savefig(path, dpi=DPI)
            written.append(path)
    return written


def draw_history(found: Found) -> Figure | None:
    """Every trial in the order in which they ended, the best so far, the baseline and the teacher."""
    trials = found.searched
    if not trials:
        return None
    figure, axes = _figure()
    sign = found.answers.objectives[0].sign
    places = range(1, len(trials) + 1)
    values = [sign * (trial.objective or 0.0) for trial in trials]
    best = [sign * max(values[:place]) for place in places]
    stopped = [trial.state == "stopped" for trial in trials]
    for dimmed, label in ((False, "trials"), (True, "stopped early")):
        chosen = [place for place in places if stopped[place - 1] == dimmed]
        shown = [sign * values[place - 1] for place in chosen]
        if chosen:
            axes.scatter(chosen, shown, s=18, color=DIM if dimmed else MAIN, label=label, zorder=2)
    axes.step(places, best, where="post", color=BEST, label="best so far", zorder=3)
    _compare(axes, found)
    axes.set_xlabel("trial, in the order of their ends")
    axes.set_ylabel(words_of(found.answers.objectives[0]))
    axes.set_title(found.answers.verdict.text, fontsize=9, loc="left", wrap=True)
    axes.legend(fontsize=8, loc="lower right")
    return figure


def draw_importances(found: Found) -> Figure | None:
    """How much each dimension decides."""
    known = [(one.path, one.importance) for one in found.answers.importances if one.importance is not None]
    known = known[:_MOST_IMPORTANT][::-1]
    if not known:
        return None
    figure, axes = _figure(height=1.2 + 0.4 * len(known))
    bars = axes.barh([short(path) for path, _ in known], [100 * share for _, share in known], color=MAIN)
    axes.bar_label(bars, fmt="%.0f%%", padding=3, fontsize=8)
    axes.set_xlabel("importance in percent (PED-ANOVA)")
    axes.margins(x=0.12)
    return figure


def draw_curves(found: Found) -> Figure | None:
    """The objective at each evaluation of each trial; those that were stopped are dimmed."""
    curves = [
        (trial, [(report.step, report.value) for report in trial.reports if report.value is not None])
        for trial in sorted(found.trials, key=lambda trial: (_rank(trial, found), trial.number))
    ]
    if not any(points for _, points in curves):
        return None
    figure, axes = _figure()
    seen: set[str] = set()
    for trial, points in curves:
        if points:
            label, style = _style(trial, found)
            steps, values = zip(*points, strict=True)
            axes.plot(steps, values, label=None if label in seen else label, **style)
            seen.add(label)
    axes.set_xlabel("training step")
    axes.set_ylabel(words_of(found.answers.objectives[0]))
    axes.legend(fontsize=8, loc="lower right")
    return figure


def draw_front(found: Found) -> Figure | None:
    """The first two objectives against each other, with the trials that no other beats."""
    objectives = found.answers.objectives
    if len(objectives) < 2:
        return None
    points = [
        (trial.objective, second)
        for trial in found.searched
        for second in trial.further_objectives[:1]
        if trial.objective is not None and second is not None
    ]
    if not points:
        return None
    figure, axes = _figure()
    axes.scatter([second for _, second in points], [first for first, _ in points], s=18, color=DIM, label="trials")
    front = sorted(found.answers.front, key=lambda point: point.values[1])
    across, up = [point.values[1] for point in front], [point.values[0] for point in front]
    axes.plot(across, up, "o-", color=BEST, markersize=5, label="no trial is better in all")
    for point in front:
        axes.annotate(
            str(point.trial), (point.values[1], point.values[0]), textcoords="offset points", xytext=(4, 4), fontsize=7
        )
    axes.set_xlabel(words_of(objectives[1]))
    axes.set_ylabel(words_of(objectives[0]))
    axes.legend(fontsize=8)
    return figure


def draw_coordinates(found: Found) -> Figure | None:
    """Each trial as a line through its values."""
    return draw_parallel(found.spec, found.searched, best=found.best, what=words_of(found.answers.objectives[0]))


FIGURES: Mapping[str, Callable[[Found], Figure | None]] = {
    "history": draw_history,
    "importances": draw_importances,
    "coordinates": draw_coordinates,
    "curves": draw_curves,
    "front": draw_front,
}


def _figure(*, height: float = 4.2) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.5, height), layout="constrained")
    axes = figure.add_subplot()
    tidy(axes)
    return figure, axes


def _compare(axes: Axes, found: Found) -> None:
    verdict = found.answers.verdict
    if verdict.baseline is not None:
        axes.axhline(verdict.baseline.mean, color=BASELINE, linestyle=":", label="without distillation")
    if verdict.teacher is not None:
        axes.axhline(verdict.teacher, color=TEACHER, linestyle="--", label="teacher")


def _rank(trial: Trial, found: Found) -> int:
    """What is drawn later lies above."""
    if trial.number == found.best:
        return 3
    return {"stopped": 0, "failed": 0}.get(trial.state, 2 if trial.role == "baseline" else 1)


def _style(trial: Trial, found: Found) -> tuple[str, dict[str, Any]]:
    if trial.number == found.best:
        return f"winner, trial {trial.number}", {"color": BEST, "linewidth": 2.0}
    if trial.role == "baseline":
        return "without distillation", {"color": BASELINE, "linewidth": 1.2, "linestyle": ":"}
    if trial.state in ("stopped", "failed"):
        return "stopped early", {"color": DIM, "linewidth": 0.8, "alpha": 0.6}
    return "trials", {"color": MAIN, "linewidth": 1.0, "alpha": 0.7}
