"""Population based training: the schema of its scheduler, of what it did, and what a sweep must be for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, JsonValue

from trainer.spec import Change, Spec, require_changeable

if TYPE_CHECKING:
    from workers.spec.sweeps import SweepSpec

MIN_POPULATION = 4


class PopulationTraining(Spec):
    """Population based training (Jaderberg et al., 2017, arXiv:1711.09846): all trials train side by side, and at every
    interval the weak ones go on from the checkpoints of strong ones, with perturbed values."""

    kind: Literal["pbt"] = "pbt"
    perturbation_interval_steps: int = Field(
        default=200, ge=1, description="Training steps between two rounds, in which trials are compared."
    )
    quantile_fraction: float = Field(
        default=0.25, gt=0, le=0.5, description="Share of the trials that is replaced, and share that is copied."
    )
    resample_probability: float = Field(
        default=0.25, ge=0, le=1, description="Of each value: that it is sampled anew instead of being perturbed."
    )
    perturbation_factors: tuple[Annotated[float, Field(gt=0, le=100)], ...] = Field(
        default=(0.8, 1.2),
        min_length=1,
        max_length=20,
        description="A perturbed number is multiplied by one of these and stays in its range; a choice moves to the "
        "value beside it.",
    )


class Stretch(Spec):
    """The parameters of a trial from a step on."""

    from_step: int = Field(ge=0)
    parameters: dict[str, JsonValue]


class Exploit(Spec):
    """A trial gave up its weights and went on from the checkpoint of one that was ahead, with perturbed values."""

    step: int = Field(description="Where the trial stood.", examples=[400])
    objective: float | None = Field(description="What it had reached; null where that was not finite.")
    from_trial: int = Field(description="The trial that was ahead.", examples=[5])
    from_step: int = Field(description="The checkpoint of that trial.", examples=[400])
    from_objective: float
    parameters_before: dict[str, JsonValue]
    parameters_after: dict[str, JsonValue]
    mlflow_run_id: str | None = Field(description="The run of what was given up; a new one holds what came after.")
    at: datetime


def changes_of(schedule: Sequence[Stretch], *, stretched: float = 1.0) -> tuple[Change, ...]:
    """What a schedule changes in the training of its first stretch; `stretched` to a training of other length."""
    changes: dict[int, Change] = {}
    for before, after in pairwise(schedule):
        values = {path: value for path, value in after.parameters.items() if value != before.parameters.get(path)}
        if values:
            step = max(1, int(after.from_step * stretched))
            earlier = changes[step].values if step in changes else {}
            changes[step] = Change.model_validate({"from_step": step, "values": {**earlier, **values}})
    return tuple(changes.values())


def require_population(spec: SweepSpec) -> None:
    """Raises ValueError where a sweep cannot be a population, with what is in the way."""
    assert isinstance(spec.scheduler, PopulationTraining)
    for path, dimension in spec.space.items():
        try:
            require_changeable(path)
        except ValueError as error:
            raise ValueError(f"pbt perturbs every dimension on the way, and {error}") from error
        if dimension.when:
            raise ValueError(f"pbt perturbs every dimension on the way; {path!r} does not always exist: wanted no when")
    if spec.search.kind != "random":
        raise ValueError(
            f"pbt starts all its trials before any has ended, so that {spec.search.kind} has nothing to learn from or "
            "to order; wanted search: {kind: random}"
        )
    if spec.num_trials < MIN_POPULATION:
        raise ValueError(f"num_trials is {spec.num_trials}; a population for pbt has at least {MIN_POPULATION}")
    if spec.training.changes:
        raise ValueError("pbt decides itself what changes on the way; wanted a training without changes")
    given = [name for name in ("wall_s", "gpu_hours", "patience_trials") if getattr(spec.budget, name) is not None]
    if given:
        raise ValueError(
            f"pbt starts all its trials at once, so that budget.{given[0]} could end nothing; num_trials and "
            "training.num_steps bound it"
        )
    _require_one_objective(spec)
    _require_rounds(spec)


def _require_one_objective(spec: SweepSpec) -> None:
    if spec.further_objectives:
        raise ValueError("pbt copies the trials that are ahead by one objective; wanted no further_objectives")
    if spec.objective.value == "best":
        raise ValueError(
            "the best value of a trial may be of weights that pbt has replaced; wanted objective.value: last"
        )
    if spec.objective.metric.startswith("cost/"):
        raise ValueError(f"{spec.objective.metric} is the same for every trial of pbt; wanted a metric of the training")


def _require_rounds(spec: SweepSpec) -> None:
    assert isinstance(spec.scheduler, PopulationTraining)
    training, interval = spec.training, spec.scheduler.perturbation_interval_steps
    if interval >= training.num_steps:
        raise ValueError(
            f"perturbation_interval_steps is {interval}, and a training has {training.num_steps} steps: there is no "
            "round; wanted a shorter interval"
        )
    logged = "log_every_steps" if spec.objective.metric.startswith("train/") else "evaluate_every_steps"
    for name, why in ((logged, "trials are compared by"), ("checkpoint_every_steps", "trials go on from")):
        every = getattr(training, name)
        if interval % every:
            raise ValueError(
                f"perturbation_interval_steps is {interval}, and training.{name}, which {why}, is {every}: wanted a "
                "multiple of it"
            )
