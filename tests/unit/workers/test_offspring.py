"""Nothing that an attempt has started outlives it."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

# A parent that forks a child, a grandchild in a session of its own, and one whose parent has ended; all are deaf.
FAMILY = """
import os, signal, sys, time
from workers import offspring

def sleep(told):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.write(told, f"{os.getpid()}\\n".encode())
    time.sleep(60)

offspring.adopt()
read, told = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        sleep(told)
    sleep(told)
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        sleep(told)
    os._exit(0)
found = b""
while found.count(b"\\n") < 3:
    found += os.read(read, 100)
print(found.decode(), flush=True)
sys.stdin.readline()
offspring.end_all()
print("ended", flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux alone")
def test_children_and_orphans_end_though_they_ignore_every_signal_that_can_be_ignored() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        pids = [int(parent.stdout.readline()) for _ in range(3)]
        parent.stdout.readline()
        family = [psutil.Process(pid) for pid in pids]
        assert all(process.is_running() for process in family)
        parent.stdin.write("\n")
        parent.stdin.flush()
        assert parent.stdout.readline() == "ended\n"
        deadline = time.monotonic() + 5
        while left := [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]:
            assert time.monotonic() < deadline, left
            time.sleep(0.02)
        parent.stdin.write("\n")
        parent.stdin.flush()
        assert parent.wait(10) == 0
