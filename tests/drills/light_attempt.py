"""An attempt in which all is real but the training: heartbeat, fence, log, signals, end marker, and a few bytes for a
checkpoint. It starts in a second, where torch takes many.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from datetime import UTC, datetime

from workers import entrypoint
from workers.heartbeat import HeartbeatReporter
from workers.spec import AttemptOrder, JobFolder, JobSpec, Terminal

logger = logging.getLogger("workers")
STEP_S = 0.05


def train(
    order: AttemptOrder,
    spec: JobSpec,
    folder: JobFolder,
    heartbeat: HeartbeatReporter,
    stop: threading.Event,
    *_: object,
) -> Terminal:
    """Count steps from the newest checkpoint on, until it is stopped."""
    folder.checkpoints.mkdir(parents=True, exist_ok=True)
    step = max((int(path.stem.removeprefix("step-")) for path in folder.checkpoints.glob("step-*.pt")), default=0)
    logger.info("goes on from step %d", step)
    while not stop.is_set():
        time.sleep(STEP_S)
        step += 1
        heartbeat.log_progress("training", step=step, num_steps=spec.training.num_steps)
    (folder.checkpoints / f"step-{step:08d}.pt").touch()
    reason = f"stopped on request after step {step} of {spec.training.num_steps}"
    return Terminal(at=datetime.now(UTC), outcome="stopped", reason=reason)


def main(arguments: list[str]) -> int:
    entrypoint._train = train
    return entrypoint.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
