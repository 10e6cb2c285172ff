"""From rows of models to what the API says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from service.models.models import ModelRow, ModelVersionRow
from service.models.repository import ModelRepository
from service.models.schemas import Model, ModelVersion
from workers.spec.checks import ModelReport


async def model_view(models: ModelRepository, model: ModelRow, row: ModelVersionRow) -> Model:
    aliases = (await aliases_of(models, [model.name]))[model.name]
    return Model(
        name=model.name,
        project=model.project,
        aliases=aliases,
        version=version_view(row, aliases),
        report=None if row.report is None else ModelReport.model_validate(row.report),
        versions=[version_view(version, aliases) for version in await models.versions(model.name)],
    )


async def aliases_of(models: ModelRepository, names: Collection[str]) -> dict[str, dict[str, int]]:
    """For each model its aliases with their versions."""
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for row in await models.aliases(names):
        assert row.version is not None
        found[row.name][row.alias] = row.version
    return found


def version_view(row: ModelVersionRow, aliases: Mapping[str, int]) -> ModelVersion:
    names = ("version", "state", "reason", "description", "source", "job_id", "weights", "sha256", "size_bytes")
    more = ("metrics", "created_at", "created_by")
    report = row.report or {}
    return ModelVersion.model_validate(
        {
            **{name: getattr(row, name) for name in (*names, *more)},
            "architecture": report.get("architecture"),
            "num_parameters": report.get("num_parameters"),
            "num_classes": len(report["class_names"]) if "class_names" in report else None,
            "image_size_px": report.get("image_size_px"),
            "aliases": sorted(alias for alias, version in aliases.items() if version == row.version),
            "registration": {
                "state": row.registration,
                "note": row.registration_note,
                "version": row.mlflow_version,
                "url": mlflow_model_url(row),
            },
        }
    )


def mlflow_model_url(row: ModelVersionRow) -> str | None:
    if row.mlflow_version is None:
        return None
    return f"/mlflow/#/models/{row.name}/versions/{row.mlflow_version}"
