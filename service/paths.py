"""Which files specs may name: those below the data root, the storage, and the folders that the settings add."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from pathlib import Path

from service.errors import FieldError, Invalid
from service.settings import Settings

SPLIT_PATHS = ("images", "annotations", "image_list")
"""The fields of a data set's split that are paths."""


def check_paths(settings: Settings, paths: Mapping[str, str]) -> None:
    """Check the path of each field. It is compared as text: what lies there is seen by the cluster alone.

    Raises:
        Invalid: a path leads elsewhere; names each such field.
    """
    allowed = settings.allowed_roots
    errors = tuple(
        FieldError(
            field=field,
            message="the path leads out of the folders that are allowed",
            found=path[:300],
            wanted=f"a path below the data root, or below one of: {', '.join(str(root) for root in allowed)}",
        )
        for field, path in paths.items()
        if not is_allowed(path, data_root=settings.data, allowed=allowed)
    )
    if errors:
        raise Invalid(f"{errors[0].field}: {errors[0].message}", errors=errors)


def is_allowed(path: str, *, data_root: Path, allowed: tuple[Path, ...]) -> bool:
    whole = Path(os.path.normpath(data_root / path))
    return any(whole == root or whole.is_relative_to(root) for root in allowed)
