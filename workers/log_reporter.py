"""What a training does, as lines for people."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from trainer.reporting import Phase

logger = logging.getLogger(__name__)


class LogReporter:
    """Reporter that writes readable lines to the attempt's log, and asks `stop` whether to go on."""

    def __init__(self, stop: Callable[[], bool] = lambda: False, *, prefix: str = "") -> None:
        self._stop = stop
        self._prefix = prefix
        self._phase: Phase | None = None
        self.step = 0

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        per_class = [key for key in metrics if key.startswith("val/AP/")]
        shown = "  ".join(f"{key} {value:.5g}" for key, value in metrics.items() if key not in per_class)
        if shown:
            logger.info("%sstep %d  %s", self._prefix, step, shown)

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        self.step = step
        if phase != self._phase:
            self._phase = phase
            logger.info("%s%s (step %d of %d)", self._prefix, phase, step, num_steps)

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        logger.info("%scheckpoint of step %d written", self._prefix, step)

    def log_artifact(self, path: Path, *, folder: str) -> None:
        logger.debug("%s%s written", self._prefix, path)

    def should_stop(self) -> bool:
        return self._stop()
