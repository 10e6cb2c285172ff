"""How much each dimension of a sweep decides: PED-ANOVA (Watanabe et al., IJCAI 2023), by Optuna."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.trial import TrialState, create_trial

from service.sweeps.answer_schemas import Importance
from service.sweeps.models import TrialRow
from workers.spec import SEARCHED, Dimension, Integer, SweepSpec, Uniform
from workers.spec.space import values_of

MIN_TRIALS = 8


def importances(spec: SweepSpec, trials: Sequence[TrialRow]) -> list[Importance]:
    """The dimensions, most important first. A conditional one is judged among the trials that have it.

    Trials that were stopped early count with their last value: that they were weak is what they tell. Those that
    changed their parameters on the way tell nothing of any one value, and do not count.
    """
    known = [row for row in trials if row.role in SEARCHED and row.objective is not None and not row.exploits]
    always = [path for path, dimension in spec.space.items() if not dimension.when]
    found = _of_group(spec, known, always)
    for path in spec.space:
        if path not in always:
            [alone] = _of_group(spec, [row for row in known if path in row.parameters], [path, *always])[:1]
            found.append(alone)
    return sorted(found, key=lambda item: (-(item.importance or 0.0), item.path))


def _of_group(spec: SweepSpec, rows: Sequence[TrialRow], paths: list[str]) -> list[Importance]:
    values = {row.objective for row in rows}
    shares: dict[str, float] = {}
    if len(rows) >= MIN_TRIALS and len(values) > 1:
        optuna.logging.set_verbosity(optuna.logging.WARNING)  # it would tell of every study
        study = optuna.create_study(direction=spec.objective.direction)
        for row in rows:
            study.add_trial(
                create_trial(
                    state=TrialState.COMPLETE,
                    value=row.objective,
                    params={path: row.parameters[path] for path in paths},
                    distributions={path: _distribution(spec.space[path]) for path in paths},
                )
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            shares = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(), params=paths)
    return [Importance(path=path, importance=shares.get(path), num_trials=len(rows)) for path in paths]


def _distribution(dimension: Dimension) -> BaseDistribution:
    if (values := values_of(dimension)) is not None:
        return CategoricalDistribution(values)
    if isinstance(dimension, Integer):
        return IntDistribution(dimension.low, dimension.high, log=dimension.log)
    assert isinstance(dimension, Uniform)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)
