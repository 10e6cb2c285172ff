"""What a sweep found, and how sure that is. Pure: trials in, words and numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev

from pydantic import JsonValue
from scipy import stats

from service.sweeps.answer_schemas import Arm, Gain, Outcome, Verdict
from service.sweeps.models import TrialRow
from workers.spec import SEARCHED, Objective, Stretch, SweepSpec

# With so many fresh seeds the seed of the search, by which the trial was chosen, is left out of its gain.
FRESH_SEEDS = 4


def judge(spec: SweepSpec, trials: Sequence[TrialRow]) -> Verdict:
    """Compare the best trials with the baseline, seed by seed."""
    objective = spec.objective
    baseline = _arm(None, {}, [row for row in trials if row.role == "baseline"])
    finalists = _finalists(spec, trials)
    winner = finalists[0] if finalists else None
    teacher = _teacher(objective, trials)
    found = {"winner": winner, "baseline": baseline, "finalists": finalists, "teacher": teacher}
    if winner is None:
        return Verdict(outcome="too_early", text="no trial has finished yet", gain=None, gap_closed=None, **found)
    value = _words(objective, winner.mean)
    over = f" (mean of {len(winner.seeds)} seeds)" if len(winner.seeds) > 1 else ""
    best = f"trial {winner.trial} is best with {value}{over}"
    if baseline is None:
        text = f"{best}; no baseline without distillation was trained, so its gain is not known"
        return Verdict(outcome="no_baseline", text=text, gain=None, gap_closed=None, **found)
    gain = paired_gain(objective, winner, baseline, confidence=spec.controls.confidence)
    if gain is None:
        text = f"{best}; the baseline has not finished under the same seed yet"
        return Verdict(outcome="too_early", text=text, gain=None, gap_closed=None, **found)
    outcome, text = _say(objective, winner, gain)
    return Verdict(outcome=outcome, text=text, gain=gain, gap_closed=_closed(winner, baseline, teacher), **found)


def paired_gain(objective: Objective, winner: Arm, baseline: Arm, *, confidence: float) -> Gain | None:
    """The mean difference over the seeds that both have, with Student's interval; None where they share none."""
    common = [seed for seed in baseline.seeds if seed in winner.seeds]
    if len(common) > FRESH_SEEDS:
        common = common[1:]
    if not common:
        return None
    differences = [
        objective.sign * (winner.values[winner.seeds.index(seed)] - baseline.values[baseline.seeds.index(seed)])
        for seed in common
    ]
    mean = fmean(differences)
    if len(differences) < 2:
        return Gain(mean=mean, low=None, high=None, confidence=confidence, seeds=common)
    error = stdev(differences) / math.sqrt(len(differences))
    half = float(stats.t.ppf((1 + confidence) / 2, len(differences) - 1)) * error
    return Gain(mean=mean, low=mean - half, high=mean + half, confidence=confidence, seeds=common)


def _say(objective: Objective, winner: Arm, gain: Gain) -> tuple[Outcome, str]:
    what = f"trial {winner.trial}"
    amount = _words(objective, abs(gain.mean))
    if gain.low is None or gain.high is None:
        side = "above" if gain.mean >= 0 else "below"
        return "unclear", f"{what} is {amount} {side} the baseline under one seed; that may be noise"
    interval = f"{gain.confidence:.0%} interval {gain.low:.1f} to {gain.high:.1f}, {len(gain.seeds)} seeds"
    if gain.low > 0:
        return "better", f"{what} gains {amount} over the baseline ({interval})"
    if gain.high < 0:
        return "worse", f"no trial beats the baseline: the best, {what}, loses {amount} ({interval})"
    return "unclear", f"{what} differs from the baseline by {gain.mean:+.1f}, which is inside the noise ({interval})"


def _finalists(spec: SweepSpec, trials: Sequence[TrialRow]) -> list[Arm]:
    """Repeated trials before others; without repeats, the best of the search alone."""
    done = [row for row in trials if row.role in SEARCHED and row.counts(spec)]
    repeats: dict[int, list[TrialRow]] = {}
    for row in trials:
        if row.role == "finalist" and row.repeats is not None and row.counts(spec):
            repeats.setdefault(row.repeats, []).append(row)
    sign = spec.objective.sign
    if "seed" in spec.space:
        arms = _by_seed(done)
    elif not repeats:
        done.sort(key=lambda row: (-sign * (row.objective or 0.0), row.number))
        arms = [_arm(row.number, row.parameters, [row]) for row in done[: max(1, spec.controls.num_finalists)]]
    else:
        arms = [_arm(row.number, row.parameters, [row, *repeats[row.number]]) for row in done if row.number in repeats]
    return sorted((arm for arm in arms if arm is not None), key=lambda arm: -sign * arm.mean)


def _by_seed(rows: Sequence[TrialRow]) -> list[Arm | None]:
    """Where the seed is a dimension: trials that differ in nothing else, of those with the most seeds."""
    groups: dict[str, list[TrialRow]] = {}
    for row in rows:
        others = {path: value for path, value in row.parameters.items() if path != "seed"}
        groups.setdefault(repr(sorted(others.items())), []).append(row)
    most = max((len(group) for group in groups.values()), default=0)
    return [
        _arm(group[0].number, {path: value for path, value in group[0].parameters.items() if path != "seed"}, group)
        for group in groups.values()
        if len(group) == most
    ]


def _arm(number: int | None, parameters: dict[str, JsonValue], rows: Sequence[TrialRow]) -> Arm | None:
    known = sorted((row.seed, row.objective) for row in rows if row.state == "succeeded" and row.objective is not None)
    if not known:
        return None
    values = [value for _, value in known]
    return Arm(
        trial=number,
        parameters=parameters,
        schedule=[] if number is None else [Stretch.model_validate(stretch) for stretch in rows[0].schedule],
        seeds=[seed for seed, _ in known],
        values=values,
        mean=fmean(values),
        spread=stdev(values) if len(values) > 1 else None,
    )


def _teacher(objective: Objective, trials: Sequence[TrialRow]) -> float | None:
    key = objective.metric.replace("val/", "teacher/", 1)
    found = [row.metrics[key] for row in trials if key.startswith("teacher/") and key in row.metrics]
    return found[0] if found else None


def _closed(winner: Arm, baseline: Arm, teacher: float | None) -> float | None:
    if teacher is None or teacher == baseline.mean:
        return None
    return (winner.mean - baseline.mean) / (teacher - baseline.mean)


def _words(objective: Objective, value: float) -> str:
    unit = objective.metric.removeprefix("val/")
    return f"{value:.1f} {unit}" if objective.metric.startswith("val/") else f"{value:.4g} {unit}"
