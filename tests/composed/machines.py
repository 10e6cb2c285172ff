"""Machines of namespaces: each service has its own network interfaces, names of others, volumes and host name.

What an engine does with containers, as far as commands can tell, with `ip`, `unshare` and `nsenter`. All of it happens
inside the namespaces of the process that calls this (see __main__.py): the machine's own network stays as it is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.composed.file import Composition, Service

_ADDRESSES = "10.77.{network}.{host}"
_WAY_OUT = 1  # the host number of a network's router, which leads nowhere here
_FIRST = 10
_STARTS_WITHIN_S = 60
# Nobody is there, which is known at once: gRPC asks a resolver also for names in the file of hosts, and would wait.
_NO_RESOLVER = "nameserver 127.0.0.1\n"
# Host name, then the names of the others, then what is mounted where; $0 is the host name, the words follow after "--".
_ENTER = """
echo "$0" > /proc/sys/kernel/hostname
mount --bind "$1" /etc/hosts
shift
while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done
shift
exec "$@"
"""


# Its first process is the only child of the one that is started, and ends with it.
_OWN = ("unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")


@dataclass(frozen=True)
class Machine:
    """Where one service runs."""

    service: Service
    folder: Path
    addresses: Mapping[str, str]
    kept: Mapping[Path, Path]
    """What it has of the machine's `/tmp`, and where that can be found."""
    links: Sequence[str]
    """The plugs of its cables, which a network can do without."""

    @property
    def hosts(self) -> Path:
        return self.folder / "hosts"

    def environment(self) -> dict[str, str]:
        """Nothing of ours but the Python of the tests."""
        path = f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        python = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        return {"PATH": path, "HOME": str(self.folder), **python, **self.service.environment}

    def start(self, words: Sequence[str], volumes: Path) -> subprocess.Popen[bytes]:
        """Become the machine and run `words` in it; what it says is in its log."""
        temporary = self.folder / "tmp"
        for path in self.kept:
            (temporary / path.relative_to("/tmp")).mkdir(parents=True, exist_ok=True)
        (self.folder / "resolv.conf").write_text(_NO_RESOLVER)
        resolver = {Path("/etc/resolv.conf").resolve(): self.folder / "resolv.conf"}
        shared = {Path(target): volumes / name for target, name in self.service.volumes.items()}
        places = {Path("/tmp"): temporary, **self.kept, **resolver, **shared}
        mounts = [str(part) for target, source in places.items() for part in (source, target)]
        enter = ["nsenter", f"--net=/run/netns/{self.service.name}", "--", *_OWN, "--"]
        script = ["sh", "-euc", _ENTER, self.service.name, str(self.hosts), *mounts, "--", *words]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*enter, *script], env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    @property
    def network(self) -> int:
        """What tells its processes from those of others: the inode of their network namespace."""
        return Path("/run/netns", self.service.name).stat().st_ino

    def clear(self) -> None:
        """End what the first process left behind, as the end of a container does."""
        signal_all(self.network, signal.SIGKILL)


def enter_machine(first: int) -> list[str]:
    """What to put before a command that is to run in a machine whose first process has this id."""
    return ["nsenter", "--target", str(first), "--mount", "--net", "--uts", "--pid", "--"]


def first_process(process: subprocess.Popen[bytes]) -> int | None:
    """The id, as seen here, of the one that is number 1 in a machine that was started; None when it has ended."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        if found := children.read_text().split():
            return int(found[0])
        time.sleep(0.01)
    return None


def processes_in(network: int) -> list[int]:
    """The ids of the processes of a machine."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):  # it has ended, or is none of ours
            if (process / "ns" / "net").stat().st_ino == network:
                found.append(int(process.name))
    return found


def signal_all(network: int, number: signal.Signals) -> None:
    """Send a signal to all processes of a machine."""
    for process in processes_in(network):
        with suppress(ProcessLookupError):
            os.kill(process, number)


def build(composition: Composition, folder: Path, kept: Mapping[Path, Path]) -> dict[str, Machine]:
    """Make the networks of the composition, and in them a machine for each service."""
    numbers = {name: number for number, name in enumerate(composition.internal)}
    for name, is_internal in composition.internal.items():
        _ip("link", "add", f"br{numbers[name]}", "type", "bridge")
        _ip("link", "set", f"br{numbers[name]}", "up")
        if not is_internal:
            router = _ADDRESSES.format(network=numbers[name], host=_WAY_OUT)
            _ip("address", "add", f"{router}/24", "dev", f"br{numbers[name]}")
    machines = {}
    for host, service in enumerate(composition.services.values(), start=_FIRST):
        own = folder / service.name
        (own / "tmp").mkdir(parents=True)
        addresses = {name: _ADDRESSES.format(network=numbers[name], host=host) for name in service.networks}
        links = [f"v{host}n{numbers[name]}" for name in addresses]
        machines[service.name] = Machine(service, own, addresses, kept, links)
        _connect(machines[service.name], numbers, composition.internal)
    for machine in machines.values():
        machine.hosts.write_text(_hosts_of(machine, machines.values()))
    return machines


def _connect(machine: Machine, numbers: Mapping[str, int], internal: Mapping[str, bool]) -> None:
    name = machine.service.name
    _ip("netns", "add", name)
    _ip("-netns", name, "link", "set", "lo", "up")
    for at, (outer, (network, address)) in enumerate(zip(machine.links, machine.addresses.items(), strict=True)):
        inner = f"eth{at}"
        _ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name)
        _ip("link", "set", outer, "master", f"br{numbers[network]}", "up")
        _ip("-netns", name, "address", "add", f"{address}/24", "dev", inner)
        _ip("-netns", name, "link", "set", inner, "up")
    ways_out = [network for network in machine.addresses if not internal[network]]
    if ways_out:
        router = _ADDRESSES.format(network=numbers[ways_out[0]], host=_WAY_OUT)
        _ip("-netns", name, "route", "add", "default", "via", router)


def _hosts_of(machine: Machine, machines: Iterable[Machine]) -> str:
    """The names that an engine's resolver knows there: those of the machines that share a network."""
    lines = ["127.0.0.1 localhost"]
    for other in machines:
        shared = [network for network in machine.addresses if network in other.addresses]
        if shared:
            lines.append(f"{other.addresses[shared[0]]} {other.service.name}")
    return "\n".join(lines) + "\n"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
