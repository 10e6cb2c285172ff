"""`python -m tests.drills.odd_worker ODDITIES -m workers.entrypoint ...`: becomes a real attempt with bad habits.

ODDITIES is a JSON object: `deaf` blocks SIGTERM, as in a process that hangs in a driver; `fork` starts that many
children and as many that detach themselves, all deaf; `flood_bytes_per_s` lets a child print to the attempt's log for
`flood_s`, as a library does; `light` leaves the training out, and nothing else.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.stack import ROOT
from workers.spec import JobFolder

LINE_BYTES = 128
_FILL = ("abcdefghij" * 12)[: LINE_BYTES - 14]


def program(path: Path, oddities: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> str:
    """Write a program for STILLHOUSE_WORKER_PYTHON; returns its path."""
    words = [f"{name}={value}" for name, value in {"PYTHONPATH": str(ROOT), **(environment or {})}.items()]
    command = shlex.join(["env", *words, sys.executable, "-m", "tests.drills.odd_worker", json.dumps(oddities)])
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    path.chmod(0o755)
    return str(path)


def line(number: int) -> bytes:
    """A line of the flood, which tells its own place."""
    return f"{number:012d} {_FILL}\n".encode()


def main(oddities: Mapping[str, Any], arguments: list[str]) -> None:
    storage, job_id, attempt = arguments[2:5]
    if oddities.get("deaf"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    for _ in range(oddities.get("fork", 0)):
        _fork(_sleep)
        _fork(lambda: _detach(JobFolder(Path(storage), job_id), int(attempt)))
    if rate := oddities.get("flood_bytes_per_s"):
        log = JobFolder(Path(storage), job_id).log(int(attempt))
        _fork(lambda: _flood(log, rate, oddities["flood_s"]))
    if oddities.get("light"):
        arguments = ["-m", "tests.drills.light_attempt", *arguments[2:]]
    os.execv(sys.executable, [sys.executable, *arguments])


def _fork(work: Any) -> None:
    if os.fork() == 0:
        work()
        os._exit(0)


def _sleep() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGHUP, signal.SIGINT})
    time.sleep(600)


def _detach(folder: JobFolder, attempt: int) -> None:
    """A child whose parent is gone, in a session of its own, when the attempt is there to adopt what gets lost."""
    while folder.read_heartbeat(attempt) is None:
        time.sleep(0.1)
    if os.fork() == 0:
        os.setsid()
        _sleep()


def _flood(log: Path, rate: float, seconds: float) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    began, number = time.monotonic(), 0
    with log.open("ab", buffering=0) as file:
        while (passed := time.monotonic() - began) < seconds:
            due = int(rate * passed) // LINE_BYTES
            if due > number:
                end = min(due, number + 512)
                file.write(b"".join(map(line, range(number, end))))
                number = end
            else:
                time.sleep(0.005)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
