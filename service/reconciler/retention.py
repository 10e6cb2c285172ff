"""Removes checkpoints that nothing needs any more, where the settings ask for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from service.db import Database
from service.retention.policy import Policy
from service.retention.pruning import Pruning
from service.settings import Settings
from workers.storage.objects import StorageError

logger = logging.getLogger(__name__)
EVERY_S = 3600.0


@dataclass
class Retention:
    """One round an hour, beside the reconciler's own. `clock` is monotonic seconds."""

    settings: Settings
    database: Database
    clock: Callable[[], float] = time.monotonic
    _next_round: float = 0.0

    async def run_once(self, may_act: Callable[[], bool] = lambda: True) -> None:
        """Plan and remove; `may_act` turns False when the lease is lost."""
        if self.settings.prune_after_h == 0 or self.clock() < self._next_round or not may_act():
            return
        self._next_round = self.clock() + EVERY_S
        try:
            pruning = Pruning(self.database, self.settings, policy_of(self.settings))
            done = await pruning.carry_out(await pruning.plan(), may_act)
        except StorageError as error:
            logger.warning("checkpoints were not pruned: %s", error)
            return
        for plan in done:
            names = ", ".join(one.name for one in plan.removed)
            logger.info("checkpoints of %s removed, %.1f MB: %s", plan.job_id, plan.removed_bytes / 1e6, names)


def policy_of(settings: Settings) -> Policy:
    return Policy(settings.prune_keep_last, settings.prune_keep_best, settings.prune_after_h)
