"""The checkpoints that lie behind a URI: the manifests of attempts name them, and a new manifest lets go of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from service.retention.files import best_of
from service.retention.policy import Checkpoint
from workers.spec.layout import JOURNAL
from workers.storage.manifest import Manifest, all_manifests, read_whole_grown, work_key, write_manifest
from workers.storage.objects import Objects
from workers.storage.owners import owner_of

_MANIFEST = re.compile(r"(?P<folder>(?:.+/)?)attempts/\d+/work/manifest\.json")
_NAME = re.compile(r"(?:(?P<training>.+)/)?checkpoints/step-(?P<step>\d{8,})\.pt")


class RemoteCheckpoints:
    """The checkpoints of jobs below a URI. `root` is where the service keeps its copy."""

    def __init__(self, objects: Objects, root: Path) -> None:
        self._objects = objects
        self._root = root

    def job_ids(self) -> list[str]:
        return self._objects.names("jobs")

    def of_job(self, job_id: str) -> tuple[Checkpoint, ...]:
        found: dict[str, Checkpoint] = {}
        for folder, manifests in self._all(job_id):
            for manifest in manifests:
                for name, kept in manifest.files.items():
                    parts = _NAME.fullmatch(f"{folder}{name}")
                    if parts is not None:
                        one = Checkpoint(parts["training"] or "", int(parts["step"]), kept.size_bytes)
                        found.setdefault(one.name, one)
        return tuple(found.values())

    def best_steps(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> Mapping[str, int]:
        manifests = dict(self._all(job_id))
        return best_of(checkpoints, lambda training: self._lines(job_id, manifests, training))

    def named(self, job_id: str) -> tuple[Path, str]:
        return self._root / "jobs" / job_id, f"{self._objects.uri}/jobs/{job_id}"

    def remove(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> None:
        names = {one.name for one in checkpoints}
        for folder, manifests in self._all(job_id):
            for manifest in manifests:
                self._remove(job_id, folder, manifest, names)

    def _remove(self, job_id: str, folder: str, manifest: Manifest, names: set[str]) -> None:
        going = {name: kept for name, kept in manifest.files.items() if f"{folder}{name}" in names}
        if not going:
            return
        owner = f"{job_id}/{folder}".rstrip("/")
        staying = {name: kept for name, kept in manifest.files.items() if name not in going}
        write_manifest(self._objects, owner, manifest.model_copy(update={"files": staying}))
        for kept in going.values():
            self._objects.remove(f"{work_key(owner, manifest.attempt)}/{kept.key}")

    def _all(self, job_id: str) -> list[tuple[str, list[Manifest]]]:
        """The manifests of a job and of its trials, the newest first, each with the folder that its names are below."""
        found = (_MANIFEST.fullmatch(key) for key in self._objects.keys(f"jobs/{job_id}"))
        folders = sorted({parts["folder"] for parts in found if parts is not None})
        return [(folder, all_manifests(self._objects, f"{job_id}/{folder}".rstrip("/"))) for folder in folders]

    def _lines(self, job_id: str, manifests: Mapping[str, list[Manifest]], training: str) -> Iterator[str]:
        owner, name = owner_of(job_id, f"{training}/{JOURNAL}" if training else JOURNAL)
        folder = f"{owner.removeprefix(job_id).lstrip('/')}/".lstrip("/")
        for manifest in manifests.get(folder, []):
            if (grown := manifest.grown.get(name)) is not None:
                content = read_whole_grown(self._objects, owner, manifest.attempt, name, grown)
                yield from content.decode("utf-8", errors="replace").splitlines()
                return
