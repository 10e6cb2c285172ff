"""Tune's searcher: asks the plan which trial comes next, and hands it over when its record is on disk."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from ray.tune.search import Searcher

from workers.spec import SEARCHED, SweepSpec
from workers.sweeps.plan import Finished, Planned, Wait, is_spent, next_trial
from workers.sweeps.records import TrialRecorder
from workers.sweeps.stopping import MODES, OBJECTIVE

logger = logging.getLogger(__name__)


class PlanSearcher(Searcher):  # type: ignore[misc]  # Ray is untyped to mypy
    """Holds no state of its own but which trials run now: a new process goes on from the records alone."""

    def __init__(self, spec: SweepSpec, recorder: TrialRecorder) -> None:
        super().__init__(metric=OBJECTIVE, mode=MODES[spec.objective.direction])
        self._spec = spec
        self._recorder = recorder
        self._live: dict[str, int] = {}
        self._told = False

    def suggest(self, trial_id: str) -> dict[str, Any] | str | None:
        if len(self._live) >= self._spec.max_concurrent_trials:
            return None
        now = datetime.now(UTC)
        live = frozenset(self._live.values())
        self._recorder.hold_round(live)
        match next_trial(
            self._spec,
            self._recorder.records,
            live=live,
            now=now,
            steering=self._recorder.steering,
            waiting=self._recorder.waiting,
        ):
            case Planned() as planned:
                self._live[trial_id] = planned.number
                record = self._recorder.begin(planned)
                return {
                    "number": planned.number,
                    "role": planned.role,
                    "seed": planned.seed,
                    "parameters": planned.parameters,
                    "schedule": [stretch.model_dump(mode="json") for stretch in planned.schedule],
                    "exploits": len(record.exploits),
                    "start": record.starts,
                    "round_step": self._recorder.round_step if planned.role in SEARCHED else None,
                }
            case Wait():
                self._tell_budget(now)
                return None
            case Finished():
                self._tell_budget(now)
                return str(Searcher.FINISHED)

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        self._live.pop(trial_id, None)

    def save(self, checkpoint_path: str) -> None:
        """Nothing to save: the records are on disk already."""

    def restore(self, checkpoint_path: str) -> None:
        """Nothing to restore."""

    def _tell_budget(self, now: datetime) -> None:
        why = is_spent(self._spec, self._recorder.records, now, self._recorder.steering)
        if why is not None and not self._told:
            self._told = True
            logger.info("the search ends: %s", why)
