"""What the next trial of a search tries: a pure function of the spec and of the trials so far.

Nothing is remembered between two calls, so that a search goes on after any crash exactly as it would have gone on
without one: the sampler of trial n is seeded by the sweep's seed and n, and sees the trials before it.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from workers.spec import (
    Dimension,
    GridSearch,
    Integer,
    PastTrial,
    RandomSearch,
    SweepSpec,
    TpeSearch,
    TrialRecord,
    Uniform,
)
from workers.spec.space import contains, exists, grid, values_of

if TYPE_CHECKING:
    import optuna

_CONSTRAINTS = "constraints"  # where Optuna's samplers look for them


def sample(
    spec: SweepSpec, before: Sequence[TrialRecord], *, index: int, fixed: Mapping[str, JsonValue] | None = None
) -> dict[str, JsonValue] | None:
    """Parameters of the trial at `index` (from 0) of the search; None where a grid has no more.

    `before` are the search's trials so far, `fixed` are parameters that are given.
    """
    if isinstance(spec.search, GridSearch):
        if fixed:
            return {**_first_values(spec, fixed), **fixed}
        number = index - sum(1 for record in before if record.role != "search")
        return next(itertools.islice(_grid(spec), number, None), None)
    trial = _study(spec, before, index).ask()
    found: dict[str, JsonValue] = {}
    for path, dimension in spec.ordered_space.items():
        if not exists(dimension, found):
            continue
        found[path] = fixed[path] if fixed and path in fixed else _suggest(trial, path, dimension)
    return found


def _study(spec: SweepSpec, before: Sequence[TrialRecord], index: int) -> optuna.Study:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        directions=[objective.direction for objective in spec.objectives], sampler=_optuna_sampler(spec, index)
    )
    for past in spec.past_trials:
        if (known := _past_trial(spec, past)) is not None:
            study.add_trial(known)
    for record in sorted(before, key=lambda record: record.number):
        study.add_trial(frozen_trial(spec, record))
    return study


def _optuna_sampler(spec: SweepSpec, index: int) -> optuna.samplers.BaseSampler:
    from optuna.exceptions import ExperimentalWarning
    from optuna.samplers import RandomSampler, TPESampler

    seed = (spec.seed * 1_000_003 + index * 7919) % (2**32)
    if isinstance(spec.search, RandomSearch):
        return RandomSampler(seed=seed)
    assert isinstance(spec.search, TpeSearch)
    warnings.filterwarnings("ignore", category=ExperimentalWarning)
    return TPESampler(
        seed=seed,
        n_startup_trials=spec.search.num_startup_trials,
        multivariate=True,
        group=any(dimension.when for dimension in spec.space.values()),
        constant_liar=spec.max_concurrent_trials > 1,
        constraints_func=(lambda trial: trial.system_attrs.get(_CONSTRAINTS, [])) if spec.constraints else None,
    )


def frozen_trial(spec: SweepSpec, record: TrialRecord) -> optuna.trial.FrozenTrial:
    """A trial of ours as Optuna's."""
    from optuna.trial import TrialState, create_trial

    values = objective_values(record)
    several = len(spec.objectives) > 1
    state, intermediate = TrialState.FAIL, {}
    if record.state == "running":
        state = TrialState.RUNNING
    elif record.state == "succeeded" and values is not None:
        state = TrialState.COMPLETE
    elif record.state == "stopped" and not several:
        state = TrialState.PRUNED
        intermediate = {report.step: report.value for report in record.reports if report.value is not None}
    known = {path: value for path, value in record.parameters.items() if path in spec.space}
    return create_trial(
        state=state,
        values=values if state == TrialState.COMPLETE else None,
        params=known,
        distributions={path: distribution(spec.space[path]) for path in known},
        intermediate_values=intermediate,
        system_attrs={_CONSTRAINTS: spec.excesses(record.metrics)} if spec.constraints else {},
    )


def _past_trial(spec: SweepSpec, past: PastTrial) -> optuna.trial.FrozenTrial | None:
    """A result of an earlier sweep; None where it lies outside this sweep's space or has other objectives."""
    from optuna.trial import create_trial

    found: dict[str, JsonValue] = {}
    for path, dimension in spec.ordered_space.items():
        if not exists(dimension, found):
            continue
        if path not in past.parameters or not contains(dimension, past.parameters[path]):
            return None
        found[path] = past.parameters[path]
    values = [past.objective, *past.further_objectives]
    if len(values) != len(spec.objectives):
        return None
    return create_trial(
        values=values,
        params=found,
        distributions={path: distribution(spec.space[path]) for path in found},
        system_attrs={_CONSTRAINTS: [0.0] * len(spec.constraints)} if spec.constraints else {},
    )


def objective_values(record: TrialRecord) -> list[float] | None:
    """The values of all objectives; None where one is missing or not finite."""
    values = [record.objective, *record.further_objectives]
    finite = [value for value in values if value is not None and math.isfinite(value)]
    return finite if len(finite) == len(values) else None


def distribution(dimension: Dimension) -> optuna.distributions.BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if (values := values_of(dimension)) is not None:
        return CategoricalDistribution(values)
    if isinstance(dimension, Integer):
        return IntDistribution(dimension.low, dimension.high, log=dimension.log)
    assert isinstance(dimension, Uniform)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def _suggest(trial: optuna.Trial, path: str, dimension: Dimension) -> Any:
    if (values := values_of(dimension)) is not None:
        return trial.suggest_categorical(path, values)
    if isinstance(dimension, Integer):
        return trial.suggest_int(path, dimension.low, dimension.high, log=dimension.log)
    assert isinstance(dimension, Uniform)
    return trial.suggest_float(path, dimension.low, dimension.high, log=dimension.log)


def _grid(spec: SweepSpec) -> Iterable[dict[str, JsonValue]]:
    """All combinations; a dimension that does not exist beside the others is left out, and no combination repeats."""
    assert isinstance(spec.search, GridSearch)
    space = spec.ordered_space
    seen: set[tuple[tuple[str, JsonValue], ...]] = set()
    for values in itertools.product(*(grid(dimension, spec.search.points) for dimension in space.values())):
        found: dict[str, JsonValue] = {}
        for (path, dimension), value in zip(space.items(), values, strict=True):
            if exists(dimension, found):
                found[path] = value
        key = tuple(found.items())
        if key not in seen:
            seen.add(key)
            yield found


def _first_values(spec: SweepSpec, fixed: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    assert isinstance(spec.search, GridSearch)
    found: dict[str, JsonValue] = {}
    for path, dimension in spec.ordered_space.items():
        if exists(dimension, {**found, **fixed}):
            found[path] = grid(dimension, spec.search.points)[0]
    return found
