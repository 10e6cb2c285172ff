"""What can be done with data sets: register, list, show, check again, look at samples, delete."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from service.access.principal import Principal, Role
from service.checks.repository import CheckRepository
from service.checks.states import CheckState
from service.datasets.errors import DatasetNotFound, InUse, NameTaken, SampleNotFound
from service.datasets.models import DatasetRow, DatasetVersionRow
from service.datasets.repository import DatasetRepository
from service.datasets.schemas import (
    Dataset,
    DatasetPage,
    DatasetSample,
    DatasetSamples,
    DatasetSummary,
    DatasetVersion,
    NewDataset,
)
from service.db.base import utc_now
from service.errors import Unavailable
from service.ids import new_id
from service.jobs.cursors import row_at, write_cursor
from service.lineage.repository import LineageRepository
from service.paths import SPLIT_PATHS, check_paths
from service.settings import Settings
from workers.spec.checks import CheckFolder, DatasetReport, Sample
from workers.storage.near import Store
from workers.storage.objects import StorageError


async def register(
    datasets: DatasetRepository, new: NewDataset, principal: Principal, *, settings: Settings
) -> Dataset:
    """Add a data set, or the next version of one, and ask for its check.

    The same registration again, while the first is still being checked, gives that one.

    Raises:
        Forbidden: the principal may not add to the project.
        Invalid: a path leads out of the folders that are allowed.
        NameTaken: the name belongs to another project.
    """
    principal.check(Role.EDITOR, new.project)
    check_paths(
        settings,
        {
            f"{name}.{field}": path
            for name, split in (("train", new.train), ("val", new.val))
            for field in SPLIT_PATHS
            if (path := getattr(split, field)) is not None
        },
    )
    dataset = await datasets.claim(new.name, new.project)
    if dataset.project != new.project:
        raise NameTaken(f"the name {new.name!r} belongs to a data set of another project; choose another name")
    if dataset.latest and dataset.deleted_at is None:
        newest = await datasets.version(dataset.name, dataset.latest)
        assert newest is not None
        if newest.state == CheckState.CHECKING and _is_same(newest, new):
            return await _view(datasets, dataset, newest)
    dataset.deleted_at = None
    dataset.latest += 1
    row = DatasetVersionRow(
        id=new_id("dataset"),
        name=dataset.name,
        version=dataset.latest,
        description=new.description,
        train=new.train.model_dump(mode="json"),
        val=new.val.model_dump(mode="json"),
        state=CheckState.CHECKING.value,
        reason="",
        check_number=0,
        samples=[],
        samples_of=0,
        created_at=utc_now(),
        created_by=principal.name,
    )
    CheckRepository(datasets.session).begin(row, "dataset")
    datasets.session.add(row)
    await datasets.session.flush()
    return await _view(datasets, dataset, row)


async def find(datasets: DatasetRepository, name: str, principal: Principal, role: Role = Role.VIEWER) -> DatasetRow:
    """Raises DatasetNotFound, or Forbidden where the principal has no such role in its project."""
    row = await datasets.get(name)
    if row is None:
        raise DatasetNotFound(name)
    principal.check(role, row.project)
    return row


async def show(datasets: DatasetRepository, name: str, principal: Principal, *, version: int | None) -> Dataset:
    dataset = await find(datasets, name, principal)
    return await _view(datasets, dataset, await _version(datasets, dataset, version))


async def list_page(
    datasets: DatasetRepository,
    principal: Principal,
    *,
    limit: int,
    cursor: str | None,
    project: str | None,
    text: str | None,
) -> DatasetPage:
    after = None if cursor is None else row_at(cursor)
    visible = principal.visible_projects()
    rows = await datasets.page(limit=limit + 1, after=after, visible=visible, project=project, text=text)
    shown = rows[:limit]
    following = write_cursor(shown[-1][0].seq) if len(rows) > limit else None
    return DatasetPage(items=[_summary(dataset, version) for dataset, version in shown], next_cursor=following)


async def check_again(datasets: DatasetRepository, name: str, principal: Principal, *, version: int | None) -> Dataset:
    """Ask for another check, unless one is under way."""
    dataset = await find(datasets, name, principal, Role.EDITOR)
    row = await _version(datasets, dataset, version)
    if row.state != CheckState.CHECKING:
        CheckRepository(datasets.session).begin(row, "dataset")
        await datasets.session.flush()
    return await _view(datasets, dataset, row)


async def samples(
    datasets: DatasetRepository, name: str, principal: Principal, *, version: int | None
) -> DatasetSamples:
    dataset = await find(datasets, name, principal)
    row = await _version(datasets, dataset, version)
    items = []
    for index, stored in enumerate(row.samples):
        sample = Sample.model_validate(stored)
        fields = sample.model_dump(exclude={"thumbnail"})
        url = f"/api/v1/datasets/{name}/samples/{index}/image?version={row.version}"
        items.append(DatasetSample.model_validate({**fields, "index": index, "image_url": url}))
    return DatasetSamples(items=items)


async def sample_image(
    datasets: DatasetRepository, name: str, principal: Principal, *, version: int | None, index: int, store: Store
) -> Path:
    """The file of a thumbnail.

    Raises:
        SampleNotFound: there is none, or its file is gone.
        Unavailable: the storage does not answer.
    """
    dataset = await find(datasets, name, principal)
    row = await _version(datasets, dataset, version)
    if index >= len(row.samples):
        raise SampleNotFound(f"{name}@{row.version} has {len(row.samples)} samples, there is no number {index}")
    thumbnail = Path(Sample.model_validate(row.samples[index]).thumbnail).name
    path = CheckFolder(store.root, row.id, row.samples_of).samples / thumbnail
    try:
        await asyncio.to_thread(store.fetch, path)
    except StorageError as error:
        raise Unavailable(f"the thumbnail cannot be read now: {error}") from error
    if not await asyncio.to_thread(path.is_file):
        raise SampleNotFound(f"the thumbnail of sample {index} of {name}@{row.version} is not in storage any more")
    return path


async def delete(datasets: DatasetRepository, name: str, principal: Principal) -> None:
    """Mark a data set as deleted; its files stay where they are.

    Raises:
        InUse: jobs that have not ended or models that are kept were made from it.
    """
    dataset = await find(datasets, name, principal, Role.EDITOR)
    users = await LineageRepository(datasets.session).users_of("dataset", name)
    if users:
        raise InUse(f"the data set {name!r} is still needed by {users.in_words()}; delete or end these first")
    dataset.deleted_at = utc_now()


def _is_same(row: DatasetVersionRow, new: NewDataset) -> bool:
    found = (row.train, row.val, row.description)
    return found == (new.train.model_dump(mode="json"), new.val.model_dump(mode="json"), new.description)


async def _version(datasets: DatasetRepository, dataset: DatasetRow, version: int | None) -> DatasetVersionRow:
    row = await datasets.version(dataset.name, dataset.latest if version is None else version)
    if row is None:
        raise DatasetNotFound(dataset.name, version)
    return row


async def _view(datasets: DatasetRepository, dataset: DatasetRow, row: DatasetVersionRow) -> Dataset:
    versions: Sequence[DatasetVersionRow] = await datasets.versions(dataset.name)
    names = set(Dataset.model_fields) - {"project", "num_samples", "versions"}
    return Dataset.model_validate(
        {
            **{name: getattr(row, name) for name in names},
            "project": dataset.project,
            "num_samples": len(row.samples),
            "versions": [DatasetVersion.model_validate(version) for version in versions],
        }
    )


def _summary(dataset: DatasetRow, row: DatasetVersionRow) -> DatasetSummary:
    report = None if row.report is None else DatasetReport.model_validate(row.report)
    train, val = (report.train, report.val) if report is not None else (None, None)
    names = {"name", "version", "state", "reason", "description", "created_at"}
    return DatasetSummary.model_validate(
        {
            **{name: getattr(row, name) for name in names},
            "project": dataset.project,
            "num_classes": len(train.classes) if train else None,
            "num_train_images": train.images if train else None,
            "num_val_images": val.images if val else None,
            "num_instances": train.instances + val.instances if train and val else None,
        }
    )
