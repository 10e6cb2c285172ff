"""A sweep: a search over the fields of one training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, Self

from pydantic import Field, JsonValue, ValidationError, model_validator

from trainer.spec import CacheSpec, Spec, TrainingSpec
from trainer.spec.paths import get_at, set_at
from workers.spec.jobs import Submission
from workers.spec.population import PopulationTraining, Stretch, changes_of, require_population
from workers.spec.search import (
    Budget,
    Constraint,
    Controls,
    GridSearch,
    NoStopping,
    Objective,
    Scheduler,
    SearchAlgorithm,
    TpeSearch,
)
from workers.spec.space import (
    Dimension,
    Options,
    Value,
    corners,
    grid,
    in_order,
    require_inside,
)


class PastTrial(Spec):
    """What another sweep found at one place of the space."""

    parameters: dict[str, Value]
    objective: float
    further_objectives: tuple[float, ...] = ()


class SweepSpec(Submission):
    """A search over the fields of one training, run by Ray Tune.

    `space` maps the path of a field below `training` to a dimension. A list element is addressed by its `name`:
    `distillation.losses.feature_imitation.weight`.
    """

    kind: Literal["sweep"] = "sweep"
    training: TrainingSpec
    space: dict[str, Dimension] = Field(
        min_length=1,
        max_length=50,
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
    objective: Objective = Field(default=Objective(), description="What decides; early stopping judges by it.")
    further_objectives: tuple[Objective, ...] = Field(
        default=(), max_length=4, description="Weighed against the first: the answer is then a Pareto front."
    )
    constraints: tuple[Constraint, ...] = Field(default=(), max_length=10)
    num_trials: int = Field(default=16, ge=1, le=10_000, description="Trials of the search, fixed ones included.")
    fixed_trials: tuple[dict[str, Value], ...] = Field(
        default=(), max_length=100, description="Where to start; what is left out is sampled."
    )
    past_trials: tuple[PastTrial, ...] = Field(
        default=(), max_length=10_000, description="Results of an earlier sweep that the search starts from."
    )
    max_concurrent_trials: int = Field(default=2, ge=1, le=1000)
    search: SearchAlgorithm = TpeSearch()
    scheduler: Scheduler = NoStopping()
    budget: Budget = Budget()
    share_teacher_outputs: bool = Field(
        default=True,
        description="Trials share the teacher's outputs on disk, where images are not drawn anew by scale or colour. "
        "The result is the same to the bit; `distillation.cache` sets the budget.",
    )
    controls: Controls = Controls()
    seed: int = Field(default=0, ge=0, lt=2**31, description="Seed of the search, not of the trainings.")

    @model_validator(mode="after")
    def _every_dimension_names_a_field(self) -> Self:
        for path in in_order(self.space):
            for beside in self._contexts(path):
                get_at(self._document(beside), path)
                for value in corners(self.space[path]):
                    self._check_value(beside, path, value)
        return self

    @model_validator(mode="after")
    def _fixed_trials_lie_in_the_space(self) -> Self:
        for number, fixed in enumerate(self.fixed_trials, start=1):
            require_inside(self.space, fixed, what=f"fixed trial {number}")
        if len(self.fixed_trials) > self.num_trials:
            raise ValueError(
                f"{len(self.fixed_trials)} fixed trials do not fit into num_trials, which is {self.num_trials}"
            )
        return self

    @model_validator(mode="after")
    def _the_grid_fits(self) -> Self:
        if isinstance(self.search, GridSearch):
            size = 1
            for dimension in self.space.values():
                size *= len(grid(dimension, self.search.points))
            if size > 100_000:
                raise ValueError(f"the grid has {size} points, at most 100000 are allowed; lower search.points")
        return self

    @model_validator(mode="after")
    def _a_population_can_be_trained(self) -> Self:
        if isinstance(self.scheduler, PopulationTraining):
            require_population(self)
        return self

    @property
    def ordered_space(self) -> dict[str, Dimension]:
        """The dimensions, each after those on which it depends."""
        return {path: self.space[path] for path in in_order(self.space)}

    @property
    def objectives(self) -> tuple[Objective, ...]:
        return (self.objective, *self.further_objectives)

    def excesses(self, metrics: Mapping[str, float]) -> list[float]:
        """How far a trial is beyond each constraint; infinitely where it never logged the metric."""
        return [
            constraint.excess(metrics[constraint.metric]) if constraint.metric in metrics else math.inf
            for constraint in self.constraints
        ]

    def allows(self, metrics: Mapping[str, float]) -> bool:
        """Whether a trial with these metrics keeps all constraints."""
        return all(excess <= 0 for excess in self.excesses(metrics))

    @property
    def max_steps(self) -> int:
        """Training steps of the longest trial."""
        dimension = self.space.get("num_steps")
        return self.training.num_steps if dimension is None else max(int(value) for value in corners(dimension))

    @property
    def num_shares(self) -> int:
        """How many times it holds `resources` while it runs: once for each trial that trains."""
        return min(self.max_concurrent_trials, self.num_trials)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the trainings: that of the search first, then those of the repeats."""
        return tuple(self.training.seed + index for index in range(self.controls.num_seeds))

    @property
    def has_baseline(self) -> bool:
        """Whether the student is also trained without distillation."""
        distils = self.training.distillation is not None or any(path.startswith("distillation") for path in self.space)
        return self.controls.baseline and distils

    @property
    def num_trainings(self) -> int:
        """Trainings in all: the search, the baseline and the repeats of finalists, where none ends early."""
        repeats = min(self.controls.num_finalists, self.num_trials) * (self.controls.num_seeds - 1)
        return self.num_trials + repeats + (self.controls.num_seeds if self.has_baseline else 0)

    def trial_spec(
        self,
        parameters: Mapping[str, JsonValue],
        *,
        seed: int | None = None,
        schedule: Sequence[Stretch] = (),
        num_steps: int | None = None,
    ) -> TrainingSpec:
        """Return the training of one trial: the base training with `parameters` (path to value) set.

        A trial whose parameters changed on the way has a `schedule`, which goes before them. A seed that is a dimension
        of the space goes before `seed`. With `num_steps` the training, and with it the schedule, is stretched.
        """
        document = self._document(schedule[0].parameters if schedule else parameters)
        if seed is not None and "seed" not in parameters:
            document["seed"] = seed
        steps = document["num_steps"]
        if num_steps is not None:
            document["num_steps"] = num_steps
        if schedule:
            assert isinstance(steps, int)
            changes = changes_of(schedule, stretched=(num_steps or steps) / steps)
            document["changes"] = [change.model_dump(mode="json") for change in changes]
        training = TrainingSpec.model_validate(document)
        return _with_cache(training) if self.share_teacher_outputs else training

    def baseline_spec(self, *, seed: int) -> TrainingSpec:
        """Return the training of the student without distillation."""
        document = self.training.model_dump(mode="json")
        return TrainingSpec.model_validate({**document, "distillation": None, "seed": seed})

    def _document(self, parameters: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        document = self.training.model_dump(mode="json")
        order = {path: index for index, path in enumerate(in_order(self.space))}
        for path in sorted(parameters, key=lambda path: order.get(path, len(order))):
            dimension, value = self.space.get(path), parameters[path]
            if isinstance(dimension, Options):
                set_at(document, path, dimension.value_of(value))
                # defaults are filled in, names above all: by them later paths find the items of a list
                document = TrainingSpec.model_validate(document).model_dump(mode="json")
            else:
                set_at(document, path, value)
        return document

    def _check_value(self, beside: dict[str, JsonValue], path: str, value: Value) -> None:
        try:
            self.trial_spec({**beside, path: value})
        except ValidationError as error:
            raise ValueError(f"the dimension {path!r} reaches {value!r}: {error.errors()[0]['msg']}") from error

    def _contexts(self, path: str) -> list[dict[str, JsonValue]]:
        """Parameters beside which the dimension at `path` exists: all options above it that its conditions allow."""
        base: dict[str, JsonValue] = {}
        for other, values in self.space[path].when.items():
            base |= {**self._contexts(other)[0], other: values[0]}
        found = [base]
        for other, dimension in self.space.items():
            if isinstance(dimension, Options) and path.startswith(f"{other}."):
                labels = self.space[path].when.get(other) or tuple(option.label for option in dimension.options)
                found = [{**beside, other: label} for beside in found for label in labels]
        return found


def _with_cache(training: TrainingSpec) -> TrainingSpec:
    """The training with a cache of teacher outputs, where it has none and its images are the same in every epoch."""
    distillation = training.distillation
    if distillation is None or distillation.cache is not None or training.data.draws_anew:
        return training
    return training.model_copy(update={"distillation": distillation.model_copy(update={"cache": CacheSpec()})})
