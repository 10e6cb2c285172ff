"""Machines of namespaces: each service has its own network interfaces, names of others, volumes and host name.

What an engine does with containers, as far as commands can tell, with `ip`, `unshare` and `nsenter`. All of it happens
inside the namespaces of the process that calls this (see __main__.py): the machine's own network stays as it is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.composed.file import Composition, Service

_ADDRESSES = "10.77.{network}.{host}"
_WAY_OUT = 1  # the host number of a network's router, which leads nowhere here
_FIRST = 10
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


@dataclass(frozen=True)
class Machine:
    """Where one service runs."""

    service: Service
    folder: Path
    addresses: Mapping[str, str]
    kept: Mapping[Path, Path]
    """What it has of the machine's `/tmp`, and where that can be found."""

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
        enter = ["nsenter", f"--net=/run/netns/{self.service.name}", "--", "unshare", "--mount", "--uts", "--"]
        script = ["sh", "-euc", _ENTER, self.service.name, str(self.hosts), *mounts, "--", *words]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*enter, *script], env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def clear(self) -> None:
        """End what the first process left behind, as the end of a container does."""
        own = Path("/run/netns", self.service.name).stat().st_ino
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "ns" / "net").stat().st_ino == own:
                    os.kill(int(process.name), signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile


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
        machines[service.name] = Machine(service, own, addresses, kept)
        _connect(machines[service.name], host, numbers, composition.internal)
    for machine in machines.values():
        machine.hosts.write_text(_hosts_of(machine, machines.values()))
    return machines


def _connect(machine: Machine, host: int, numbers: Mapping[str, int], internal: Mapping[str, bool]) -> None:
    name = machine.service.name
    _ip("netns", "add", name)
    _ip("-netns", name, "link", "set", "lo", "up")
    for at, (network, address) in enumerate(machine.addresses.items()):
        outer, inner = f"v{host}n{numbers[network]}", f"eth{at}"
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
