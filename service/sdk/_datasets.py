"""`client.datasets`: registered data sets."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any, TypedDict, Unpack

from service.checks.states import CheckState
from service.datasets.schemas import Dataset, DatasetPage, DatasetSamples, DatasetSummary, NewDataset
from service.lineage.schemas import DatasetLineage
from service.sdk._errors import WaitTimeout
from service.sdk._jobs import over_pages
from service.sdk._operation import M, Resource, operation, stream
from service.sdk._session import path_of

POLL_S = 0.5
_PAGE = 200


class DatasetFilters(TypedDict, total=False):
    """What a list of data sets can be cut down to."""

    project: str | None
    text: str | None


class Datasets(Resource[M]):
    """Register, list, show and delete data sets. A new version is being checked at first; `wait` for it."""

    @operation("registerDataset")
    async def register(self, new_dataset: NewDataset | Mapping[str, Any]) -> Dataset:
        """Register a data set, or its next version where the name is known."""
        return await self._session.ask(Dataset, "POST", path_of("datasets"), body=new_dataset)

    @operation("listDatasets")
    async def list(
        self, *, limit: int = 50, cursor: str | None = None, **filters: Unpack[DatasetFilters]
    ) -> DatasetPage:
        """One page of data sets with their newest versions."""
        return await self._page(cursor, limit, filters)

    @stream("listDatasets")
    async def each(self, **filters: Unpack[DatasetFilters]) -> AsyncGenerator[DatasetSummary, None]:
        """All data sets, page after page."""
        async for dataset in over_pages(lambda cursor: self._page(cursor, _PAGE, filters)):
            yield dataset

    @operation("getDataset")
    async def get(self, name: str, *, version: int | None = None) -> Dataset:
        """One version of a data set with what its check found; the newest where none is named."""
        return await self._get(name, version)

    @operation("getDataset")
    async def wait(self, name: str, *, version: int | None = None, timeout_s: float | None = None) -> Dataset:
        """Return a version when its check has ended: ready or refused. Raises WaitTimeout."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while (dataset := await self._get(name, version)).state == CheckState.CHECKING:
            if deadline is not None and time.monotonic() > deadline:
                raise WaitTimeout(f"the data set {name}@{dataset.version} is still checked after {timeout_s:g} s")
            await self._session.wire.sleep(POLL_S)
        return dataset

    @operation("checkDataset")
    async def check(self, name: str, *, version: int | None = None) -> Dataset:
        """Check a version again."""
        return await self._session.ask(Dataset, "POST", path_of("datasets", name, "check"), query={"version": version})

    @operation("listDatasetSamples")
    async def samples(self, name: str, *, version: int | None = None) -> DatasetSamples:
        """Some images with their boxes, and the paths of their thumbnails."""
        path = path_of("datasets", name, "samples")
        return await self._session.ask(DatasetSamples, "GET", path, query={"version": version})

    @operation("getDatasetLineage")
    async def lineage(self, name: str, *, version: int | None = None) -> DatasetLineage:
        """Where it comes from and what came of it."""
        path = path_of("datasets", name, "lineage")
        return await self._session.ask(DatasetLineage, "GET", path, query={"version": version})

    @operation("deleteDataset")
    async def delete(self, name: str) -> None:
        """Delete a data set with all its versions. Raises ConflictError where something still needs it."""
        await self._session.tell("DELETE", path_of("datasets", name))

    async def _get(self, name: str, version: int | None) -> Dataset:
        return await self._session.ask(Dataset, "GET", path_of("datasets", name), query={"version": version})

    async def _page(self, cursor: str | None, limit: int, filters: DatasetFilters) -> DatasetPage:
        query = {**filters, "limit": limit, "cursor": cursor}
        return await self._session.ask(DatasetPage, "GET", path_of("datasets"), query=query)
