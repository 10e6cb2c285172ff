"""An attempt prints 100 MB a minute, and twenty people follow its log."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from service.stack.processes import Command, start
from tests.drills.odd_worker import LINE_BYTES
from tests.drills.outcome import Drill, Outcome, milliseconds
from tests.drills.service import Service, wait_until
from tests.factories import small_job
from workers.spec import JobFolder

PURPOSE = "An attempt (a real one without a training) prints 100 MB a minute, and 20 readers follow its log."
RATE_BYTES_PER_S = 100e6 / 60
NUM_READERS = 20
CALM_S, SHORT_S = 2.0, 8.0
MIB = 2**20
MAX_GROWTH_BYTES = 64 * MIB
# Of the medians; what a loaded machine does to single answers says little.
MAX_SLOWER, MAX_ADDED_S = 3.0, 0.25
ALL_READ_WITHIN_S = 180.0


@dataclass
class Watch:
    """Asks the API and looks at its memory and at the log's size, on a thread."""

    service: Service
    url: str
    log: Path
    seconds: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    log_bytes: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._thread.join(60)

    def _work(self) -> None:
        assert self.service.api is not None
        while not self.stopping.wait(0.25):
            began = time.monotonic()
            answer = self.service.asked(self.url, "GET", "/api/v1/jobs")
            self.seconds.append(time.monotonic() - began)
            if not answer.is_success:
                self.wrong.append(f"the API answered {answer.status_code}: {answer.text}")
            self.memory.append(self.service.api.memory_info().rss)
            self.log_bytes.append(self.log.stat().st_blocks * 512 if self.log.exists() else 0)


def run(drill: Drill) -> Outcome:
    outcome = Outcome(judges_speed=drill.is_long)
    flood_s = drill.seconds(SHORT_S)
    light = drill.shared.light_service(is_long=drill.is_long)
    light.make_odd(flood_bytes_per_s=RATE_BYTES_PER_S, flood_s=flood_s)
    service, url = light.service, light.url
    with service.client(url) as client:
        with Watch(service, url, Path("nowhere")) as calm:
            time.sleep(CALM_S)
        job_id = client.jobs.submit(small_job("loud", steps=10**6, distil=False)).id
        log = JobFolder(service.settings.storage, job_id).log(1)
        wait_until(log.exists, 300, "the log has begun")
        report = drill.folder / "readers.json"
        words = ["-m", "tests.drills.log_readers", url, job_id, str(NUM_READERS), str(report)]
        environment = {"STILLHOUSE_TOKEN": service.token}
        readers = start(Command("readers", [sys.executable, *words], environment, drill.folder / "readers.log"))
        drill.tell(f"{NUM_READERS} readers follow {RATE_BYTES_PER_S / 1e6:.1f} MB/s for {flood_s:g} s")
        with Watch(service, url, log) as flooded:
            time.sleep(flood_s)
            client.jobs.cancel(job_id)
            wait_until(lambda: client.jobs.get(job_id).state == "cancelled", 300, "the job is cancelled")
            written = time.time()
            wait_until(lambda: readers.process.poll() is not None, ALL_READ_WITHIN_S, "all readers are at the end")
    _judge(outcome, calm, flooded, json.loads(report.read_text()), log, written, service.settings.max_log_bytes)
    return outcome


def _judge(
    outcome: Outcome, calm: Watch, flooded: Watch, readers: Sequence[dict[str, Any]], log: Path, written: float,
    max_log_bytes: int,
) -> None:  # fmt: skip
    size = log.stat().st_size
    growth = max(flooded.memory) - max(calm.memory)
    told = [reader["dropped_bytes"] for reader in readers]
    outcome.figures |= {
        "written": f"{size / 1e6:.0f} MB",
        "most of the disk that it took": f"{max(flooded.log_bytes) / MIB:.0f} MiB, limit {max_log_bytes / MIB:.0f} MiB",
        "read by all readers": f"{sum(reader['offset'] for reader in readers) / 1e6:.0f} MB",
        "told as dropped to a reader": f"{min(told) / 1e6:.1f} to {max(told) / 1e6:.1f} MB",
        "all readers at the end after the last line": f"{max(one['ended_at'] for one in readers) - written:.1f} s",
        "lines looked at one by one": str(readers[0]["num_lines"]),
        "answers of the API before": milliseconds(calm.seconds),
        "answers of the API meanwhile": milliseconds(flooded.seconds),
        "memory of the API before, most": f"{max(calm.memory) / MIB:.0f} and {max(flooded.memory) / MIB:.0f} MiB",
    }
    outcome.wrong += [words for reader in readers for words in reader["wrong"][:3]] + flooded.wrong
    for reader in readers:
        outcome.expect(
            reader["offset"] == size, f"reader {reader['number']} ended at byte {reader['offset']} of {size}"
        )
    outcome.expect(readers[0]["num_lines"] * LINE_BYTES > 0.2 * max_log_bytes, "the flood was not in the log")
    one_second = 2 * RATE_BYTES_PER_S
    outcome.expect(
        max(flooded.log_bytes) <= max_log_bytes + one_second, f"the log took {max(flooded.log_bytes) / MIB:.0f} MiB"
    )
    outcome.expect(growth <= MAX_GROWTH_BYTES, f"the API's memory grew by {growth / MIB:.0f} MiB")
    before_s, median_s = median(calm.seconds), median(flooded.seconds)
    outcome.expect(
        not outcome.judges_speed or median_s <= MAX_SLOWER * before_s + MAX_ADDED_S,
        f"answers took {1000 * median_s:.0f} ms, and {1000 * before_s:.0f} ms before",
    )
