"""The names under which a trial reports to Tune, and what stops weak trials early."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import Field
from ray.tune.experiment import Trial
from ray.tune.schedulers import ASHAScheduler, FIFOScheduler, TrialScheduler

from trainer.spec import Spec
from workers.spec import SEARCHED, AshaStopping, SweepSpec
from workers.spec.layout import read_whole, write_whole
from workers.spec.steering import Steering

OBJECTIVE = "objective"
FURTHER = "further_objectives"
STEP = "step"
MODES = {"maximize": "max", "minimize": "min"}
JUDGED = frozenset({"search", "added"})

logger = logging.getLogger(__name__)


class Rungs(Spec):
    """What ASHA has seen: for each rung (a training step) the objective of each trial by number."""

    rungs: dict[int, dict[int, float]] = Field(default={})


class DurableAsha(ASHAScheduler):  # type: ignore[misc]  # Ray is untyped to mypy
    """Ray's ASHA, whose rungs outlive its process: each is on disk before its verdict is acted upon.

    Tune's own restoring brings no scheduler back, and gives trials new ids; rungs are kept by our trial numbers.
    Baselines, fixed trials and repeats are not judged: they are there to be compared at the full budget.
    """

    def __init__(
        self,
        spec: SweepSpec,
        path: Path,
        steering: Callable[[], Steering] = Steering,
        write: Callable[[Path, Spec], None] = write_whole,
    ) -> None:
        self._steering = steering
        self._write = write
        assert isinstance(spec.scheduler, AshaStopping)
        super().__init__(
            time_attr=STEP,
            max_t=spec.max_steps,
            grace_period=min(spec.scheduler.grace_steps, spec.max_steps),
            reduction_factor=spec.scheduler.reduction_factor,
        )
        self._path = path
        self._rungs = read_whole(path, Rungs) or Rungs()
        for milestone, recorded in self._recorded().items():
            # strings stand for trials of earlier processes, until one of them is started again
            recorded.update({_key(number): value for number, value in self._rungs.rungs.get(milestone, {}).items()})

    def on_trial_add(self, tune_controller: Any, trial: Trial) -> None:
        super().on_trial_add(tune_controller, trial)
        for recorded in self._recorded().values():
            if (value := recorded.pop(_key(trial.config["number"]), None)) is not None:
                recorded[trial.trial_id] = value

    def on_trial_result(self, tune_controller: Any, trial: Trial, result: dict[str, Any]) -> str:
        if trial.config["number"] in self._steering().stop_trials:
            return str(TrialScheduler.STOP)
        if trial.config["role"] not in JUDGED:
            return str(TrialScheduler.CONTINUE)
        verdict = str(super().on_trial_result(tune_controller, trial, result))
        self._keep(trial)
        return verdict

    def on_trial_complete(self, tune_controller: Any, trial: Trial, result: dict[str, Any]) -> None:
        if trial.config["role"] in JUDGED:
            super().on_trial_complete(tune_controller, trial, result)
            self._keep(trial)

    def _recorded(self) -> dict[int, dict[str, float]]:
        [bracket] = self._brackets
        return {int(milestone): recorded for milestone, recorded in bracket._rungs}

    def _keep(self, trial: Trial) -> None:
        number = int(trial.config["number"])
        rungs = {milestone: dict(known) for milestone, known in self._rungs.rungs.items()}
        for milestone, recorded in self._recorded().items():
            if trial.trial_id in recorded:
                rungs.setdefault(milestone, {})[number] = float(recorded[trial.trial_id])
        if rungs != self._rungs.rungs:
            self._rungs = Rungs(rungs=rungs)
            self._write(self._path, self._rungs)


class Fifo(FIFOScheduler):  # type: ignore[misc]  # Ray is untyped to mypy
    """Every trial runs to its end, or in a population to the step of the next round, unless a person asks otherwise."""

    def __init__(self, steering: Callable[[], Steering], round_step: Callable[[], int | None]) -> None:
        super().__init__()
        self._steering = steering
        self._round_step = round_step

    def on_trial_result(self, tune_controller: Any, trial: Trial, result: dict[str, Any]) -> str:
        until = self._round_step() if trial.config["role"] in SEARCHED else None
        ends = trial.config["number"] in self._steering().stop_trials or (until is not None and result[STEP] >= until)
        return str(TrialScheduler.STOP if ends else TrialScheduler.CONTINUE)


def scheduler(
    spec: SweepSpec,
    path: Path,
    steering: Callable[[], Steering] = Steering,
    round_step: Callable[[], int | None] = lambda: None,
    write: Callable[[Path, Spec], None] = write_whole,
) -> TrialScheduler:
    """What stops trials before their end, by the objective of the TuneConfig; its time axis is the trainer's own
    step. `write` makes a file durable."""
    if isinstance(spec.scheduler, AshaStopping):
        return DurableAsha(spec, path, steering, write)
    return Fifo(steering, round_step)


def _key(number: int) -> str:
    return f"trial {number}"
