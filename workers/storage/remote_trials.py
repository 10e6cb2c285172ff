"""The driver of a sweep whose storage is a URI: its records are sent, and what trials leave is fetched for MLflow."""

from __future__ import annotations

import logging
import math
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from trainer.errors import InputError
from trainer.folders import BRANCHED, CHECKPOINTS, SPEC, checkpoint_name
from trainer.spec import Spec
from workers.spec import Fence, JobFolder, TrialRecord
from workers.spec.layout import JOURNAL, write_whole
from workers.storage.changes import Changes
from workers.storage.grown import read_grown
from workers.storage.manifest import Manifest, grown_key, newest_manifest, work_key, write_manifest
from workers.storage.mirror import Mirror
from workers.storage.objects import Objects, StorageError
from workers.storage.owners import owner_of_folder, start_fence, start_number
from workers.storage.reading import fetch_kept
from workers.storage.trial_place import is_over
from workers.storage.trials import SETTLED, Found, what_is_in

logger = logging.getLogger(__name__)

# A running trial is looked at so often, on the way to MLflow.
LOOK_EVERY_S = 5.0
# One that is over, for its last files.
LOOK_AT_END_EVERY_S = 1.0
# A trial that is over has so long to send its last files; one that was lost with its machine never does.
LAST_FILES_WITHIN_S = 30.0


class RemoteTrials:
    """`mirror` sends the changes of the driver's files, and nothing else."""

    def __init__(self, objects: Objects, mirror: Mirror, folder: JobFolder, job_id: str, attempt: int) -> None:
        self.storage = objects.uri
        self._objects = objects
        self._mirror = mirror
        self._folder = folder
        self._job_id = job_id
        self._attempt = attempt
        self._changes = Changes(folder.changes)
        self._begun: set[int] = set()
        self._copied: dict[Path, int] = {}
        self._looked_at: dict[Path, float] = {}
        self._over_since: dict[tuple[Path, int], float] = {}
        self._final: dict[tuple[Path, int], Found] = {}

    def write(self, path: Path, content: Spec, *, at_once: bool = True) -> None:
        write_whole(path, content)
        self._changes.note(path, content.model_dump_json())
        if at_once:
            self._insist(self._mirror.settle)

    def begin(self, number: int, *, exploits: int, start: int) -> None:
        settled = self._folder.trial(number, exploits=exploits) / SETTLED
        if settled.exists():
            settled.unlink()
            self._changes.note(settled, None)
        if number in self._begun:  # no process of this attempt can have it else
            key = start_fence(self._job_id, self._attempt, number)
            self._insist(lambda: self._objects.put(key, Fence(attempt=start).model_dump_json().encode()))
        self._begun.add(number)

    def bring(self, record: TrialRecord, *, exploits: int) -> Found:
        out = self._folder.trial(record.number, exploits=exploits)
        is_done = record.ended_at is not None or exploits < len(record.exploits)
        known = (out, record.starts)
        if is_done and (out / SETTLED).exists():
            return Found.THERE
        if is_done and known in self._final:
            return self._final[known]
        every_s = LOOK_AT_END_EVERY_S if is_done else LOOK_EVERY_S
        if time.monotonic() < self._looked_at.get(out, -math.inf) + every_s:
            return Found.LATER if is_done else Found.NOTHING
        self._looked_at[out] = time.monotonic()
        found = self._look(record, out, is_done=is_done)
        if found is not Found.LATER:
            found = what_is_in(out, record, exploits=exploits) if found is Found.THERE else found
            if is_done:
                self._final[known] = found
        return found

    def settled(self, number: int, *, exploits: int) -> None:
        out = self._folder.trial(number, exploits=exploits)
        settled = out / SETTLED
        self._changes.note(settled, settled.read_text(encoding="utf-8"))
        for path in out.iterdir():  # it lies in the storage; what came after an exploit is below
            if path.is_dir() and not path.name.startswith("exploit-"):
                shutil.rmtree(path, ignore_errors=True)
            elif path.is_file() and path != settled:
                path.unlink(missing_ok=True)

    def branch(self, source: Path, out: Path, *, step: int) -> None:
        self._insist(lambda: self._branch(source, out, step=step))

    # Parts

    def _insist(self, action: Callable[[], None]) -> None:
        self._mirror.insist(action, math.inf)  # trials wait as well; a newer attempt ends this one

    def _look(self, record: TrialRecord, out: Path, *, is_done: bool) -> Found:
        since = self._over_since.setdefault((out, record.starts), time.monotonic()) if is_done else 0.0
        is_late = is_done and time.monotonic() - since > LAST_FILES_WITHIN_S
        try:
            manifest = newest_manifest(self._objects, owner_of_folder(self._folder, out))
            if manifest is None or not (is_done or self._is_of(manifest, record)):
                return Found.LATER if is_done and not is_late else Found.NOTHING
            if is_done and not is_late and not is_over(manifest):
                return Found.LATER
            self._fetch(manifest, out, whole=is_done)
        except (FileNotFoundError, StorageError) as error:
            if is_late:
                logger.error("what trial %d has left cannot be had for MLflow: %s", record.number, error)
            return Found.LATER if is_done and not is_late else Found.NOTHING
        return Found.THERE

    def _is_of(self, manifest: Manifest, record: TrialRecord) -> bool:
        """Whether it is of the start that this driver has made: what an earlier one writes may be taken back."""
        return manifest.attempt == start_number(self._attempt, record.starts)

    def _fetch(self, manifest: Manifest, out: Path, *, whole: bool) -> None:
        """Raises FileNotFoundError where it is replaced meanwhile, StorageError."""
        owner = owner_of_folder(self._folder, out)
        for name, kept in manifest.files.items():
            if name == SPEC or (whole and not name.startswith(f"{CHECKPOINTS}/")):
                fetch_kept(self._objects, owner, manifest.attempt, kept, out / name)
        if self._copied.get(out) != manifest.attempt:  # an earlier start may have gone on where this one did not
            (out / JOURNAL).unlink(missing_ok=True)
        self._copied[out] = manifest.attempt
        have = (out / JOURNAL).stat().st_size if (out / JOURNAL).is_file() else 0
        for piece in read_grown(self._objects, grown_key(owner, manifest.attempt, JOURNAL), have):
            out.mkdir(parents=True, exist_ok=True)
            with (out / JOURNAL).open("ab") as file:
                file.write(piece)

    def _branch(self, source: Path, out: Path, *, step: int) -> None:
        """Copies within the storage; the first start takes it over as if an earlier one had left it."""
        giver, taker = owner_of_folder(self._folder, source), owner_of_folder(self._folder, out)
        manifest = newest_manifest(self._objects, giver)
        checkpoint = f"{CHECKPOINTS}/{checkpoint_name(step)}"
        if manifest is None or checkpoint not in manifest.files:
            raise InputError(f"{self.storage}/jobs/{giver} has no checkpoint of step {step}")
        number = start_number(self._attempt, 0)
        files = {name: kept for name, kept in manifest.files.items() if name in (*BRANCHED, checkpoint)}
        for kept in files.values():
            self._objects.copy(
                f"{work_key(giver, manifest.attempt)}/{kept.key}", f"{work_key(taker, number)}/{kept.key}"
            )
        write_manifest(self._objects, taker, Manifest(attempt=number, at=datetime.now(UTC), files=files))
