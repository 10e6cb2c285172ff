"""Promoting versions by alias, taking aliases away, going back; each with its author in the model's events.

Our rows are the truth about aliases. The reconciler makes MLflow say the same, also when MLflow was away.
"""

from __future__ import annotations

from service.access.principal import Principal, Role
from service.checks.states import CheckState
from service.db.base import utc_now
from service.jobs.lifecycle import JobState
from service.jobs.logic import find as find_job
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.models import logic
from service.models.errors import AliasNotFound, NothingBefore, NotReady
from service.models.models import ModelAliasRow, ModelRow, ModelVersionRow
from service.models.repository import ModelRepository
from service.models.schemas import Model, Promotion, Rollback, StudentPromotion
from service.models.students import adopt, default_name
from service.models.versions import claim_name, note_event, student_path
from service.models.views import model_view
from service.settings import Settings
from service.store import open_store
from service.sweeps.logic import find_trial
from service.sweeps.models import TrialRow
from service.sweeps.repository import TrialRepository
from workers.spec.weights import BadWeights


async def promote(models: ModelRepository, name: str, asked: Promotion, principal: Principal) -> Model:
    """Give a version an alias. Promoting it again changes nothing.

    Raises:
        ModelNotFound: there is no such model or version.
        NotReady: the version is being checked or was refused.
    """
    model = await logic.find(models, name, principal, Role.EDITOR)
    row = await logic.find_version(models, model, asked.version)
    await _promote(models, row, asked.alias, actor=principal.name, note=asked.note)
    return await model_view(models, model, row)


async def promote_student(
    models: ModelRepository, job_id: str, asked: StudentPromotion, principal: Principal, *, settings: Settings
) -> Model:
    """Give a job's student an alias, registering it first where it is not yet.

    Raises:
        JobNotFound: there is no such job.
        NotReady: the job has no student, or not yet.
        NameTaken: the model belongs to another project.
    """
    job = await find_job(JobRepository(models.session), job_id)
    principal.check(Role.EDITOR, job.project)
    if job.kind != "job" or job.state != JobState.SUCCEEDED:
        what = "is a sweep" if job.kind != "job" else f"is {job.state}"
        raise NotReady(f"{job_id} {what} and has no student; wanted a job that has succeeded")
    known = await models.of_job(job.id)
    name = asked.model or (known[0].name if known else await default_name(models, job))
    model = await claim_name(models, name, job.project)
    row = next((version for version in known if version.name == name), None)
    if row is None or model.deleted_at is not None:
        row = await _adopt(models, model, job, settings, principal)
    await _promote(models, row, asked.alias, actor=principal.name, note=asked.note)
    return await model_view(models, model, row)


async def promote_trial(
    models: ModelRepository,
    sweep_id: str,
    number: int,
    asked: StudentPromotion,
    principal: Principal,
    *,
    settings: Settings,
) -> Model:
    """Give the student of a trial an alias, registering it first where it is not yet.

    Raises:
        JobNotFound, TrialNotFound: there is no such sweep or trial.
        NotReady: the trial has no student, or not yet.
        NameTaken: the model belongs to another project.
    """
    jobs = JobRepository(models.session)
    sweep = await find_job(jobs, sweep_id, kind="sweep")
    principal.check(Role.EDITOR, sweep.project)
    _, trial = await find_trial(jobs, TrialRepository(models.session), sweep_id, number)
    if trial.state != "succeeded":
        words = {"running": "is still running", "stopped": "was stopped early"}.get(trial.state, f"has {trial.state}")
        raise NotReady(f"trial {number} of {sweep_id} {words} and has no student; wanted one that came to its end")
    known = [row for row in await models.of_job(sweep_id) if row.trial == number]
    name = asked.model or (known[0].name if known else await default_name(models, sweep))
    model = await claim_name(models, name, sweep.project)
    row = next((version for version in known if version.name == name), None)
    if row is None or model.deleted_at is not None:
        row = await _adopt(models, model, sweep, settings, principal, trial=trial)
    await _promote(models, row, asked.alias, actor=principal.name, note=asked.note)
    return await model_view(models, model, row)


async def roll_back(models: ModelRepository, name: str, asked: Rollback, principal: Principal) -> Model:
    """Give an alias back to the version that had it before the present one.

    Raises:
        AliasNotFound: no version has the alias.
        NothingBefore: no other version had it.
    """
    model = await logic.find(models, name, principal, Role.EDITOR)
    alias = await _held(models, name, asked.alias)
    present = alias.version
    before = await models.holder_before(name, asked.alias, present)
    row = None if before is None else await models.version(name, before)
    if row is None:
        raise NothingBefore(f"no version of {name!r} had the alias {asked.alias!r} before {name}@{present}")
    _require_ready(row)
    _set(alias, row.version, actor=principal.name)
    note_event(
        models, name, "rolled back", actor=principal.name, alias=asked.alias, version=row.version, previous=present,
        note=asked.note,
    )  # fmt: skip
    await models.session.flush()
    return await model_view(models, model, row)


async def demote(models: ModelRepository, name: str, alias: str, principal: Principal) -> Model:
    """Take an alias away. Raises AliasNotFound."""
    model = await logic.find(models, name, principal, Role.EDITOR)
    row = await _held(models, name, alias)
    previous = row.version
    _set(row, None, actor=principal.name)
    note_event(models, name, "demoted", actor=principal.name, alias=alias, previous=previous)
    await models.session.flush()
    return await model_view(models, model, await logic.find_version(models, model, previous))


async def _promote(models: ModelRepository, row: ModelVersionRow, alias: str, *, actor: str, note: str) -> None:
    _require_ready(row)
    await models.get_locked(row.name)
    held = await models.alias(row.name, alias)
    previous = None if held is None else held.version
    if previous == row.version:
        return
    if held is None:
        held = ModelAliasRow(name=row.name, alias=alias)
        models.session.add(held)
    _set(held, row.version, actor=actor)
    note_event(
        models, row.name, "promoted", actor=actor, alias=alias, version=row.version, previous=previous, note=note
    )
    await models.session.flush()


def _set(alias: ModelAliasRow, version: int | None, *, actor: str) -> None:
    alias.version = version
    alias.synced = False
    alias.set_at = utc_now()
    alias.set_by = actor


def _require_ready(row: ModelVersionRow) -> None:
    if row.state != CheckState.READY:
        words = f": {row.reason}" if row.reason else ""
        raise NotReady(f"{row.name}@{row.version} is {row.state}{words}; wanted a version that is ready")


async def _held(models: ModelRepository, name: str, alias: str) -> ModelAliasRow:
    await models.get_locked(name)
    row = await models.alias(name, alias)
    if row is None or row.version is None:
        raise AliasNotFound(f"the model {name!r} has no alias {alias!r}")
    return row


async def _adopt(
    models: ModelRepository,
    model: ModelRow,
    job: JobRow,
    settings: Settings,
    principal: Principal,
    *,
    trial: TrialRow | None = None,
) -> ModelVersionRow:
    path = student_path(settings, job, trial)
    try:
        return await adopt(models, model, job, path, store=open_store(settings), actor=principal.name, trial=trial)
    except (OSError, BadWeights) as error:
        which = job.id if trial is None else f"trial {trial.number} of {job.id}"
        raise NotReady(f"the student of {which} cannot be read at {path}: {error}") from error
