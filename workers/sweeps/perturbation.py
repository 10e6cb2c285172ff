"""Who takes over from whom in a round of population based training (Jaderberg et al., 2017), and with what values.

Ray's own scheduler decides; it is asked for one round at a time, and so knows nothing of rounds or processes of before.
The answer depends on the spec, the step and the members alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from pydantic import JsonValue
from ray.tune.schedulers import PopulationBasedTraining

from workers.spec import Dimension, Integer, PopulationTraining, SweepSpec, Uniform
from workers.spec.space import values_of


@dataclass(frozen=True)
class Member:
    """A trial at a round. Ray's scheduler takes it for one of its own."""

    number: int
    score: float  # more is better
    config: Mapping[str, JsonValue] = field(hash=False)

    def is_finished(self) -> bool:
        return False


@dataclass(frozen=True)
class Takeover:
    """The trial `number` goes on from where `leader` is, with `parameters`."""

    number: int
    leader: int
    parameters: dict[str, JsonValue]


def takeovers(spec: SweepSpec, members: Sequence[Member], *, step: int) -> list[Takeover]:
    """What happens in the round at `step`. Nobody takes over from a trial that is not ahead of it."""
    ray = _rays_scheduler(spec)
    for member in sorted(members, key=lambda member: member.number):  # equal ones stay in this order
        ray._trial_state[member] = SimpleNamespace(last_score=member.score)
    weak, strong = ray._quantiles()
    found = []
    for member in sorted(weak, key=lambda member: member.number):
        with _seeded(f"{spec.seed}/{step}/{member.number}"):
            leader = random.choice(strong)
            parameters, _ = ray._get_new_config(member, leader)
        if leader.score > member.score:
            found.append(Takeover(member.number, leader.number, parameters))
    return found


def member(spec: SweepSpec, number: int, objective: float | None, parameters: Mapping[str, JsonValue]) -> Member:
    """A trial with its objective at the round; one without a finite value is behind all others."""
    finite = objective is not None and math.isfinite(objective)
    config = {
        # Ray rounds what is no float, and a trial that was fixed may have been given a whole number
        path: float(value) if isinstance(spec.space[path], Uniform) and isinstance(value, int | float) else value
        for path, value in parameters.items()
    }
    return Member(number, spec.objective.sign * objective if finite else -math.inf, config)  # type: ignore[operator]


def _rays_scheduler(spec: SweepSpec) -> Any:
    asked = spec.scheduler
    assert isinstance(asked, PopulationTraining)
    return PopulationBasedTraining(
        perturbation_interval=asked.perturbation_interval_steps,
        hyperparam_mutations={path: _mutation(dimension) for path, dimension in spec.ordered_space.items()},
        quantile_fraction=asked.quantile_fraction,
        resample_probability=asked.resample_probability,
        perturbation_factors=asked.perturbation_factors,
        custom_explore_fn=lambda config: {path: _inside(spec.space[path], value) for path, value in config.items()},
        log_config=False,
        synch=True,
    )


def _mutation(dimension: Dimension) -> list[Any] | Callable[[], float]:
    """Values that lie beside each other, or how a new one is sampled."""
    if (values := values_of(dimension)) is not None:
        return list(values)
    assert isinstance(dimension, Uniform | Integer)
    low, high, log = dimension.low, dimension.high, dimension.log
    if log:
        return lambda: math.exp(random.uniform(math.log(low), math.log(high)))
    return lambda: random.uniform(low, high)


def _inside(dimension: Dimension, value: Any) -> Any:
    """Ray multiplies without regard to the range."""
    return min(max(value, dimension.low), dimension.high) if isinstance(dimension, Uniform | Integer) else value


@contextmanager
def _seeded(seed: str) -> Iterator[None]:
    """Ray draws from Python's own generator, which others use as well."""
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)
