"""One process of a training on several nodes, not the leading one: `python -m workers.member STORAGE JOB ATTEMPT`.

Its number and where the others are is in the environment, as torchrun would have it. It writes nothing but what its
leader's machine would not know: why it failed, at the path in STILLHOUSE_MEMBER_FAILURE. It ends with the process that
started it, and when its attempt has lost its place.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from trainer.launch import die_with
from trainer.reporting import NullReporter
from workers.failures import failure_of, pack
from workers.place import LOOK_AGAIN_S, Place, end_process
from workers.spec import JobFolder, JobSpec

FAILURE = "STILLHOUSE_MEMBER_FAILURE"
PARENT = "STILLHOUSE_MEMBER_PARENT"
logger = logging.getLogger("workers")


def main(arguments: list[str]) -> int:
    """Train a share; returns the process's exit code: 0 when the training ended as its leader wanted."""
    storage_root, job_id, number = Path(arguments[0]), arguments[1], int(arguments[2])
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a stop is the leader's to hear of and to tell
    die_with(int(os.environ[PARENT]))
    folder = JobFolder(storage_root, job_id)
    order = folder.read_order(number)
    if order is None or not isinstance(order.spec, JobSpec):
        Path(os.environ[FAILURE]).write_text(f"internal: there is no order of a job at {folder.order_path(number)}")
        return 1
    threading.Thread(target=_end_when_superseded, args=(Place(folder, number),), daemon=True).start()
    folder = JobFolder(storage_root, job_id, scratch_after=order.scratch_after)
    try:
        from trainer.training import train

        logger.info("process %s of %s, on its node %s", os.environ["RANK"], job_id, os.environ["LOCAL_RANK"])
        data_root = Path(order.data_root)
        train(
            order.spec.training, out=folder.work, data_root=data_root, reporter=NullReporter(), cache_root=folder.cache
        )
    except Exception as error:  # the process's outermost edge: the reason must reach the leader
        logger.exception("process %s failed", os.environ["RANK"])
        Path(os.environ[FAILURE]).write_text(pack(failure_of(error)))
        return 1
    return 0


def _end_when_superseded(place: Place) -> None:
    """A leader that is cut off or gone leaves this process waiting in the middle of a step: then the fence ends it."""
    pause = threading.Event()
    while not pause.wait(LOOK_AGAIN_S):
        if (why_lost := place.wait_to_know()) is not None:
            logger.error("%s; this process ends", why_lost)
            end_process()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
