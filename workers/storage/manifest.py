"""What one attempt left of its training, and how another finds it.

An attempt writes below its own prefix alone, `jobs/ID/attempts/N/work`, and nobody else does. The manifest there is
written last and names every file with its hash: what it does not name is not there. The newest attempt that has a
manifest has the state of the job; whatever an older one still writes, nobody reads.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from typing import Literal

from pydantic import Field, ValidationError

from trainer.spec import Spec
from workers.storage.grown import read_grown
from workers.storage.objects import Objects, StorageError

logger = logging.getLogger(__name__)


class Kept(Spec):
    """A file, as an object that is never replaced: its key ends with its hash."""

    key: str
    sha256: str
    size_bytes: int


class Grown(Spec):
    """A file that grows, as parts: so much of it was there, with this hash."""

    size_bytes: int
    sha256: str


class Manifest(Spec):
    """All files of a job's folder by their path in it, as an attempt has left them."""

    version: Literal[1] = 1
    attempt: int = Field(ge=1)
    at: datetime
    files: dict[str, Kept] = {}
    grown: dict[str, Grown] = {}


class Damaged(StorageError):
    """What lies in the storage is not what was written there."""


def attempts_key(job_id: str) -> str:
    return f"jobs/{job_id}/attempts"


def work_key(job_id: str, attempt: int) -> str:
    return f"{attempts_key(job_id)}/{attempt}/work"


def manifest_key(job_id: str, attempt: int) -> str:
    return f"{work_key(job_id, attempt)}/manifest.json"


def grown_key(job_id: str, attempt: int, name: str) -> str:
    return f"{work_key(job_id, attempt)}/grown/{name}"


def write_manifest(objects: Objects, job_id: str, manifest: Manifest) -> None:
    content = manifest.model_dump_json().encode()
    line = hashlib.sha256(content).hexdigest().encode() + b"\n"
    objects.put(manifest_key(job_id, manifest.attempt), line + content)


def read_manifest(objects: Objects, job_id: str, attempt: int) -> Manifest | None:
    """The manifest of an attempt; None where it has none.

    Raises:
        Damaged: it is not what was written.
    """
    content = objects.get(manifest_key(job_id, attempt))
    if content is None:
        return None
    line, _, document = content.partition(b"\n")
    where = f"{objects.uri}/{manifest_key(job_id, attempt)}"
    if hashlib.sha256(document).hexdigest().encode() != line:
        raise Damaged(f"{where} is damaged: its content is not what was written")
    try:
        return Manifest.model_validate_json(document)
    except ValidationError as error:
        raise Damaged(f"{where} is of another version: {error.error_count()} fields are not known here") from error


def newest_manifest(objects: Objects, job_id: str, *, before: int | None = None) -> Manifest | None:
    """The manifest of the newest attempt that has a whole one; of those before one, where it is given."""
    numbers = (int(name) for name in objects.names(attempts_key(job_id)) if name.isdecimal())
    for number in sorted((number for number in numbers if before is None or number < before), reverse=True):
        try:
            found = read_manifest(objects, job_id, number)
        except Damaged as error:
            logger.error("%s; going on from the attempt before", error)
            continue
        if found is not None:
            return found
    return None


def all_manifests(objects: Objects, job_id: str) -> list[Manifest]:
    """The whole manifests of a job, the newest first."""
    found: list[Manifest] = []
    while (manifest := newest_manifest(objects, job_id, before=found[-1].attempt if found else None)) is not None:
        found.append(manifest)
    return found


def read_whole_grown(objects: Objects, job_id: str, attempt: int, name: str, grown: Grown) -> bytes:
    """All of a file that grew, also what came after its manifest.

    Raises:
        Damaged: what the manifest speaks of is not there as it was.
    """
    content = b"".join(read_grown(objects, grown_key(job_id, attempt, name)))
    if hashlib.sha256(content[: grown.size_bytes]).hexdigest() != grown.sha256:
        raise Damaged(f"{objects.uri}/{grown_key(job_id, attempt, name)} is damaged: it is not what was written")
    return content
