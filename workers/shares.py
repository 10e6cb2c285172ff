"""The processes that one node runs of a training on several: started, watched, and ended together."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from workers.cluster import own_address
from workers.failures import Failure, pack
from workers.member import FAILURE, PARENT

_LOOK_EVERY_S = 0.2


class Processes:
    """Members of the training on this node."""

    def __init__(self, words: Sequence[str], environments: Sequence[Mapping[str, str]], *, address: str) -> None:
        self._address = address
        self._folder = tempfile.TemporaryDirectory(prefix="stillhouse-members-")
        self._running = {one["RANK"]: self._start(words, one) for one in environments}

    def _start(self, words: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        given = {FAILURE: str(self._failure_of(environment["RANK"])), PARENT: str(os.getpid())}
        everything = {**network_of(self._address), **os.environ, **environment, **given}
        return subprocess.Popen(list(words), env=everything, stdin=subprocess.DEVNULL)

    def look(self) -> str | None:
        """None while they run; nothing when all have ended well, else why the first that failed did."""
        for rank, process in list(self._running.items()):
            code = process.poll()
            if code == 0:
                del self._running[rank]
            elif code is not None:
                return self._why(rank, code)
        return None if self._running else ""

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()
        self._folder.cleanup()

    def _why(self, rank: str, code: int) -> str:
        path = self._failure_of(rank)
        if path.exists():
            return path.read_text(encoding="utf-8")
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return pack(Failure("infrastructure", f"process {rank} of the training, on {self._address}, {how}"))

    def _failure_of(self, rank: str) -> Path:
        return Path(self._folder.name) / f"{rank}.txt"


class Share:
    """An actor of Ray with the processes of its node; one that fails takes the others with it."""

    def where(self) -> str:
        return own_address()

    def run(self, words: Sequence[str], environments: Sequence[Mapping[str, str]]) -> str:
        """Returns when all have ended: nothing, or why the first failed, as `pack` has it."""
        processes = Processes(words, environments, address=self.where())
        try:
            while (line := processes.look()) is None:
                time.sleep(_LOOK_EVERY_S)
            return line
        finally:
            processes.end()


def network_of(address: str) -> dict[str, str]:
    """The interface with this address: gloo would take the one of the host's name, which may be the loopback."""
    for name, addresses in psutil.net_if_addrs().items():
        if any(one.address == address for one in addresses):
            return {"GLOO_SOCKET_IFNAME": name}
    return {}
