"""A job every few seconds for half an hour: memory of all servers and the time of answers stay as they are."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import linear_regression, median

import httpx
import psutil

from service.sdk import Client, StillhouseError
from service.stack.processes import descendants
from tests.drills.logged_attempts import LoggedAttempts
from tests.drills.outcome import Drill, Outcome, milliseconds
from tests.drills.service import Service, wait_until
from tests.unit.service.factories import job_spec, settings_in

PURPOSE = (
    "A job every three seconds, with two readers of the live stream and a reader of lists, of the newest job and its "
    "curves. The attempts train nothing, but have a heartbeat, a run in MLflow and an end; half of them have a student."
)
SHORT_S, WORK_S, SAMPLE_EVERY_S = 12.0, 2.0, 0.5
JOB_EVERY_LONG_S, JOB_EVERY_SHORT_S = 3.0, 0.75
NUM_STREAMS = 2
MIB = 2**20
# The first part of a run is when caches and pools fill.
WARM_UP = 0.3
MAX_GROWTH_MIB, MAX_SLOWER, MAX_ADDED_S = 12.0, 1.5, 0.02
# Of a few minutes a slope says little.
SLOPE_FROM_S, MAX_MIB_A_MINUTE = 300.0, 0.5
READS = ("/api/v1/jobs", "/api/v1/jobs/counts", "/api/v1/projects", "/metrics", "/healthz")

Sample = tuple[float, float]  # seconds since the begin, and what was measured


@dataclass
class Samples:
    """What was measured."""

    memory_mib: dict[str, list[Sample]] = field(default_factory=dict)
    reads_s: list[Sample] = field(default_factory=list)
    submits_s: list[Sample] = field(default_factory=list)
    num_events: int = 0
    wrong: list[str] = field(default_factory=list)


def run(drill: Drill) -> Outcome:
    outcome = Outcome(judges_speed=drill.is_long)
    mlflow = drill.shared.mlflow()
    cluster = LoggedAttempts(cpus=4.0, storage=drill.folder / "storage", work_s=WORK_S, mlflow_url=mlflow.url)
    with cluster.serving() as ray_url:
        settings = settings_in(drill.folder, ray_url=ray_url, mlflow_url=mlflow.url)
        with Service(settings) as service:
            reconciler = service.start_reconciler()
            url = service.start_api()
            mlflow.wait()
            assert service.api is not None
            servers = {"API": service.api, "reconciler": reconciler, "MLflow": mlflow.process}
            soak = _Soak(drill, service, url, servers)
            soak.carry_out()
            with service.client(url) as client:
                wait_until(lambda: _all_succeeded(client), 300, "all jobs have succeeded", every_s=0.5)
            (drill.folder / "memory.json").write_text(json.dumps(soak.samples.memory_mib))
            _judge(outcome, soak.samples)
    outcome.wrong += soak.samples.wrong[:10]
    return outcome


class _Soak:
    def __init__(self, drill: Drill, service: Service, url: str, servers: dict[str, psutil.Process]) -> None:
        self._drill, self._service, self._url, self._servers = drill, service, url, servers
        self.samples = Samples(memory_mib={name: [] for name in servers})
        self._newest = ""
        self._stopping = threading.Event()
        self._began = time.monotonic()

    def carry_out(self) -> None:
        reader = threading.Thread(target=self._read, daemon=True)
        listeners = [threading.Thread(target=self._listen, daemon=True) for _ in range(NUM_STREAMS)]
        for thread in (reader, *listeners):
            thread.start()
        job_every_s = JOB_EVERY_LONG_S if self._drill.is_long else JOB_EVERY_SHORT_S
        duration_s = self._drill.seconds(SHORT_S)
        next_job = next_sample = 0.0
        while (now := time.monotonic() - self._began) < duration_s:
            if now >= next_job:
                next_job += job_every_s
                self._submit()
            if now >= next_sample:
                next_sample += SAMPLE_EVERY_S
                for name, process in self._servers.items():
                    self.samples.memory_mib[name].append((now, _memory_mib(process)))
            time.sleep(0.05)
        self._stopping.set()
        reader.join(60)

    def _submit(self) -> None:
        how = {"json": job_spec(name=f"soak {len(self.samples.submits_s) % 10}")}
        answer = self._timed(
            self.samples.submits_s, lambda: self._service.asked(self._url, "POST", "/api/v1/jobs", **how)
        )
        if answer.status_code == 201:
            self._newest = answer.json()["id"]

    def _read(self) -> None:
        headers = {"Authorization": f"Bearer {self._service.token}"}
        with httpx.Client(base_url=self._url, headers=headers, timeout=60, trust_env=False) as http:
            while not self._stopping.wait(0.3):
                of_job = f"/api/v1/jobs/{self._newest}"
                for path in (*READS, *([of_job, f"{of_job}/metrics"] if self._newest else [])):
                    self._timed(self.samples.reads_s, lambda path=path: http.get(path))  # type: ignore[misc]

    def _timed(self, samples: list[Sample], ask: Callable[[], httpx.Response]) -> httpx.Response:
        began = time.monotonic()
        answer = ask()
        samples.append((began - self._began, time.monotonic() - began))
        if not answer.is_success:
            self.samples.wrong.append(f"{answer.request.url} was answered with {answer.status_code}: {answer.text}")
        return answer

    def _listen(self) -> None:
        with self._service.client(self._url) as client, suppress(StillhouseError):  # the API ends before its listeners
            for _ in client.jobs.all_updates():
                self.samples.num_events += 1
                if self._stopping.is_set():
                    return


def _memory_mib(process: psutil.Process) -> float:
    """Resident memory of a server and all below it."""
    return sum(one.memory_info().rss for one in descendants([process.pid])) / MIB


def _all_succeeded(client: Client) -> bool:
    by_state = client.jobs.counts().by_state
    return sum(by_state.values()) == by_state.get("succeeded", 0)


def _judge(outcome: Outcome, samples: Samples) -> None:
    lasted_s = samples.reads_s[-1][0]
    outcome.figures["jobs"] = f"{len(samples.submits_s)} in {lasted_s / 60:.1f} minutes, all succeeded"
    outcome.figures["events read from live streams"] = str(samples.num_events)
    for name, found in samples.memory_mib.items():
        first, last, slope = _trend(found)
        outcome.figures[f"memory of {name}"] = (
            f"{found[0][1]:.0f} MiB at the begin, {first:.1f} after the warm-up, {last:.1f} at the end; "
            f"{60 * slope:+.2f} MiB a minute"
        )
        outcome.expect(last - first <= MAX_GROWTH_MIB, f"the memory of {name} grew from {first:.0f} to {last:.0f} MiB")
        if lasted_s >= SLOPE_FROM_S:
            outcome.expect(
                60 * slope <= MAX_MIB_A_MINUTE, f"the memory of {name} grew by {60 * slope:.2f} MiB a minute"
            )
    for name, found in {"reads": samples.reads_s, "submits": samples.submits_s}.items():
        first, last, slope = _trend(found)
        outcome.figures[f"time of {name}"] = (
            f"{milliseconds(seconds for _, seconds in found)}; median after the warm-up {1000 * first:.1f} ms, "
            f"at the end {1000 * last:.1f} ms"
        )
        outcome.expect(
            not outcome.judges_speed or last <= MAX_SLOWER * first + MAX_ADDED_S,
            f"{name} took {1000 * first:.0f} ms after the warm-up, {1000 * last:.0f} ms at the end",
        )


def _trend(found: Sequence[Sample]) -> tuple[float, float, float]:
    """Medians of the first and the last third after the warm-up, and the slope of all after it, by second."""
    after = found[round(WARM_UP * len(found)) :]
    third = max(1, len(after) // 3)
    slope = linear_regression([at for at, _ in after], [value for _, value in after]).slope
    return median(value for _, value in after[:third]), median(value for _, value in after[-third:]), slope
