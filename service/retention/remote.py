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
        for manifest in all_manifests(self._objects, job_id):
            for name, kept in manifest.files.items():
                parts = _NAME.fullmatch(name)
                if parts is not None:
                    one = Checkpoint(parts["training"] or "", int(parts["step"]), kept.size_bytes)
                    found.setdefault(name, one)
        return tuple(found.values())

    def best_steps(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> Mapping[str, int]:
        manifests = all_manifests(self._objects, job_id)
        return best_of(checkpoints, lambda training: self._lines(job_id, manifests, training))

    def named(self, job_id: str) -> tuple[Path, str]:
        return self._root / "jobs" / job_id, f"{self._objects.uri}/jobs/{job_id}"

    def remove(self, job_id: str, checkpoints: Iterable[Checkpoint]) -> None:
        names = {one.name for one in checkpoints}
        for manifest in all_manifests(self._objects, job_id):
            going = {name: kept for name, kept in manifest.files.items() if name in names}
            if not going:
                continue
            staying = {name: kept for name, kept in manifest.files.items() if name not in names}
            write_manifest(self._objects, job_id, manifest.model_copy(update={"files": staying}))
            for kept in going.values():
                self._objects.remove(f"{work_key(job_id, manifest.attempt)}/{kept.key}")

    def _lines(self, job_id: str, manifests: list[Manifest], training: str) -> Iterator[str]:
        name = f"{training}/{JOURNAL}" if training else JOURNAL
        for manifest in manifests:
            if (grown := manifest.grown.get(name)) is not None:
                content = read_whole_grown(self._objects, job_id, manifest.attempt, name, grown)
                yield from content.decode("utf-8", errors="replace").splitlines()
                return
