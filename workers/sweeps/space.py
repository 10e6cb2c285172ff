"""A sweep's search space, algorithm and scheduler as Ray Tune's."""

from __future__ import annotations

from typing import Any

from ray import tune
from ray.tune.schedulers import ASHAScheduler, FIFOScheduler, TrialScheduler
from ray.tune.search import BasicVariantGenerator, ConcurrencyLimiter, SearchAlgorithm, Searcher
from ray.tune.search.optuna import OptunaSearch

from workers.spec import Choice, Dimension, Integer, SweepSpec, TpeSearch

OBJECTIVE = "objective"
STEP = "step"
MODES = {"maximize": "max", "minimize": "min"}


def param_space(spec: SweepSpec) -> dict[str, Any]:
    """Tune's domains by path."""
    return {path: _domain(dimension) for path, dimension in spec.space.items()}


def search_algorithm(spec: SweepSpec) -> Searcher | SearchAlgorithm:
    """The searcher that proposes trials, seeded by the sweep's seed."""
    if isinstance(spec.search, TpeSearch):
        from optuna.samplers import TPESampler

        sampler = TPESampler(
            seed=spec.seed,
            n_startup_trials=spec.search.num_startup_trials,
            multivariate=True,
            constant_liar=spec.max_concurrent_trials > 1,
        )
        searcher = OptunaSearch(metric=OBJECTIVE, mode=MODES[spec.objective.direction], sampler=sampler)
        return ConcurrencyLimiter(searcher, max_concurrent=spec.max_concurrent_trials)
    return BasicVariantGenerator(max_concurrent=spec.max_concurrent_trials, random_state=spec.seed)


def scheduler(spec: SweepSpec) -> TrialScheduler:
    """What stops weak trials early, by the objective of the TuneConfig; its time axis is the trainer's own step."""
    if spec.scheduler.kind == "asha":
        num_steps = spec.max_steps
        return ASHAScheduler(
            time_attr=STEP,
            max_t=num_steps,
            grace_period=min(spec.scheduler.grace_steps, num_steps),
            reduction_factor=spec.scheduler.reduction_factor,
        )
    return FIFOScheduler()


def _domain(dimension: Dimension) -> Any:
    if isinstance(dimension, Choice):
        return tune.choice(list(dimension.values))
    if isinstance(dimension, Integer):
        return tune.randint(dimension.low, dimension.high + 1)
    return (tune.loguniform if dimension.log else tune.uniform)(dimension.low, dimension.high)
