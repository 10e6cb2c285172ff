"""`client.models`: teachers and students."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any, TypedDict, Unpack

from service.checks.states import CheckState
from service.lineage.schemas import ModelLineage
from service.models.schemas import (
    Model,
    ModelEventPage,
    ModelPage,
    ModelSummary,
    NewModel,
    Promotion,
    Rollback,
    StudentPromotion,
)
from service.sdk._errors import WaitTimeout
from service.sdk._files import Progress, SentFile, fetch
from service.sdk._jobs import over_pages
from service.sdk._operation import M, Resource, operation, stream
from service.sdk._session import path_of

POLL_S = 0.5
_PAGE = 200


class ModelFilters(TypedDict, total=False):
    """What a list of models can be cut down to."""

    project: str | None
    text: str | None


class Models(Resource[M]):
    """Register, list, show, promote and delete models. A new version is being checked at first; `wait` for it."""

    @operation("registerModel")
    async def register(self, new_model: NewModel | Mapping[str, Any]) -> Model:
        """Register a teacher or student, or the next version of one."""
        return await self._session.ask(Model, "POST", path_of("models"), body=new_model)

    @operation("uploadModel")
    async def upload(
        self,
        name: str,
        file: str | Path,
        *,
        project: str = "default",
        description: str = "",
        evaluate_on: str | None = None,
        max_images: int | None = None,
        on_progress: Progress | None = None,
    ) -> Model:
        """Register weights that lie here: the file is sent, kept by the service and checked on the cluster.

        The same weights again give the version that they have. Raises OSError where the file cannot be read.
        """
        query = {
            "project": project,
            "description": description or None,
            "evaluate_on": evaluate_on,
            "max_images": max_images,
        }
        body = SentFile(Path(file), on_progress)
        return await self._session.ask(Model, "POST", path_of("models", name, "upload"), query=query, file=body)

    @operation("downloadWeights")
    async def download(self, name: str, version: int, to: str | Path, *, on_progress: Progress | None = None) -> Path:
        """Write the weights of a version to the file `to`, whole or not at all."""
        address = path_of("models", name, "versions", version, "weights")
        return await fetch(self._session, address, Path(to), on_progress)

    @operation("listModels")
    async def list(self, *, limit: int = 50, cursor: str | None = None, **filters: Unpack[ModelFilters]) -> ModelPage:
        """One page of models with their newest versions."""
        return await self._page(cursor, limit, filters)

    @stream("listModels")
    async def each(self, **filters: Unpack[ModelFilters]) -> AsyncGenerator[ModelSummary, None]:
        """All models, page after page."""
        async for model in over_pages(lambda cursor: self._page(cursor, _PAGE, filters)):
            yield model

    @operation("getModel")
    async def get(self, name: str, *, version: int | None = None) -> Model:
        """A model with one version in full, the newest where none is named, and all its versions."""
        return await self._get(name, version)

    @operation("getModel")
    async def wait(self, name: str, *, version: int | None = None, timeout_s: float | None = None) -> Model:
        """Return a model when the check of a version has ended: ready or refused. Raises WaitTimeout."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while (model := await self._get(name, version)).version.state == CheckState.CHECKING:
            if deadline is not None and time.monotonic() > deadline:
                raise WaitTimeout(f"the model {name}@{model.version.version} is still checked after {timeout_s:g} s")
            await self._session.wire.sleep(POLL_S)
        return model

    @operation("checkModel")
    async def check(self, name: str, *, version: int | None = None) -> Model:
        """Check a version again."""
        return await self._session.ask(Model, "POST", path_of("models", name, "check"), query={"version": version})

    @operation("promoteModel")
    async def promote(self, name: str, version: int, *, alias: str = "production", note: str = "") -> Model:
        """Give a version an alias, here and in MLflow's registry."""
        body = Promotion(version=version, alias=alias, note=note)
        return await self._session.ask(Model, "POST", path_of("models", name, "promote"), body=body)

    @operation("promoteStudent")
    async def promote_student(
        self, job_id: str, *, model: str | None = None, alias: str = "production", note: str = ""
    ) -> Model:
        """Give a job's student an alias, under the name of a model that may be new."""
        body = StudentPromotion(model=model, alias=alias, note=note)
        return await self._session.ask(Model, "POST", path_of("jobs", job_id, "promote"), body=body)

    @operation("promoteTrial")
    async def promote_trial(
        self, sweep_id: str, number: int, *, model: str | None = None, alias: str = "production", note: str = ""
    ) -> Model:
        """Give the student of a sweep's trial an alias, under the name of a model that may be new."""
        body = StudentPromotion(model=model, alias=alias, note=note)
        path = path_of("sweeps", sweep_id, "trials", number, "promote")
        return await self._session.ask(Model, "POST", path, body=body)

    @operation("rollBackModel")
    async def roll_back(self, name: str, *, alias: str = "production", note: str = "") -> Model:
        """Give an alias back to the version that had it before."""
        body = Rollback(alias=alias, note=note)
        return await self._session.ask(Model, "POST", path_of("models", name, "rollback"), body=body)

    @operation("demoteModel")
    async def demote(self, name: str, alias: str) -> Model:
        """Take an alias away."""
        return await self._session.ask(Model, "DELETE", path_of("models", name, "aliases", alias))

    @operation("listModelEvents")
    async def events(self, name: str, *, limit: int = 100, cursor: str | None = None) -> ModelEventPage:
        """What was done with a model and by whom, oldest first."""
        query = {"limit": limit, "cursor": cursor}
        return await self._session.ask(ModelEventPage, "GET", path_of("models", name, "events"), query=query)

    @operation("getModelLineage")
    async def lineage(self, name: str, *, version: int | None = None) -> ModelLineage:
        """Where it comes from and what came of it."""
        path = path_of("models", name, "lineage")
        return await self._session.ask(ModelLineage, "GET", path, query={"version": version})

    @operation("deleteModel")
    async def delete(self, name: str) -> None:
        """Delete a model with all its versions. Raises ConflictError where something still needs it."""
        await self._session.tell("DELETE", path_of("models", name))

    async def _get(self, name: str, version: int | None) -> Model:
        return await self._session.ask(Model, "GET", path_of("models", name), query={"version": version})

    async def _page(self, cursor: str | None, limit: int, filters: ModelFilters) -> ModelPage:
        query = {**filters, "limit": limit, "cursor": cursor}
        return await self._session.ask(ModelPage, "GET", path_of("models"), query=query)
