"""A sweep: a search over the fields of one training."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, ValidationError, field_validator, model_validator

from trainer.spec import Spec, TrainingSpec
from workers.spec.jobs import Submission
from workers.spec.paths import get_at, set_at


class Uniform(Spec):
    """A number between two bounds, on a linear or a logarithmic scale."""

    kind: Literal["uniform"] = "uniform"
    low: float
    high: float
    log: bool = Field(default=False, description="Sample the logarithm evenly.")

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low must be below high, found low={self.low:g} and high={self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic dimension needs low above 0, found {self.low:g}")
        return self


class Integer(Spec):
    """A whole number between two bounds, both included."""

    kind: Literal["integer"] = "integer"
    low: int
    high: int

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low must be below high, found low={self.low} and high={self.high}")
        return self


class Choice(Spec):
    """One of several values."""

    kind: Literal["choice"] = "choice"
    values: tuple[float | int | str | bool, ...] = Field(min_length=1)


Dimension = Annotated[Uniform | Integer | Choice, Field(discriminator="kind")]


_METRIC = re.compile(
    r"val/AP(50|75|_small|_medium|_large|/.+)?|train/(loss/\w+|gradient_norm|learning_rate|images_per_second)"
)


class Objective(Spec):
    """The metric that a sweep optimises."""

    metric: str = Field(default="val/AP", description="Any metric that the trainer logs; AP is in percent.")
    direction: Literal["maximize", "minimize"] = "maximize"
    value: Literal["last", "best"] = Field(default="last", description="Take a trial's last value or its best.")

    @field_validator("metric")
    @classmethod
    def _is_logged(cls, metric: str) -> str:
        if not _METRIC.fullmatch(metric):
            raise ValueError(
                f"no training logs {metric!r}, wanted one of: val/AP, val/AP50, val/AP75, val/AP_small, val/AP_medium, "
                "val/AP_large, val/AP/<class>, train/loss/total, train/loss/<loss>, train/gradient_norm, "
                "train/learning_rate, train/images_per_second"
            )
        return metric


class RandomSearch(Spec):
    """Independent samples."""

    kind: Literal["random"] = "random"


class TpeSearch(Spec):
    """Tree-structured Parzen estimator (Optuna): samples near what did well."""

    kind: Literal["tpe"] = "tpe"
    num_startup_trials: int = Field(default=8, ge=1, description="Random trials before the estimator is used.")


SearchAlgorithm = Annotated[RandomSearch | TpeSearch, Field(discriminator="kind")]


class NoStopping(Spec):
    """Every trial runs to its end."""

    kind: Literal["none"] = "none"


class AshaStopping(Spec):
    """Asynchronous successive halving: weak trials end at the rungs."""

    kind: Literal["asha"] = "asha"
    grace_steps: int = Field(default=200, ge=1, description="No trial ends before this training step.")
    reduction_factor: int = Field(default=3, ge=2, le=10, description="One in so many goes on at each rung.")


Scheduler = Annotated[NoStopping | AshaStopping, Field(discriminator="kind")]


class SweepSpec(Submission):
    """A search over the fields of one training, run by Ray Tune.

    `space` maps the path of a field below `training` to a dimension. A list element is addressed by its `name`:
    `distillation.losses.feature_imitation.weight`.
    """

    kind: Literal["sweep"] = "sweep"
    training: TrainingSpec
    space: dict[str, Dimension] = Field(
        min_length=1,
        max_length=20,
        examples=[
            {
                "distillation.losses.rank_mimicking.weight": {
                    "kind": "uniform",
                    "low": 0.01,
                    "high": 10,
                    "log": True,
                }
            }
        ],
    )
    objective: Objective = Objective()
    num_trials: int = Field(default=16, ge=1, le=10_000)
    max_concurrent_trials: int = Field(default=2, ge=1, le=1000)
    search: SearchAlgorithm = TpeSearch()
    scheduler: Scheduler = NoStopping()
    seed: int = Field(default=0, ge=0, lt=2**31, description="Seed of the search, not of the trainings.")

    @model_validator(mode="after")
    def _every_dimension_names_a_field(self) -> Self:
        training = self.training.model_dump(mode="json")
        for path, dimension in self.space.items():
            get_at(training, path)
            for value in _corners(dimension):
                try:
                    self.trial_spec({path: value})
                except ValidationError as error:
                    raise ValueError(f"the dimension {path!r} reaches {value!r}: {error.errors()[0]['msg']}") from error
        return self

    @property
    def max_steps(self) -> int:
        """Training steps of the longest trial."""
        dimension = self.space.get("num_steps")
        return self.training.num_steps if dimension is None else max(int(value) for value in _corners(dimension))

    def trial_spec(self, parameters: dict[str, JsonValue]) -> TrainingSpec:
        """Return the training of one trial: the base training with `parameters` (path to value) set."""
        training = self.training.model_dump(mode="json")
        for path, value in parameters.items():
            set_at(training, path, value)
        return TrainingSpec.model_validate(training)


def _corners(dimension: Uniform | Integer | Choice) -> tuple[float | int | str | bool, ...]:
    """The edges of a dimension and a value between that is no round one: when these are allowed, so are all others."""
    if isinstance(dimension, Choice):
        return dimension.values
    if isinstance(dimension, Integer):
        return dimension.low, dimension.low + 1, dimension.high
    return dimension.low, dimension.low + (dimension.high - dimension.low) / math.e, dimension.high
