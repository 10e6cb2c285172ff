"""How a sweep searches: objective, algorithm, early stopping, budget and controls."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from trainer.spec import Spec
from workers.spec.population import PopulationTraining

_METRIC = re.compile(
    r"val/(AP(50|75|_small|_medium|_large|/.+)?|AR(1|10|100|_small|_medium|_large)|VOC_AP50(_11point)?)"
    r"|train/(loss/\w+|gradient_norm|learning_rate|images_per_second)|diagnostics/[\w/]+"
    r"|cost/student_(parameters|gflops|latency_ms)"
)


def _logged(metric: str) -> str:
    if not _METRIC.fullmatch(metric):
        raise ValueError(
            f"no training logs {metric!r}, wanted one of: val/AP, val/AP50, val/AP75, val/AP_small, val/AP_medium, "
            "val/AP_large, val/AP/<class>, val/AR1, val/AR10, val/AR100, val/AR_<size>, val/VOC_AP50, "
            "val/VOC_AP50_11point, train/loss/total, train/loss/<loss>, train/gradient_norm, train/learning_rate, "
            "train/images_per_second, cost/student_parameters, cost/student_gflops, cost/student_latency_ms, "
            "diagnostics/<name>"
        )
    return metric


MetricName = Annotated[str, Field(max_length=250), AfterValidator(_logged)]


class Objective(Spec):
    """A metric that a sweep optimises."""

    metric: MetricName = Field(default="val/AP", description="Any metric that the trainer logs; AP is in percent.")
    direction: Literal["maximize", "minimize"] = "maximize"
    value: Literal["last", "best"] = Field(default="last", description="Take a trial's last value or its best.")

    @property
    def sign(self) -> int:
        """1 where more is better, else -1."""
        return 1 if self.direction == "maximize" else -1


class Constraint(Spec):
    """A bound on a metric: a trial beyond it is not chosen."""

    metric: MetricName = Field(examples=["cost/student_parameters"])
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError(f"the constraint on {self.metric!r} needs at_least, at_most or both")
        return self

    def excess(self, value: float) -> float:
        """How far beyond the bound a value is; 0 or below where it is allowed."""
        over = [] if self.at_most is None else [value - self.at_most]
        under = [] if self.at_least is None else [self.at_least - value]
        return max(over + under)


class GridSearch(Spec):
    """Every combination, in order."""

    kind: Literal["grid"] = "grid"
    points: int = Field(default=5, ge=1, le=1000, description="Values of a range that are tried.")


class RandomSearch(Spec):
    """Independent samples."""

    kind: Literal["random"] = "random"


class TpeSearch(Spec):
    """Tree-structured Parzen estimator (Optuna): samples near what did well; also for several objectives."""

    kind: Literal["tpe"] = "tpe"
    num_startup_trials: int = Field(default=8, ge=1, description="Random trials before the estimator is used.")


SearchAlgorithm = Annotated[GridSearch | RandomSearch | TpeSearch, Field(discriminator="kind")]


class NoStopping(Spec):
    """Every trial runs to its end."""

    kind: Literal["none"] = "none"


class AshaStopping(Spec):
    """Asynchronous successive halving: weak trials end at the rungs. It judges by the first objective."""

    kind: Literal["asha"] = "asha"
    grace_steps: int = Field(default=200, ge=1, description="No trial ends before this training step.")
    reduction_factor: int = Field(default=3, ge=2, le=10, description="One in so many goes on at each rung.")


Scheduler = Annotated[NoStopping | AshaStopping | PopulationTraining, Field(discriminator="kind")]


class Budget(Spec):
    """When the search ends before all its trials. The controls and repeats that follow are not counted."""

    wall_s: float | None = Field(default=None, gt=0, description="Seconds from the start of the first trial.")
    gpu_hours: float | None = Field(
        default=None, gt=0, description="Hours of GPUs that trials held; of CPU cores where a trial holds no GPU."
    )
    patience_trials: int | None = Field(
        default=None, ge=1, description="Ended trials in a row without an improvement of the best."
    )
    min_improvement: float = Field(default=0.0, ge=0, description="What counts as one, in units of the objective.")


class Controls(Spec):
    """What makes the answer convincing: the student without distillation, and the best trials under more seeds."""

    baseline: bool = Field(
        default=True, description="Train the student without distillation too, at the same budget and seeds."
    )
    num_finalists: int = Field(default=2, ge=0, le=50, description="Best trials that are repeated under more seeds.")
    num_seeds: int = Field(default=3, ge=1, le=50, description="Seeds of the baseline and of each finalist.")
    confidence: float = Field(default=0.95, ge=0.5, lt=1, description="Of the interval around the gain.")
