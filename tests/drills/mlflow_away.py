"""MLflow goes away during a training: it takes its steps as fast as before, and MLflow has each point once afterwards.

Two equal trainings run side by side, each with an MLflow of its own; one of the two goes away, first frozen, so that
requests hang, then killed. What slows down the machine slows down both: in each slice of a few seconds the steps of the
one are compared with those of the other.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median, quantiles

from tests.drills.outcome import Drill, Outcome, milliseconds
from tests.drills.service import MlflowServer, wait_until
from tests.drills.timed_pair import Timed, points_are_there_once

PURPOSE = "MLflow is frozen, then killed, and comes back, while one of two equal trainings logs to it."
SHORT_S = 6.0
SETTLE_S, SLICE_S = 2.0, 3.0
BEFORE_SHORT_S, BEFORE_LONG_S = 9.0, 30.0
# Of seconds on a machine that does other things too, only a training that waits for MLflow can be told.
MAX_SLOWER_SHORT, MAX_SLOWER_LONG = 5.0, 0.05
ALL_THERE_WITHIN_S = 120.0


@dataclass(frozen=True)
class Times:
    """When comparing began, when MLflow went, and when it answered again, in seconds since the epoch."""

    began: float
    gone: float
    back: float


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    there = drill.shared.mlflow()
    with ExitStack() as stack:
        away = stack.enter_context(MlflowServer(drill.folder / "mlflow"))
        pair = [
            stack.enter_context(Timed(name, drill.folder, server.url, drill.shared.data()))
            for name, server in (("away", away), ("there", there))
        ]
        times = _carry_out(drill, outcome, pair, away)
        for one in pair:
            one.stop()
            outcome.wrong += points_are_there_once(one)
    waited = sum(times.gone <= point.at_ms / 1000 < times.back for point in pair[0].points)
    outcome.figures["points logged meanwhile, each at MLflow once"] = str(waited)
    slower = _compare(outcome, pair, times)
    limit = MAX_SLOWER_LONG if drill.is_long else MAX_SLOWER_SHORT
    outcome.expect(slower <= limit, f"the training was {100 * slower:.1f}% slower, {100 * limit:.0f}% are allowed")
    return outcome


def _carry_out(drill: Drill, outcome: Outcome, pair: Sequence[Timed], away: MlflowServer) -> Times:
    outage_s = drill.seconds(SHORT_S)
    drill.shared.mlflow().wait()
    away.wait()
    for one in pair:
        wait_until(one.has_points, 900, f"MLflow has points of the training {one.name}, see {one.folder}", every_s=0.5)
    time.sleep(SETTLE_S)
    began = time.time()
    time.sleep(BEFORE_LONG_S if drill.is_long else BEFORE_SHORT_S)
    drill.tell(f"MLflow goes away for {outage_s:g} s")
    gone = time.time()
    away.freeze()
    time.sleep(outage_s / 2)
    away.kill()
    time.sleep(outage_s / 2)
    drill.tell("MLflow is started again")
    away.start()
    away.wait()
    back = time.time()
    outcome.figures["MLflow did not answer for"] = f"{back - gone:.0f} s, of which it was frozen for {outage_s / 2:g} s"
    newest = pair[0].points[-1].step
    caught_up_s = wait_until(
        lambda: pair[0].newest_at_mlflow() >= newest, ALL_THERE_WITHIN_S, f"MLflow has step {newest}", every_s=0.5
    )
    outcome.figures["all points at MLflow after that"] = f"{caught_up_s:.1f} s"
    return Times(began, gone, back)


def _compare(outcome: Outcome, pair: Sequence[Timed], times: Times) -> float:
    """By how much the training without its MLflow was slower than the other; notes the figures.

    That both were alike before is a control. Its seconds are too few to be divided by.
    """
    ended_at = [one.steps_ended_at() for one in pair]
    slower = 0.0
    for when, first, last in (("before", times.began, times.gone), ("during", times.gone, times.back)):
        taken = [_between(steps, first, last) for steps in ended_at]
        for one, seconds in zip(pair, taken, strict=True):
            what = f"a step {when} the outage, MLflow {one.name}"
            outcome.figures[what] = f"{milliseconds(seconds)}, {len(seconds)} steps"
        low, middle, high = (ratio - 1 for ratio in quantiles(_ratios(ended_at, first, last), n=4))
        by_count = len(taken[1]) / max(1, len(taken[0])) - 1
        outcome.figures[f"slower {when} the outage"] = (
            f"{middle:+.1%} by the median step in the median slice of {SLICE_S:g} s (half of the slices "
            f"{low:+.1%} to {high:+.1%}), {by_count:+.1%} by the number of steps"
        )
        slower = max(middle, by_count)
    return slower


def _ratios(ended_at: Sequence[Sequence[float]], first: float, last: float) -> list[float]:
    """By how much longer the first training's median step took than the second's, slice by slice."""
    ratios = []
    for number in range(int((last - first) / SLICE_S)):
        begin = first + number * SLICE_S
        away, there = (_between(steps, begin, begin + SLICE_S) for steps in ended_at)
        if there:
            ratios.append(median(away) / median(there) if away else float("inf"))
    return ratios


def _between(ended_at: Sequence[float], first: float, last: float) -> list[float]:
    """Seconds of the steps that lie between two moments."""
    return [after - before for before, after in itertools.pairwise(ended_at) if first <= before and after <= last]
