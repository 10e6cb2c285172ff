"""What can be done with models: register, list, show, check again, delete."""

from __future__ import annotations

import asyncio

from service.access.principal import Principal, Role
from service.checks.repository import CheckRepository
from service.checks.states import CheckState
from service.datasets.errors import InUse
from service.db.base import utc_now
from service.jobs.cursors import row_at, write_cursor
from service.jobs.lifecycle import JobState
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.lineage.pins import find_dataset
from service.lineage.repository import LineageRepository
from service.models.errors import ModelNotFound, WrongSource
from service.models.models import ModelRow, ModelVersionRow
from service.models.repository import ModelRepository
from service.models.schemas import (
    EvaluateOn,
    Model,
    ModelEvent,
    ModelEventPage,
    ModelPage,
    ModelSummary,
    NewModel,
    UploadedModel,
)
from service.models.uploads import Upload
from service.models.versions import TORCHVISION, add_version, claim_name, note_event, require_project, student_path
from service.models.views import aliases_of, model_view, version_view
from service.paths import check_paths
from service.settings import Settings
from service.store import open_store
from trainer.spec import SplitSpec
from workers.spec.checks import EvaluationSample


async def register(models: ModelRepository, new: NewModel, principal: Principal, *, settings: Settings) -> Model:
    """Add a model, or the next version of one, and ask for its check. A job's student is added once.

    Raises:
        Forbidden: the principal may not add to the project, or not read the job.
        Invalid: the source or the data set cannot be used.
        NameTaken: the name belongs to another project.
    """
    principal.check(Role.EDITOR, new.project)
    source = new.weights
    job: JobRow | None = None
    if source.torchvision is not None:
        weights = f"{TORCHVISION}{source.torchvision}"
    elif source.job is not None:
        job = await _finished_job(models, source.job, principal)
        weights = open_store(settings).named(student_path(settings, job))
    else:
        assert source.path is not None
        check_paths(settings, {"weights.path": source.path})
        weights = source.path
    sample = await _sample(models, new.evaluate_on, principal, field="evaluate_on.dataset")
    model = await claim_name(models, new.name, new.project)
    if job is not None:
        for row in await models.of_job(job.id):
            if row.name == new.name and model.deleted_at is None:
                return await model_view(models, model, row)
    row = add_version(
        models, model, source=source.model_dump(exclude_none=True), weights=weights, job=job, actor=principal.name,
        description=new.description,
    )  # fmt: skip
    return await _begin_check(models, model, row, sample)


async def check_upload(models: ModelRepository, name: str, asked: UploadedModel, principal: Principal) -> None:
    """Say what is wrong with an upload before its bytes are sent. Raises as `register` does."""
    principal.check(Role.EDITOR, asked.project)
    known = await models.get_any(name)
    if known is not None:
        require_project(known, asked.project)
    await _sample(models, _evaluation(asked), principal, field="evaluate_on")


async def register_upload(
    models: ModelRepository, name: str, asked: UploadedModel, upload: Upload, principal: Principal
) -> Model:
    """Add a version of a model from weights that were uploaded. Raises as `register` does.

    The same weights again give the version that they have, unless it was refused; the second file is not kept.
    """
    sample = await _sample(models, _evaluation(asked), principal, field="evaluate_on")
    model = await claim_name(models, name, asked.project)
    for known in await models.versions(name) if model.deleted_at is None else ():
        if known.source.get("upload") == upload.sha256 and known.state != CheckState.REFUSED:
            await asyncio.to_thread(upload.remove)
            return await model_view(models, model, known)
    row = add_version(
        models, model, source={"upload": upload.sha256}, weights=upload.weights, job=None, actor=principal.name,
        description=asked.description,
    )  # fmt: skip
    row.sha256, row.size_bytes = upload.sha256, upload.size_bytes
    return await _begin_check(models, model, row, sample)


async def _begin_check(
    models: ModelRepository, model: ModelRow, row: ModelVersionRow, sample: EvaluationSample | None
) -> Model:
    row.sample = None if sample is None else sample.model_dump(mode="json")
    CheckRepository(models.session).begin(row, "model")
    await models.session.flush()
    return await model_view(models, model, row)


def _evaluation(asked: UploadedModel) -> EvaluateOn | None:
    return None if asked.evaluate_on is None else EvaluateOn(dataset=asked.evaluate_on, max_images=asked.max_images)


async def _sample(
    models: ModelRepository, asked: EvaluateOn | None, principal: Principal, *, field: str
) -> EvaluationSample | None:
    """The images on which a check measures the AP. Raises Invalid where the data set cannot be used."""
    if asked is None:
        return None
    dataset = await find_dataset(models.session, asked.dataset, principal, field=field)
    val = SplitSpec.model_validate(dataset.val)
    return EvaluationSample(dataset=f"{dataset.name}@{dataset.version}", val=val, max_images=asked.max_images)


async def find(models: ModelRepository, name: str, principal: Principal, role: Role = Role.VIEWER) -> ModelRow:
    """Raises ModelNotFound, or Forbidden where the principal has no such role in its project."""
    row = await models.get(name)
    if row is None:
        raise ModelNotFound(name)
    principal.check(role, row.project)
    return row


async def find_version(models: ModelRepository, model: ModelRow, version: int | None) -> ModelVersionRow:
    """A version, the newest where none is given. Raises ModelNotFound."""
    row = await models.version(model.name, model.latest if version is None else version)
    if row is None:
        raise ModelNotFound(model.name, version)
    return row


async def show(models: ModelRepository, name: str, principal: Principal, *, version: int | None) -> Model:
    model = await find(models, name, principal)
    return await model_view(models, model, await find_version(models, model, version))


async def list_page(
    models: ModelRepository,
    principal: Principal,
    *,
    limit: int,
    cursor: str | None,
    project: str | None,
    text: str | None,
) -> ModelPage:
    after = None if cursor is None else row_at(cursor)
    visible = principal.visible_projects()
    rows = await models.page(limit=limit + 1, after=after, visible=visible, project=project, text=text)
    shown = rows[:limit]
    aliases = await aliases_of(models, [model.name for model, _ in shown])
    items = [
        ModelSummary(
            name=model.name,
            project=model.project,
            aliases=aliases[model.name],
            num_versions=model.latest,
            version=version_view(row, aliases[model.name]),
        )
        for model, row in shown
    ]
    following = write_cursor(shown[-1][0].seq) if len(rows) > limit else None
    return ModelPage(items=items, next_cursor=following)


async def check_again(models: ModelRepository, name: str, principal: Principal, *, version: int | None) -> Model:
    """Ask for another check, unless one is under way."""
    model = await find(models, name, principal, Role.EDITOR)
    row = await find_version(models, model, version)
    if row.state != CheckState.CHECKING:
        CheckRepository(models.session).begin(row, "model")
        await models.session.flush()
    return await model_view(models, model, row)


async def event_page(
    models: ModelRepository, name: str, principal: Principal, *, limit: int, cursor: str | None
) -> ModelEventPage:
    model = await find(models, name, principal)
    after = 0 if cursor is None else row_at(cursor)
    rows = await models.events(model.name, after=after, limit=limit + 1)
    shown = list(rows[:limit])
    following = write_cursor(shown[-1].id) if len(rows) > limit else None
    return ModelEventPage(items=[ModelEvent.model_validate(row) for row in shown], next_cursor=following)


async def delete(models: ModelRepository, name: str, principal: Principal) -> None:
    """Mark a model as deleted; files and what MLflow has stay.

    Raises:
        InUse: it has aliases, jobs that have not ended learn from it, or models that are kept came of it.
    """
    model = await find(models, name, principal, Role.EDITOR)
    aliases = (await aliases_of(models, [name]))[name]
    if aliases:
        raise InUse(f"the model {name!r} has the aliases {', '.join(aliases)}; take these away first")
    users = await LineageRepository(models.session).users_of("model", name)
    if users:
        raise InUse(f"the model {name!r} is still needed by {users.in_words()}; delete or end these first")
    model.deleted_at = utc_now()
    note_event(models, name, "deleted", actor=principal.name)


async def _finished_job(models: ModelRepository, job_id: str, principal: Principal) -> JobRow:
    field, wanted = "weights.job", "a job that has succeeded"
    job = await JobRepository(models.session).get(job_id)
    if job is None or not principal.may(Role.VIEWER, job.project):
        raise WrongSource(field, f"there is no job {job_id!r}", found=job_id, wanted=wanted)
    if job.kind != "job":
        raise WrongSource(field, f"{job_id} is a sweep and has no student", found=job_id, wanted=wanted)
    if job.state != JobState.SUCCEEDED:
        raise WrongSource(field, f"{job_id} is {job.state} and has no student", found=job_id, wanted=wanted)
    return job
