"""What does not answer is told once when it begins, from time to time while it lasts, and once when it is over."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

REMIND_EVERY_S = 300.0


@dataclass
class _Outage:
    since: float
    told_at: float


@dataclass
class Outages:
    """The outages that one part of a process sees, each under the name of what does not answer."""

    logger: logging.Logger
    clock: Callable[[], float] = time.monotonic
    _now: dict[str, _Outage] = field(default_factory=dict)

    def note(self, what: str, why: object) -> None:
        """`what` did not answer, again or for the first time."""
        now = self.clock()
        outage = self._now.setdefault(what, _Outage(now, float("-inf")))
        if now - outage.told_at < REMIND_EVERY_S:
            return
        if outage.since == now:
            self.logger.warning("%s", why)
        else:
            self.logger.warning("%s has not answered for %s: %s", what, _lasting(now - outage.since), why)
        outage.told_at = now

    def over(self, what: str) -> None:
        """`what` answers."""
        outage = self._now.pop(what, None)
        if outage is not None:
            self.logger.warning("%s answers again, after %s", what, _lasting(self.clock() - outage.since))


def _lasting(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
