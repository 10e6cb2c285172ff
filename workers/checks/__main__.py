"""A check on Ray: `python -m workers.checks STORAGE KIND ID NUMBER`.

Reads its order from storage and leaves a report there. Everything it prints goes to the check's log. STORAGE is a
folder or a URI.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from trainer.errors import InputError
from workers.output import log_to
from workers.spec.checks import CheckFolder, CheckOrder, CheckReport, DatasetOrder, NodesOrder
from workers.storage.checks import CheckPlace, check_place
from workers.storage.objects import StorageError

logger = logging.getLogger("workers.checks")


def main(arguments: list[str]) -> int:
    """Run one check; returns the process's exit code: 0 when a report was written."""
    storage, kind, target, number = arguments[0], arguments[1], arguments[2], int(arguments[3])
    try:
        with check_place(storage) as place:
            return _carry_out(place, CheckFolder(place.root, target, number), kind)
    except StorageError as error:
        print(error, file=sys.stderr)
        return 1


def _carry_out(place: CheckPlace, folder: CheckFolder, kind: str) -> int:
    log_to(folder.log)
    place.fetch(folder.order)
    order = folder.read_order()
    if order is None or order.what.kind != kind:
        logger.error("there is no order for the check of a %s at %s", kind, folder.path)
        return 1
    logger.info("check %d of %s", order.number, order.target)
    report = run(order, folder, place)
    logger.info("refused: %s", report.refusal) if report.refusal else logger.info("nothing is against it")
    place.put_all(folder.samples)
    place.put_log(folder.log)
    folder.write_report(report)
    place.put(folder.report)
    return 0


def run(order: CheckOrder, folder: CheckFolder, place: CheckPlace) -> CheckReport:
    """Carry out `order`; whatever happens becomes a report with a reason for people."""
    started = time.monotonic()
    found: dict[str, object]
    try:
        found = _check(order, folder, place)
    except InputError as error:
        found = {"report": None, "refusal": str(error)}
    except Exception as error:  # the process's outermost edge: the reason must reach the user
        logger.exception("the check failed")
        found = {"report": None, "refusal": f"the check itself failed: {type(error).__name__}: {error}"}
    seconds = round(time.monotonic() - started, 3)
    return CheckReport.model_validate({"at": datetime.now(UTC), "seconds": seconds, **found})


def _check(order: CheckOrder, folder: CheckFolder, place: CheckPlace) -> dict[str, object]:
    data_root = Path(order.data_root)
    if isinstance(order.what, DatasetOrder):
        from workers.checks.dataset import check_dataset

        report, samples, reason = check_dataset(order.what, data_root=data_root, samples=folder.samples)
        return {"report": report, "samples": samples, "refusal": reason}
    if isinstance(order.what, NodesOrder):
        from workers.checks.nodes import check_nodes

        found_nodes = check_nodes(data_root=data_root, folder=folder.path / "nodes", uri=place.uri)
        return {"report": found_nodes, "refusal": None}
    from workers.checks.model import check_model  # imports torch, which a data set's check can do without

    weights = order.what.weights
    path = None if weights is None else place.file(weights)
    found, refusal = check_model(order.what, data_root=data_root, path=path)
    return {"report": found, "refusal": refusal}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
