"""The storage that the settings name, opened once in each process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from service.settings import Settings
from workers.storage.near import Near, Shared, Store
from workers.storage.objects import Objects


def open_store(settings: Settings) -> Store:
    """Raises StorageError where the URI is of no use here, as without the package for its kind."""
    return _open(settings.storage_uri, settings.storage)


@lru_cache(maxsize=8)
def _open(uri: str, root: Path) -> Store:
    return Near(Objects(uri), root) if uri else Shared(root)
