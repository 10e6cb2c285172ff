"""What a check is asked for, and what its report means for the version that was checked."""

from __future__ import annotations

import math
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from service.checks.models import CheckRow
from service.checks.states import CheckState
from service.datasets.models import DatasetVersionRow
from service.datasets.repository import DatasetRepository
from service.db.base import utc_now
from service.models.models import ModelVersionRow
from service.models.versions import teacher_fields
from workers.spec.checks import NODES, CheckOrder, CheckReport, DatasetReport, ModelReport

Version = DatasetVersionRow | ModelVersionRow


def order_of(version: Version | None, check: CheckRow, *, data_root: Path) -> CheckOrder:
    what: dict[str, object]
    if version is None:
        what = {"kind": NODES}
    elif isinstance(version, DatasetVersionRow):
        what = {"kind": "dataset", "train": version.train, "val": version.val}
    else:
        what = {"kind": "model", "sample": version.sample, **_weights_of(version)}
    return CheckOrder.model_validate(
        {"target": check.target, "number": check.number, "data_root": str(data_root), "what": what}
    )


def _weights_of(version: ModelVersionRow) -> dict[str, object]:
    return {key: value for key, value in teacher_fields(version).items() if key != "sha256"}


async def settle(session: AsyncSession, version: Version, check: CheckRow, found: CheckReport) -> None:
    """Write a report into the version and decide its state."""
    version.checked_at = utc_now()
    version.state = (CheckState.READY if found.refusal is None else CheckState.REFUSED).value
    version.reason = found.refusal or ""
    version.report = None if found.report is None else found.report.model_dump(mode="json")
    if isinstance(version, DatasetVersionRow):
        version.samples = [sample.model_dump(mode="json") for sample in found.samples]
        version.samples_of = check.number
        if found.refusal is None:
            assert isinstance(found.report, DatasetReport)
            await _settle_dataset(session, version, found.report)
    elif found.refusal is None:
        assert isinstance(found.report, ModelReport)
        _settle_model(version, found.report)


async def _settle_dataset(session: AsyncSession, version: DatasetVersionRow, report: DatasetReport) -> None:
    assert report.hash is not None, "what is ready could be read"
    if version.hash is not None and version.hash != report.hash:
        version.state = CheckState.REFUSED.value
        version.reason = _changed(version.name, "content hash", version.hash, report.hash)
        return
    version.hash = report.hash
    twin = await DatasetRepository(session).twin(version, report.hash)
    if twin is not None:
        version.reason = f"the same content as version {twin.version}"


def _settle_model(version: ModelVersionRow, report: ModelReport) -> None:
    assert report.sha256 is not None, "what is ready was read"
    if version.sha256 is not None and version.sha256 != report.sha256:
        version.state = CheckState.REFUSED.value
        version.reason = _changed(version.name, "SHA-256", version.sha256, report.sha256)
        return
    version.sha256 = report.sha256
    version.size_bytes = report.size_bytes
    sample = {} if report.sample is None else {f"sample/{k}": v for k, v in report.sample.metrics.items()}
    stated = {key: value for key, value in report.metrics.items() if key.startswith("val/")}
    version.metrics = {k: v for k, v in {**stated, **version.metrics, **sample}.items() if math.isfinite(v)}


def _changed(name: str, what: str, before: str, now: str) -> str:
    return (
        f"the files have changed since this version was checked: their {what} was {before[:12]} and is {now[:12]}; "
        f"register {name} again to get a new version"
    )
