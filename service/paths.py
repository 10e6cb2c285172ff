"""Which files specs may name: those below the data root, the storage, and the folders that the settings add."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from pathlib import Path

from service.errors import FieldError, Invalid
from service.settings import Settings
from workers.storage.objects import is_uri
from workers.storage.reading import name_in

SPLIT_PATHS = ("images", "annotations", "image_list")
"""The fields of a data set's split that are paths."""


def check_paths(settings: Settings, paths: Mapping[str, str]) -> None:
    """Check the path of each field. It is compared as text: what lies there is seen by the cluster alone.

    Raises:
        Invalid: a path leads elsewhere; names each such field.
    """
    allowed = [*map(str, settings.allowed_roots), *([settings.storage_uri] if settings.storage_uri else [])]
    errors = tuple(
        FieldError(
            field=field,
            message="the path leads out of the folders that are allowed",
            found=path[:300],
            wanted=f"a path below the data root, or below one of: {', '.join(allowed)}",
        )
        for field, path in paths.items()
        if not is_allowed(settings, path)
    )
    if errors:
        raise Invalid(f"{errors[0].field}: {errors[0].message}", errors=errors)


def is_allowed(settings: Settings, path: str) -> bool:
    """Whether a spec may name a file; a URI has to be one of the storage's."""
    if is_uri(path):
        return bool(settings.storage_uri) and name_in(settings.storage_uri, path) is not None
    whole = Path(os.path.normpath(settings.data / path))
    return any(whole == root or whole.is_relative_to(root) for root in settings.allowed_roots)
