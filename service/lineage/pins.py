"""Names in specs: looked up at submit and pinned, so that a job says for ever what it was made from.

A spec may name a registered data set and model instead of paths. What is stored has both: the name with the version
that was found, and the paths and hashes that an attempt reads and verifies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.principal import Principal, Role
from service.checks.states import CheckState
from service.datasets.models import DatasetVersionRow
from service.datasets.repository import DatasetRepository
from service.errors import FieldError, Invalid
from service.lineage.models import JobInputRow
from service.models.models import ModelVersionRow
from service.models.repository import ModelRepository
from service.models.versions import teacher_fields
from service.paths import SPLIT_PATHS, check_paths
from service.settings import Settings
from workers.spec import Choice, JobSpec, SweepSpec

AnyJob = JobSpec | SweepSpec
_DATA = "training.data"
_TEACHER = "training.distillation.teacher"


class NotUsable(Invalid):
    """A spec names something that is not there or not ready. Registering again or waiting helps, not repeating."""

    slug = "not-usable"
    title = "The spec names a data set or model that cannot be used"


@dataclass(frozen=True)
class Pinned:
    """A spec with its names looked up, and what was found."""

    spec: AnyJob
    dataset: DatasetVersionRow | None
    model: ModelVersionRow | None

    def inputs(self, job_id: str) -> list[JobInputRow]:
        found = {"dataset": self.dataset, "model": self.model}
        return [
            JobInputRow(job_id=job_id, kind=kind, name=row.name, version=row.version)
            for kind, row in found.items()
            if row is not None
        ]


async def pin(session: AsyncSession, spec: AnyJob, principal: Principal, settings: Settings) -> Pinned:
    """Look up what a spec names and check the paths that it gives itself.

    Raises:
        NotUsable: a name is unknown to the principal, or what it names is refused or still being checked.
        Invalid: the spec gives other paths beside a name, or paths outside of the folders that are allowed.
    """
    _check_storage(spec, settings)
    document = spec.model_dump(mode="json")
    data = document["training"]["data"]
    teacher = (document["training"]["distillation"] or {}).get("teacher") or {}
    dataset = model = None
    if data["dataset"] is not None:
        dataset = await find_dataset(session, data["dataset"], principal, field=f"{_DATA}.dataset")
        found = {"train": dataset.train, "val": dataset.val, "hash": dataset.hash}
        _fill(data, found, name=f"{dataset.name}@{dataset.version}", field=_DATA, key="dataset")
    if teacher.get("model") is not None:
        model = await _find_model(session, teacher["model"], principal)
        _fill(teacher, teacher_fields(model), name=f"{model.name}@{model.version}", field=_TEACHER, key="model")
    if isinstance(spec, SweepSpec):
        _check_space(spec, data=dataset is not None, teacher=model is not None)
    own = _own_paths(document, dataset is not None, model is not None)
    check_paths(settings, {**own, **(_searched_paths(spec) if isinstance(spec, SweepSpec) else {})})
    return Pinned(type(spec).model_validate(document), dataset, model)


def _check_storage(spec: AnyJob, settings: Settings) -> None:
    """The nodes of a job go on from the same checkpoint: that takes a folder. Raises Invalid."""
    if not settings.storage_uri or isinstance(spec, SweepSpec) or spec.nodes == 1:
        return
    needed = "jobs on several nodes need a storage that is a folder which all nodes share"
    words = f"{needed}, and that of this server is a URI"
    wanted = "1; or a folder at STILLHOUSE_STORAGE"
    error = FieldError(field="nodes", message=words, found=str(spec.nodes), wanted=wanted)
    raise Invalid(f"nodes: {words}", errors=(error,))


async def find_dataset(session: AsyncSession, reference: str, principal: Principal, *, field: str) -> DatasetVersionRow:
    """The version of a data set that a reference means: a ready one. Raises NotUsable."""
    name, _, wanted = reference.partition("@")
    datasets = DatasetRepository(session)
    dataset = await datasets.get(name)
    if dataset is None or not principal.may(Role.VIEWER, dataset.project):
        _refuse(field, reference, f"there is no data set {name!r}", "the name of a registered data set")
    if wanted and not wanted.isdecimal():
        _refuse(field, reference, f"data sets have versions and no aliases, found {wanted!r}", f"such as {name}@1")
    row: DatasetVersionRow | None
    if wanted:
        row = await datasets.version(name, _number(wanted))
    else:
        row = await datasets.newest_ready(name) or await datasets.version(name, dataset.latest)
    if row is None:
        _refuse(field, reference, f"{name} has no version {wanted}", f"a version from 1 to {dataset.latest}")
    _require_ready(row, reference, field, "data set")
    return row


async def _find_model(session: AsyncSession, reference: str, principal: Principal) -> ModelVersionRow:
    field = f"{_TEACHER}.model"
    name, _, wanted = reference.partition("@")
    models = ModelRepository(session)
    model = await models.get(name)
    if model is None or not principal.may(Role.VIEWER, model.project):
        _refuse(field, reference, f"there is no model {name!r}", "the name of a registered model")
    row: ModelVersionRow | None
    if wanted.isdecimal():
        row = await models.version(name, _number(wanted))
    elif wanted:
        alias = await models.alias(name, wanted)
        row = None if alias is None or alias.version is None else await models.version(name, alias.version)
    else:
        row = await models.newest_ready(name) or await models.version(name, model.latest)
    if row is None:
        kind = "version" if wanted.isdecimal() else "alias"
        _refuse(
            field, reference, f"{name} has no {kind} {wanted!r}", f"a version from 1 to {model.latest}, or an alias"
        )
    _require_ready(row, reference, field, "model")
    return row


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 10 else 0


def _require_ready(row: DatasetVersionRow | ModelVersionRow, reference: str, field: str, noun: str) -> None:
    which = f"the {noun} {row.name}@{row.version}"
    if row.state == CheckState.CHECKING:
        _refuse(field, reference, f"{which} is still being checked ({row.reason})", "one that is ready; wait a moment")
    if row.state == CheckState.REFUSED:
        _refuse(field, reference, f"{which} was refused: {row.reason}", "one that is ready")


def _fill(target: dict[str, Any], found: Mapping[str, JsonValue], *, name: str, field: str, key: str) -> None:
    """Write what was found beside the name. A spec may repeat it, as that of an earlier job does, and not differ."""
    for part, value in found.items():
        given = target.get(part)
        if given is not None and given != value:
            words = f"{key} is {name}, and {part} is not what was registered under that name"
            error = FieldError(field=f"{field}.{part}", message=words, found=given, wanted=f"no {part}, or no {key}")
            raise Invalid(f"{error.field}: {words}", errors=(error,))
    target.update(found)
    target[key] = name


def loosen(document: Any, *, before: Any) -> Any:
    """Free an edited copy of a stored spec from what its edits overrule.

    A new name takes the paths and the hash of the old one away, new paths take the name away.
    """
    pinned = (
        (("training", "data"), "dataset", ("train", "val", "hash")),
        (("training", "distillation", "teacher"), "model", ("weights", "sha256", "torchvision")),
    )
    for path, key, parts in pinned:
        node, old = _at(document, path), _at(before, path)
        if not isinstance(node, dict) or not isinstance(old, dict) or not old.get(key):
            continue
        kept = [part for part in parts if node.get(part) == old.get(part)]
        if node.get(key) != old[key]:
            node.update(dict.fromkeys(kept))
        elif len(kept) < len(parts):
            node.update(dict.fromkeys([key, *(part for part in kept if part in ("hash", "sha256"))]))
    return document


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        document = document.get(part) if isinstance(document, dict) else None
    return document


def _check_space(spec: SweepSpec, *, data: bool, teacher: bool) -> None:
    """A trial gets its paths before names are looked up: neither names nor what they stand for can be searched."""
    never = ("data.dataset", "data.hash", "distillation.teacher.model", "distillation.teacher.sha256")
    for path in spec.space:
        pinned = (data and path.startswith(("data.train", "data.val"))) or (
            teacher and path.startswith("distillation.teacher.")
        )
        if path in never or pinned:
            words = "registered data sets and models cannot be searched; send one sweep for each"
            error = FieldError(field=f"space.{path}", message=words, found=path, wanted="another dimension")
            raise Invalid(f"{error.field}: {words}", errors=(error,))


def _own_paths(document: dict[str, Any], data_is_pinned: bool, teacher_is_pinned: bool) -> dict[str, str]:
    """The paths that the spec itself gives, by field."""
    paths: dict[str, str] = {}
    training = document["training"]
    if not data_is_pinned:
        for split in ("train", "val"):
            for part in SPLIT_PATHS:
                if training["data"][split][part] is not None:
                    paths[f"{_DATA}.{split}.{part}"] = training["data"][split][part]
    weights = ((training["distillation"] or {}).get("teacher") or {}).get("weights")
    if weights is not None and not teacher_is_pinned:
        paths[f"{_TEACHER}.weights"] = weights
    return paths


def _searched_paths(spec: SweepSpec) -> dict[str, str]:
    """Paths that are values of a search space, by field."""
    return {
        f"space.{path}.values.{index}": value
        for path, dimension in spec.space.items()
        if isinstance(dimension, Choice) and path.startswith(("data.train", "data.val", "distillation.teacher"))
        for index, value in enumerate(dimension.values)
        if isinstance(value, str)
    }


def _refuse(field: str, found: str, message: str, wanted: str) -> NoReturn:
    error = FieldError(field=field, message=message, found=found, wanted=wanted)
    raise NotUsable(f"{field}: {message}", errors=(error,))
