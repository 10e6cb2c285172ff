"""Processes that end with their parent: started, watched, and ended by id with all their descendants."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Command:
    """What to run, with what added to the environment, and where its output goes."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path


@dataclass
class Child:
    """A running command."""

    command: Command
    process: subprocess.Popen[bytes]
    started_at: float = field(default_factory=time.monotonic)


def adopt_orphans() -> None:
    """Make this process the parent of descendants whose own parent dies, so that none can get out of sight."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start(command: Command) -> Child:
    """Start `command` in a session of its own (Ctrl-C at the terminal reaches us alone), its output in its log."""
    command.log.parent.mkdir(parents=True, exist_ok=True)
    with command.log.open("ab") as log:
        process = subprocess.Popen(
            list(command.arguments),
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    own(process)
    return Child(command, process)


def descendants(process_ids: Iterable[int]) -> list[psutil.Process]:
    """The processes with these ids and everything below them that still runs."""
    found: dict[int, psutil.Process] = {}
    for process_id in process_ids:
        try:
            process = psutil.Process(process_id)
            for each in [process, *process.children(recursive=True)]:
                found[each.pid] = each
        except psutil.NoSuchProcess:
            continue
    found.pop(os.getpid(), None)
    return list(found.values())


def end(processes: Sequence[psutil.Process], *, patience_s: float) -> list[psutil.Process]:
    """Ask `processes` to end, kill those that have not after `patience_s`; returns those that had to be killed."""
    _signal(processes, signal.SIGTERM)
    alive = _wait(processes, patience_s)
    if alive:
        _signal(descendants(process.pid for process in alive), signal.SIGKILL)
        _wait(alive, 5)
    return alive


def reap() -> None:
    """Collect adopted processes that ended; those that have an owner are left to their Popen object."""
    for child in adopted():
        try:
            if child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)
        except (psutil.NoSuchProcess, ChildProcessError):
            continue


def adopted() -> list[psutil.Process]:
    """Children of this process that it did not start itself: their own parent is gone."""
    return [child for child in psutil.Process().children() if child.pid not in _own]


_own: set[int] = set()


def own(process: subprocess.Popen[bytes]) -> None:
    """Note that `process` was started here and that its Popen object collects it."""
    _own.add(process.pid)


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def _wait(processes: Sequence[psutil.Process], patience_s: float) -> list[psutil.Process]:
    deadline = time.monotonic() + patience_s
    alive = list(processes)
    while alive and time.monotonic() < deadline:
        reap()
        alive = [process for process in alive if _runs(process)]
        time.sleep(0.05)
    return alive


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_with_parent() -> None:
    """Have this process sent SIGTERM when its parent dies; a change of user makes the kernel forget it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
