"""New versions of models, and the record of what is done with them."""

from __future__ import annotations

from pathlib import Path

from pydantic import JsonValue

from service.checks.states import CheckState
from service.datasets.errors import NameTaken
from service.db.base import utc_now
from service.ids import new_id
from service.jobs.folders import folder_of
from service.jobs.models import JobRow
from service.models.models import ModelEventRow, ModelRow, ModelVersionRow
from service.models.repository import ModelRepository
from service.settings import Settings
from service.sweeps.models import TrialRow

STUDENT = "student.safetensors"
TORCHVISION = "torchvision:"
"""What stands before the name of weights that torchvision publishes, where others have a path."""


def add_version(
    models: ModelRepository,
    model: ModelRow,
    *,
    source: dict[str, object],
    weights: str,
    job: JobRow | None,
    actor: str,
    description: str = "",
    trial: TrialRow | None = None,
) -> ModelVersionRow:
    """The next version of a model, without a check yet. Students, also those of trials, go to MLflow's registry."""
    made_by = trial or job
    model.deleted_at = None
    model.latest += 1
    row = ModelVersionRow(
        id=new_id("model"),
        name=model.name,
        version=model.latest,
        description=description,
        source=source,
        weights=weights,
        job_id=None if job is None else job.id,
        state=CheckState.CHECKING.value,
        reason="",
        check_number=0,
        trial=0 if trial is None else trial.number,
        metrics={key: value for key, value in made_by.metrics.items() if key.startswith("val/")} if made_by else {},
        registration="none" if made_by is None or made_by.mlflow_run_id is None else "pending",
        registration_note="",
        created_at=utc_now(),
        created_by=actor,
    )
    models.session.add(row)
    note_event(models, model.name, "registered", actor=actor, version=row.version)
    return row


def note_event(
    models: ModelRepository,
    name: str,
    action: str,
    *,
    actor: str,
    version: int | None = None,
    alias: str | None = None,
    previous: int | None = None,
    note: str = "",
) -> None:
    models.session.add(
        ModelEventRow(
            name=name, at=utc_now(), actor=actor, action=action, alias=alias, version=version, previous=previous,
            note=note,
        )
    )  # fmt: skip


def teacher_fields(row: ModelVersionRow) -> dict[str, JsonValue]:
    """A version as the teacher of a spec. torchvision's weights are known by their name, which holds their hash."""
    if row.weights.startswith(TORCHVISION):
        return {"torchvision": row.weights.removeprefix(TORCHVISION)}
    return {"weights": row.weights, "sha256": row.sha256}


def student_path(settings: Settings, job: JobRow, trial: TrialRow | None = None) -> Path:
    """Where the trainer left the student of a job, or of a trial."""
    folder = folder_of(settings.storage, job)
    return (folder.work if trial is None else folder.trial(trial.number, exploits=len(trial.exploits))) / STUDENT


async def claim_name(models: ModelRepository, name: str, project: str) -> ModelRow:
    """The row of a name, made if it is new, locked. A name stays with its project, also after a deletion.

    Raises:
        NameTaken: the name belongs to another project.
    """
    row = await models.claim(name, project)
    require_project(row, project)
    return row


def require_project(row: ModelRow, project: str) -> None:
    """Raises NameTaken."""
    if row.project != project:
        raise NameTaken(f"the name {row.name!r} belongs to a model of another project; choose another name")
