"""A check on Ray: `python -m workers.checks STORAGE_ROOT KIND ID NUMBER`.

Reads its order from storage and leaves a report there. Everything it prints goes to the check's log.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from trainer.errors import InputError
from workers.output import log_to
from workers.spec.checks import CheckFolder, CheckOrder, CheckReport, DatasetOrder

logger = logging.getLogger("workers.checks")


def main(arguments: list[str]) -> int:
    """Run one check; returns the process's exit code: 0 when a report was written."""
    storage_root, kind, target, number = Path(arguments[0]), arguments[1], arguments[2], int(arguments[3])
    folder = CheckFolder(storage_root, target, number)
    log_to(folder.log)
    order = folder.read_order()
    if order is None or order.what.kind != kind:
        logger.error("there is no order for the check of a %s at %s", kind, folder.path)
        return 1
    logger.info("check %d of %s", number, target)
    report = run(order, folder)
    folder.write_report(report)
    logger.info("refused: %s", report.refusal) if report.refusal else logger.info("nothing is against it")
    return 0


def run(order: CheckOrder, folder: CheckFolder) -> CheckReport:
    """Carry out `order`; whatever happens becomes a report with a reason for people."""
    started = time.monotonic()
    found: dict[str, object]
    try:
        found = _check(order, folder)
    except InputError as error:
        found = {"report": None, "refusal": str(error)}
    except Exception as error:  # the process's outermost edge: the reason must reach the user
        logger.exception("the check failed")
        found = {"report": None, "refusal": f"the check itself failed: {type(error).__name__}: {error}"}
    seconds = round(time.monotonic() - started, 3)
    return CheckReport.model_validate({"at": datetime.now(UTC), "seconds": seconds, **found})


def _check(order: CheckOrder, folder: CheckFolder) -> dict[str, object]:
    data_root = Path(order.data_root)
    if isinstance(order.what, DatasetOrder):
        from workers.checks.dataset import check_dataset

        report, samples, reason = check_dataset(order.what, data_root=data_root, samples=folder.samples)
        return {"report": report, "samples": samples, "refusal": reason}
    from workers.checks.model import check_model  # imports torch, which a data set's check can do without

    found, refusal = check_model(order.what, data_root=data_root)
    return {"report": found, "refusal": refusal}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
