"""The disk of the database runs full under submits: they are refused with a reason, and what was taken stays."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx

from tests.contract.processes import PretendedCluster
from tests.drills.disks import SmallDisk, small_disk
from tests.drills.outcome import Drill, Outcome, milliseconds
from tests.drills.service import PostgresServer, Service, lives, wait_until
from tests.unit.service.factories import job_spec, settings_in

PURPOSE = (
    "No space is left on the disk of SQLite, then on that of PostgreSQL, under submits, and later there is space again."
)
MIB = 2**20
SHORT_S = 2.0  # how long it stays full
Kind = Literal["SQLite", "PostgreSQL"]
DISK_BYTES: dict[Kind, int] = {"SQLite": 8 * MIB, "PostgreSQL": 160 * MIB}
NUM_BEFORE = 4
# A database has a few pages that are free already.
MOST_ON_LAST_PAGES = 3000


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    for kind in DISK_BYTES:
        folder = drill.folder / kind.lower()
        folder.mkdir()
        cluster = PretendedCluster(cpus=8.0, storage=folder / "storage", work_s=1.0)
        with _database(kind, folder) as (disk, database_url), cluster.serving() as ray_url:
            settings = settings_in(folder, database_url=database_url, ray_url=ray_url, lease_s="4")
            with Service(settings) as service:
                _FullDatabase(drill, outcome, kind, service, disk).carry_out()
    return outcome


@contextmanager
def _database(kind: Kind, folder: Path) -> Iterator[tuple[SmallDisk, str]]:
    """Not below pytest's folders, which the user that PostgreSQL runs as may not enter."""
    with tempfile.TemporaryDirectory(prefix="stillhouse-drill-") as parent:
        Path(parent).chmod(0o755)
        with small_disk(Path(parent) / "disk", DISK_BYTES[kind]) as disk:
            if kind == "SQLite":
                yield disk, f"sqlite+aiosqlite:///{disk.path / 'stillhouse.db'}"
                return
            data = disk.path / "data"
            data.mkdir()
            with PostgresServer(data, folder / "postgresql.log") as server:
                yield disk, server.url


@dataclass
class _FullDatabase:
    drill: Drill
    outcome: Outcome
    kind: Kind
    service: Service
    disk: SmallDisk
    accepted: list[str] = field(default_factory=list)
    url: str = ""

    def carry_out(self) -> None:
        reconciler = self.service.start_reconciler()
        self.url = self.service.start_api()
        for number in range(NUM_BEFORE):
            self._expect(self._submit(f"before-{number}").is_success, "a submit failed before the disk was full")
        self.drill.tell(f"the disk of {self.kind} is filled")
        self.disk.fill()
        refused = self._submit_until_refused()
        problem = refused.json()
        self._note("what people are told", problem["detail"])
        self._note("submits that its last pages took", str(len(self.accepted) - NUM_BEFORE))
        self._expect((refused.status_code, "Retry-After" in refused.headers) == (503, True), f"answered {refused}")
        self._expect("the disk of the database is full" in problem["detail"], f"people are told: {problem['detail']}")
        self._watch()
        self._expect(lives(reconciler), "the reconciler ended on a full disk")
        self.drill.tell("there is space again")
        self.disk.make_space()
        made = time.monotonic()
        wait_until(lambda: self._submit("after").is_success, 300, f"{self.kind}: a submit succeeds again")
        self._note("a submit succeeds again after", f"{time.monotonic() - made:.1f} s")
        wait_until(self._all_succeeded, 180, f"{self.kind}: all jobs succeed", every_s=0.5)
        self._note("all that waited is done after", f"{time.monotonic() - made:.1f} s")
        with self.service.client(self.url) as client:
            names = sorted(job.name for job in client.jobs.each())
        self._expect(
            names == sorted(set(self.accepted)), f"the jobs are {names}, promised were {sorted(self.accepted)}"
        )

    def _submit(self, name: str) -> httpx.Response:
        headers = {"Idempotency-Key": name}
        answer = self.service.asked(self.url, "POST", "/api/v1/jobs", json=job_spec(name=name), headers=headers)
        if answer.is_success:
            self.accepted.append(name)
        return answer

    def _submit_until_refused(self) -> httpx.Response:
        for number in range(MOST_ON_LAST_PAGES):
            answer = self._submit(f"on-the-last-pages-{number}")
            if not answer.is_success:
                return answer
        raise TimeoutError(f"{self.kind} took {MOST_ON_LAST_PAGES} submits on a full disk")

    def _watch(self) -> None:
        until = time.monotonic() + self.drill.seconds(SHORT_S)
        taken: list[float] = []
        number = 0
        while time.monotonic() < until:
            for path in ("/healthz", "/api/v1/jobs"):
                began = time.monotonic()
                answer = self.service.asked(self.url, "GET", path)
                taken.append(time.monotonic() - began)
                self._expect(answer.status_code == 200, f"on a full disk {path} was answered with {answer.text}")
            number += 1
            answer = self._submit(f"while-full-{number}")
            self._expect(answer.status_code in (201, 503), f"on a full disk a submit was answered with {answer.text}")
            time.sleep(0.3)
        self._note("reads while it was full", milliseconds(taken))

    def _all_succeeded(self) -> bool:
        counts = self.service.asked(self.url, "GET", "/api/v1/jobs/counts")
        by_state = counts.json()["by_state"] if counts.is_success else {}
        return bool(by_state) and sum(by_state.values()) == by_state["succeeded"]

    def _note(self, what: str, value: str) -> None:
        self.outcome.figures[f"{self.kind}: {what}"] = value

    def _expect(self, holds: bool, words: str) -> None:
        self.outcome.expect(holds, f"{self.kind}: {words}")
