"""Finding a file of the storage by its path, as in a folder, and fetching it whole.

A path is `jobs/ID/...`, `uploads/...` or `checks/...`. What jobs leave lies with the attempt that left it, and the
newest manifest says where.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from workers.spec.weights import file_sha256
from workers.storage.manifest import Damaged, Kept, newest_manifest, work_key
from workers.storage.objects import Objects, StorageError
from workers.storage.owners import owner_of

# An attempt replaces its files while others read: what a manifest names may be gone when it is asked for.
_TRIES = 5
# Files of a job that its attempts do not leave as part of their work.
_BESIDE = frozenset({"fence.json", "steering.json", "attempts"})


def job_of(name: str) -> tuple[str, str] | None:
    """The job or trial whose work a path belongs to, and the path below its folder; None where it is none's."""
    parts = PurePosixPath(name).parts
    if len(parts) < 3 or parts[0] != "jobs" or parts[2] in _BESIDE:
        return None
    return owner_of(parts[1], "/".join(parts[2:]))


def name_in(storage_uri: str, uri: str) -> str | None:
    """The path of a file that is named by a URI below the storage; None where it lies elsewhere."""
    base = f"{storage_uri.rstrip('/')}/"
    name = uri.removeprefix(base)
    if not uri.startswith(base) or not name or any(part in ("", ".", "..") for part in name.split("/")):
        return None
    return name


def fetch(objects: Objects, name: str, target: Path) -> None:
    """Make `target` the file at a path, unless it is that already.

    Raises:
        FileNotFoundError: there is no such file.
        Damaged: it is not what was written.
        StorageError: the storage does not answer.
    """
    belongs = job_of(name)
    if belongs is None:
        whole(target, lambda draft: objects.get_file(name, draft))
        return
    job_id, path = belongs
    for _ in range(_TRIES):
        manifest = newest_manifest(objects, job_id)
        kept = None if manifest is None else manifest.files.get(path)
        if manifest is None or kept is None:
            raise FileNotFoundError(f"there is no {name} in {objects.uri}")
        try:
            fetch_kept(objects, job_id, manifest.attempt, kept, target)
        except FileNotFoundError:
            continue  # its attempt has replaced it
        return
    raise StorageError(f"{objects.uri}/{name} was replaced again and again while it was read")


def fetch_kept(objects: Objects, job_id: str, attempt: int, kept: Kept, target: Path) -> None:
    """Make `target` a file that the manifest of an attempt names, unless it is that already. Raises as `fetch` does."""
    if target.is_file() and target.stat().st_size == kept.size_bytes and file_sha256(target) == kept.sha256:
        return
    key = f"{work_key(job_id, attempt)}/{kept.key}"

    def write(draft: Path) -> None:
        objects.get_file(key, draft)
        found = file_sha256(draft)
        if found != kept.sha256:
            raise Damaged(
                f"{objects.uri}/{key} is damaged: its SHA-256 is {found[:12]} in {draft.stat().st_size} bytes, wanted "
                f"{kept.sha256[:12]} in {kept.size_bytes}"
            )

    whole(target, write)


def whole_bytes(target: Path, content: bytes) -> None:
    """Make `target` a file with this content, in one step."""

    def write(draft: Path) -> None:
        draft.write_bytes(content)

    whole(target, write)


def whole(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file, and put it in its place when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        write(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
