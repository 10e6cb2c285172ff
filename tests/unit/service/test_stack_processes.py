"""Starting and ending real processes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from service.stack.ports import free_ports, is_free
from service.stack.processes import Command, descendants, end, own, reap, start
from service.stack.stack import StackError, _end_leftovers, _lock
from tests.stack import is_alive

SLEEP = "import time; time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); {SLEEP}"
PARENT = (
    f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); print('up', flush=True); {SLEEP}"
)


def a_process(tmp_path: Path, code: str) -> psutil.Process:
    log = tmp_path / "log"
    child = start(Command("test", [sys.executable, "-c", code], {}, log))
    deadline = time.monotonic() + 30
    while "up" not in log.read_text() and code != SLEEP:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return psutil.Process(child.process.pid)


def test_ending_a_process_ends_its_children_too(tmp_path: Path) -> None:
    parent = a_process(tmp_path, PARENT)
    family = descendants([parent.pid])
    assert len(family) == 2
    assert end(family, patience_s=10) == []
    assert not any(is_alive(process) for process in family)


def test_a_process_that_ignores_sigterm_is_killed_and_told(tmp_path: Path) -> None:
    stubborn = a_process(tmp_path, STUBBORN)
    assert end([stubborn], patience_s=0.2) == [stubborn]
    assert not is_alive(stubborn)


def test_the_exit_code_of_an_owned_process_is_not_lost() -> None:
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    own(process)
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    reap()
    assert process.wait() == 3


def test_what_a_killed_supervisor_left_is_ended_at_the_next_start(tmp_path: Path) -> None:
    left = a_process(tmp_path, SLEEP)
    other = a_process(tmp_path, SLEEP)
    record = f'{{"processes": [[{left.pid}, {left.create_time()}], [{other.pid}, {other.create_time() - 100}]]}}'
    (tmp_path / "stack.json").write_text(record)
    told: list[str] = []
    _end_leftovers(tmp_path, told.append)
    assert not is_alive(left)
    assert is_alive(other), "the same id with another start time is another process"
    assert told == ["ending 1 processes that an earlier start left behind"]
    assert not (tmp_path / "stack.json").exists()
    end([other], patience_s=5)


def test_a_second_stack_on_the_same_folder_is_refused_in_words(tmp_path: Path) -> None:
    with _lock(tmp_path):
        (tmp_path / "stack.json").write_text('{"url": "http://127.0.0.1:8470", "pid": 12}')
        with pytest.raises(StackError, match=r"already runs on .*, at http://127.0.0.1:8470 \(process 12\)"):
            _lock(tmp_path)
    _lock(tmp_path).close()


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(is_free("127.0.0.1", port) for port in ports)
    assert not any(10002 <= port <= 19999 for port in ports)
