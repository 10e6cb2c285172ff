"""The sign of life of an attempt: a file rewritten every second, and the fence that ends a superseded attempt."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from workers.place import Place, end_process
from workers.spec import Heartbeat, JobFolder, Phase

logger = logging.getLogger(__name__)

INTERVAL_S = 1.0
# Without a look at the fence for so long, the process was frozen or the storage was away.
_GAP_S = 3 * INTERVAL_S


class HeartbeatReporter:
    """Reporter that keeps the newest progress and headline metrics, and a thread that writes them to storage.

    A missing heartbeat makes the reconciler start another attempt. When the fence shows that it did so, this
    process is too late: it ends at once, without touching storage or MLflow again. The training looks at the
    fence before it writes, and waits while the storage is away.
    """

    def __init__(self, folder: JobFolder, attempt: int, *, on_fenced: Callable[[], None] | None = None) -> None:
        self._folder = folder
        self._attempt = attempt
        self._place = Place(folder, attempt)
        self._on_fenced = on_fenced or end_process
        self._lock = threading.Lock()
        self._now = Heartbeat(at=datetime.now(UTC), phase="starting")
        self._has_begun = False
        self._is_failing = False
        self._checked_at = time.monotonic()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._try_to_write()
        self._thread.start()

    def close(self) -> None:
        """Write the last heartbeat and end the thread."""
        self._closed.set()
        self._thread.join()
        self._try_to_write()

    @property
    def metrics(self) -> dict[str, float]:
        """Latest value of each headline metric (validation and teacher)."""
        return dict(self._now.metrics)

    @property
    def step(self) -> int:
        """The newest step that was reported."""
        return self._now.step

    @property
    def has_begun(self) -> bool:
        """Whether the training (or search) is past its start and has something to lose."""
        return self._has_begun

    def set_run(self, run_id: str) -> None:
        self._update(mlflow_run_id=run_id)

    def log_progress(self, phase: Phase, *, step: int, num_steps: int) -> None:
        self._check_fence(is_writing=phase == "saving")
        self._has_begun = self._has_begun or phase in ("training", "searching")
        self._update(phase=phase, step=step, num_steps=num_steps)

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        self._check_fence(is_writing=True)
        headline = {key: value for key, value in metrics.items() if key.startswith(("val/", "teacher/"))}
        if headline:
            self._update(metrics={**self._now.metrics, **headline})

    def log_checkpoint(self, path: Path, *, step: int) -> None:
        """Checkpoints are in storage already."""

    def log_artifact(self, path: Path, *, folder: str) -> None:
        """Files are the MLflow sink's matter."""

    def should_stop(self) -> bool:
        return False

    def write(self) -> None:
        """Write the heartbeat, unless a newer attempt holds the fence."""
        if self._is_fenced():
            return
        with self._lock:
            now = self._now.model_copy(update={"at": datetime.now(UTC)})
        self._folder.write_heartbeat(self._attempt, now)

    def _is_fenced(self) -> bool:
        return self._ends(self._place.why_lost())

    def _check_fence(self, *, is_writing: bool) -> None:
        """Look at the fence before a metric or a checkpoint is written, and where nobody has looked for a while."""
        is_due = is_writing or time.monotonic() - self._checked_at > _GAP_S
        if is_due and not self._closed.is_set():
            self._ends(self._place.wait_to_know())

    def _ends(self, why_lost: str | None) -> bool:
        self._checked_at = time.monotonic()
        if why_lost is None:
            return False
        logger.error("%s; this process ends", why_lost)
        self._on_fenced()
        return True

    def _update(self, **changes: object) -> None:
        with self._lock:
            self._now = self._now.model_copy(update=changes)

    def _beat(self) -> None:
        while not self._closed.wait(INTERVAL_S):
            self._try_to_write()

    def _try_to_write(self) -> None:
        try:
            self.write()
        except OSError as error:
            if not self._is_failing:
                logger.error("the heartbeat cannot be written (%s); tried again every %g s", error, INTERVAL_S)
            self._is_failing = True
        else:
            self._is_failing = False
