"""Finding the recipes of this installation."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from service.presets.schemas import Recipe, Recipes
from workers.spec import AnySpec, JobSpec, SweepSpec

logger = logging.getLogger(__name__)
_SPEC: TypeAdapter[JobSpec | SweepSpec] = TypeAdapter(AnySpec)
_PACKAGE = Path(__file__).parents[1]


def recipes_folder() -> Path:
    """In an installed wheel the recipes lie in the package, in a checkout beside it."""
    installed = _PACKAGE / "recipes"
    return installed if installed.is_dir() else _PACKAGE.parent / "recipes"


def read_recipes(folder: Path) -> Recipes:
    """All jobs and sweeps among the YAML files below `folder`, by name."""
    files = sorted(folder.rglob("*.yaml"))
    return _read(folder, tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _read(folder: Path, files: tuple[tuple[Path, int], ...]) -> Recipes:
    found = (_recipe(folder, path) for path, _ in files)
    return Recipes(items=[recipe for recipe in found if recipe is not None])


def _recipe(folder: Path, path: Path) -> Recipe | None:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        logger.warning("the recipe %s is not YAML: %s", path, error)
        return None
    if not isinstance(document, dict) or document.get("kind", "job") not in ("job", "sweep"):
        return None
    if "training" not in document:
        return None  # a bare training, for `python -m trainer`
    try:
        spec = _SPEC.validate_python({"kind": "job", **document})
    except ValidationError as error:
        logger.warning("the recipe %s is not a job or a sweep: %s", path, error)
        return None
    name = path.relative_to(folder).with_suffix("").as_posix()
    return Recipe(name=name, title=spec.name, kind=spec.kind, spec=spec)
