"""How much each dimension of a sweep decides: PED-ANOVA (Watanabe et al., IJCAI 2023), by Optuna."""

from __future__ import annotations

import warnings
from collections.abc import Container, Sequence

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.storages import InMemoryStorage
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

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
        distributions = {path: _distribution(spec.space[path]) for path in paths}
        ended = [
            FrozenTrial(
                number=place,
                trial_id=place,
                state=TrialState.COMPLETE,
                value=row.objective,
                params={path: row.parameters[path] for path in paths},
                distributions=distributions,
                datetime_start=None,
                datetime_complete=None,
                user_attrs={},
                system_attrs={},
                intermediate_values={},
            )
            for place, row in enumerate(rows)
        ]
        study = _EndedStudy(spec.objective.direction, ended)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            shares = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(), params=paths)
    return [Importance(path=path, importance=shares.get(path), num_trials=len(rows)) for path in paths]


class _EndedStudy(optuna.Study):  # type: ignore[misc]  # Optuna exports it without a type
    """Trials that are all over. Adding them one by one to a study takes four times as long: each is copied in depth."""

    def __init__(self, direction: str, trials: list[FrozenTrial]) -> None:
        storage = InMemoryStorage()
        name = storage.get_study_name_from_id(storage.create_new_study([StudyDirection[direction.upper()]]))
        super().__init__(study_name=name, storage=storage)
        self._ended = trials

    def get_trials(self, deepcopy: bool = True, states: Container[TrialState] | None = None) -> list[FrozenTrial]:
        return self._ended


def _distribution(dimension: Dimension) -> BaseDistribution:
    if (values := values_of(dimension)) is not None:
        return CategoricalDistribution(values)
    if isinstance(dimension, Integer):
        return IntDistribution(dimension.low, dimension.high, log=dimension.log)
    assert isinstance(dimension, Uniform)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)
