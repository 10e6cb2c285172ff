"""Files of the storage that a spec names by URI, such as a teacher's weights, fetched to a node."""

from __future__ import annotations

import hashlib
from pathlib import Path

from workers.storage.objects import Objects
from workers.storage.reading import fetch, job_of, name_in


def fetch_named(objects: Objects, names: list[str], folder: Path) -> dict[str, Path]:
    """Those of `names` that lie in the storage, each with the file here, below `folder`, which others may share.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it cannot be had.
    """
    found = {}
    for uri in names:
        name = name_in(objects.uri, uri)
        if name is None:
            continue
        path = folder / "named" / hashlib.sha256(name.encode()).hexdigest()[:16] / name.rpartition("/")[2]
        if not _is_here(objects, name, path):
            fetch(objects, name, path)
        found[uri] = path
    return found


def _is_here(objects: Objects, name: str, path: Path) -> bool:
    """Uploads are never replaced under their name; what a job leaves is compared by its hash instead."""
    return job_of(name) is None and path.is_file() and path.stat().st_size == objects.size(name)
