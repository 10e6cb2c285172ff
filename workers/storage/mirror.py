"""The folder of an attempt, kept equal in the storage off the thread that trains.

Two threads: one tells that the attempt lives, looks at the fence and appends logs; the other carries files, which may
take minutes. What is named by a manifest was whole before it, and a checkpoint comes after the journal of its steps.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from workers.spec import Fence, JobFolder, LogCut
from workers.spec.layout import replace_whole
from workers.spec.weights import file_sha256
from workers.storage.grown import GrownUpload
from workers.storage.manifest import (
    Damaged,
    Grown,
    Kept,
    Manifest,
    attempts_key,
    grown_key,
    newest_manifest,
    read_whole_grown,
    work_key,
    write_manifest,
)
from workers.storage.objects import Objects, StorageError
from workers.storage.reading import fetch_kept, whole_bytes
from workers.storage.seen import Seen, is_checkpoint, seen_file, seen_files

logger = logging.getLogger(__name__)

PULSE_S = 2.0
FREIGHT_S = 2.0
# How often the state of the attempt before is looked for anew, while that one still replaces it.
_TRIES = 5


class Superseded(Exception):
    """Another attempt has this one's place."""


class Mirror:
    """What one attempt of a job leaves, or one start of a trial. `on_superseded` ends the process, and has to.

    Of the checkpoints that are taken over the newest whole one is fetched; with `all_checkpoints` also the others.
    `fences` says for each fence the number beyond which this one has lost its place. `journal` is what grows; without
    `has_files` nothing else is sent. What others write to the files in `followed` is fetched with each sign of life.
    """

    def __init__(
        self,
        objects: Objects,
        folder: JobFolder,
        job_id: str,
        attempt: int,
        *,
        on_superseded: Callable[[], None],
        all_checkpoints: bool = False,
        fences: Mapping[str, int] | None = None,
        journal: Path | None = None,
        has_files: bool = True,
        followed: Sequence[Path] = (),
    ) -> None:
        self._all_checkpoints = all_checkpoints
        self._fences = {f"jobs/{job_id}/fence.json": attempt} if fences is None else fences
        self._has_files = has_files
        self._followed = followed
        self._objects = objects
        self._folder = folder
        self._job_id = job_id
        self._attempt = attempt
        self._on_superseded = on_superseded
        self._own = f"{attempts_key(job_id)}/{attempt}"
        self._work = work_key(job_id, attempt)
        self._generation = folder.work.relative_to(folder.path).as_posix()
        self._journal_path = journal or folder.journal
        self._journal_name = self._journal_path.relative_to(folder.path).as_posix()
        self._journal = GrownUpload(objects, self._journal_path, grown_key(job_id, attempt, self._journal_name))
        self._log = GrownUpload(objects, folder.log(attempt), f"{self._own}/log.txt")
        self._kept: dict[str, Kept] = {}
        self._seen: dict[str, Seen] = {}
        self._published: Manifest | None = None
        self._beat: bytes | None = None
        self._cut: LogCut | None = None
        self._appending = threading.Lock()
        self._carrying = threading.Lock()
        self._arrived = threading.Event()  # no more files are written
        self._closing = threading.Event()
        self._carrier: threading.Thread | None = None
        self._teller: threading.Thread | None = None
        self._is_away = False
        self._is_whole = False  # what was before is here; a manifest without it would make others forget it

    # Beginning

    def take_over(self) -> None:
        """Fetch what the attempt before has left, and make it this one's own.

        Raises:
            StorageError: the storage does not answer, or is never the same twice.
        """
        before = self._attempt
        for _ in range(_TRIES):
            self._forget()
            found = newest_manifest(self._objects, self._job_id, before=before)
            try:
                if found is not None:
                    self._fetch(found)
            except FileNotFoundError as error:
                logger.info("attempt %d still changes what it has left (%s); looking again", found.attempt, error)  # type: ignore[union-attr]
                continue
            except Damaged as error:
                assert found is not None
                logger.error("%s; going on from the attempt before", error)
                before = found.attempt
                continue
            self._is_whole = True
            self.sync()
            self._let_go_of_older()
            return
        raise StorageError(f"what attempts before {before} have left in {self._objects.uri} changed while it was read")

    def start(self) -> None:
        """Begin to tell that the attempt lives, and to look at the fence."""
        self._teller = self._run(self._pulse, "storage pulse", PULSE_S, until=self._closing)

    def carry(self) -> None:
        """Begin to send files as they are written."""
        self._carrier = self._run(self.sync, "storage freight", FREIGHT_S, until=self._arrived)

    # While it runs

    def settle(self) -> None:
        """Make sure that the journal is in the storage, and this attempt in its place: before MLflow hears of points.

        The fence is read after the journal was written: an attempt that is ordered later than that finds in the
        journal whatever MLflow has heard of, with its times, and repeats it instead of making it up anew.

        Raises:
            StorageError: the storage does not answer.
        """
        with self._appending:
            self._journal.push()
        self.look_at_fence()

    def look_at_fence(self) -> None:
        """End where another attempt has this one's place. Raises StorageError."""
        for key, number in self._fences.items():
            content = self._objects.get(key)
            fence = None if content is None else Fence.model_validate_json(content)
            if fence is not None and fence.attempt > number:
                replace_whole(self._folder.fence, fence.model_dump_json())
                logger.error("attempt %d is superseded by attempt %d and ends", number, fence.attempt)
                self._arrived.set()
                self._closing.set()
                self._on_superseded()
                raise Superseded

    def follow(self) -> None:
        """Have what others have written to the followed files. Raises StorageError."""
        for path in self._followed:
            content = self._objects.get(f"jobs/{self._job_id}/{path.relative_to(self._folder.path).as_posix()}")
            if content is not None and not (path.is_file() and path.read_bytes() == content):
                replace_whole(path, content.decode())

    def sync(self) -> None:
        """Bring the storage to what lies in the folder now. Raises StorageError; what is left is sent the next time."""
        with self._carrying:
            # files first, then the journal: what a file was written after is in the journal by then
            found = dict(self._scan())
            with self._appending:
                self._journal.push()
            changed = [name for name, seen in found.items() if self._seen.get(name) != seen]
            checkpoints = sorted((name for name in changed if is_checkpoint(name)), reverse=True)
            sent = [self._send(name, found[name]) for name in changed if name not in checkpoints]
            # a checkpoint comes after the files that were written before it: one that has changed again is sent first
            for name in checkpoints if all(sent) else ():
                if self._send(name, found[name]):
                    self._publish(found)
            self._publish(found)

    def finish(self, patience_s: float) -> None:
        """Send all files that are left, while it is still told that the attempt lives.

        Raises:
            StorageError: that took longer than `patience_s`.
        """
        self._arrived.set()
        if self._carrier is not None:
            self._carrier.join()
        if self._is_whole:
            self.insist(self.sync, patience_s)

    def close(self, patience_s: float) -> None:
        """Send the end of the log and the last sign of life, and end the threads. Raises StorageError as `finish`."""
        self._closing.set()
        if self._teller is not None:
            self._teller.join()
        self.insist(self._pulse, patience_s)

    def stop(self) -> None:
        """End the threads, whatever is left to send."""
        self._arrived.set()
        self._closing.set()
        for thread in (self._carrier, self._teller):
            if thread is not None:
                thread.join()

    def insist(self, action: Callable[[], None], patience_s: float) -> None:
        """Do it as often as it takes. Raises StorageError where that is longer than `patience_s`."""
        deadline = time.monotonic() + patience_s
        told = False
        while True:
            try:
                action()
                return
            except StorageError as error:
                if time.monotonic() > deadline:
                    raise
                if not told:
                    logger.warning("%s; it is tried again until the storage answers", error)
                told = True
                time.sleep(min(FREIGHT_S, patience_s))

    # Parts

    def _run(
        self, action: Callable[[], None], name: str, every_s: float, *, until: threading.Event
    ) -> threading.Thread:
        def loop() -> None:
            while not until.wait(every_s):
                try:
                    action()
                    self._note_back()
                except StorageError as error:
                    self._note_away(error)
                except Superseded:
                    return
                except Exception:
                    logger.exception("the %s stumbled; it goes on in %g s", name, every_s)

        thread = threading.Thread(target=loop, name=name, daemon=True)
        thread.start()
        return thread

    def _pulse(self) -> None:
        self.look_at_fence()
        self._tell()
        self._append()
        self.follow()

    def _tell(self) -> None:
        path = self._folder.heartbeat(self._attempt)
        try:
            beat = path.read_bytes()
        except FileNotFoundError:
            return
        if beat != self._beat:
            self._objects.put(f"{self._own}/{path.name}", beat)
            self._beat = beat

    def _append(self) -> None:
        with self._appending:
            self._drop_of_log()
            self._log.push()
            if self._is_whole:
                self._journal.push()

    def _drop_of_log(self) -> None:
        """Readers are told what was dropped of the log before it is."""
        cut = self._folder.read_log_cut(self._attempt)
        if cut is not None and cut != self._cut:
            self._objects.put(f"{self._own}/{self._folder.log_cut(self._attempt).name}", cut.model_dump_json().encode())
            self._log.drop(cut.start, cut.end)
            self._cut = cut

    def _forget(self) -> None:
        """Begin anew with what is to be taken over."""
        for name in self._kept:
            (self._folder.path / name).unlink(missing_ok=True)
        self._journal_path.unlink(missing_ok=True)
        self._kept, self._seen = {}, {}

    def _fetch(self, manifest: Manifest) -> None:
        """Raises FileNotFoundError where the attempt replaced it meanwhile, Damaged where the journal is not whole."""
        for name, grown in manifest.grown.items():
            if self._is_mine(name):
                content = read_whole_grown(self._objects, self._job_id, manifest.attempt, name, grown)
                whole_bytes(self._folder.path / name, content[: content.rfind(b"\n") + 1])
        has_checkpoint = False
        for name in sorted((name for name in manifest.files if self._is_mine(name)), reverse=True):
            if is_checkpoint(name) and has_checkpoint and not self._all_checkpoints:
                continue
            kept = manifest.files[name]
            try:
                fetch_kept(self._objects, self._job_id, manifest.attempt, kept, self._folder.path / name)
            except Damaged as error:
                logger.error("%s; it is left out", error)
                continue
            has_checkpoint = has_checkpoint or is_checkpoint(name)
            self._objects.copy(f"{work_key(self._job_id, manifest.attempt)}/{kept.key}", f"{self._work}/{kept.key}")
            self._kept[name] = kept
            self._seen[name] = seen_file(self._folder.path / name)
        logger.info("took over what attempt %d has left: %d files", manifest.attempt, len(self._kept))

    def _let_go_of_older(self) -> None:
        """Remove what was taken over; what came before a retry from scratch is not this attempt's to judge."""
        first = int(self._generation.rpartition("/")[2]) if self._generation != "." else 0
        for name in self._objects.names(attempts_key(self._job_id)):
            if name.isdecimal() and first < int(name) < self._attempt:
                self._objects.remove_below(work_key(self._job_id, int(name)))

    def _is_mine(self, name: str) -> bool:
        if self._generation == ".":
            return not name.startswith("from-scratch/")
        return name.startswith(f"{self._generation}/")

    def _scan(self) -> Iterator[tuple[str, Seen]]:
        if self._has_files:
            apart = (self._journal_name, self._folder.fence.name, self._folder.steering.name)
            yield from seen_files(self._folder, apart)

    def _send(self, name: str, seen: Seen) -> bool:
        """Send a file under a key of its own; False where it has changed meanwhile and its next state is to be sent."""
        try:
            sha256 = file_sha256(seen.path)
            kept = Kept(key=f"files/{name}.{sha256[:16]}", sha256=sha256, size_bytes=seen.size_bytes)
            if self._kept.get(name) != kept:
                self._objects.put_file(seen.path, f"{self._work}/{kept.key}")
            if not seen.is_still_so():
                return False
        except FileNotFoundError:
            return False
        self._kept[name] = kept
        self._seen[name] = seen
        return True

    def _publish(self, found: dict[str, Seen]) -> None:
        """Say by a new manifest what there is, then remove what no manifest names any more."""
        files = {name: kept for name, kept in self._kept.items() if name in found}
        if self._published is not None and self._published.files == files:
            return
        with self._appending:
            grown = {self._journal_name: Grown(size_bytes=self._journal.size_bytes, sha256=self._journal.sha256)}
        manifest = Manifest(attempt=self._attempt, at=datetime.now(UTC), files=files, grown=grown)
        write_manifest(self._objects, self._job_id, manifest)
        before = {} if self._published is None else self._published.files
        self._published = manifest
        self._kept = files
        for key in {kept.key for kept in before.values()} - {kept.key for kept in files.values()}:
            self._objects.remove(f"{self._work}/{key}")

    def _note_away(self, error: Exception) -> None:
        if not self._is_away:
            logger.warning("%s; the training goes on, and it is tried again", error)
        self._is_away = True

    def _note_back(self) -> None:
        if self._is_away:
            logger.info("the storage answers again")
        self._is_away = False
