"""An engine of containers that is started by hand in namespaces of its own, and ends with all that it started.

Its mounts, its processes and, where asked for, its network are seen by nobody else, and nothing of them can be left.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

NEEDED = {"dockerd": "docker.io", "docker": "docker.io", "tini": "tini", "debootstrap": "debootstrap", "ip": "iproute2"}
# Killed when we are: `unshare` takes no milder signal, and the kernel then ends what is in the namespaces.
_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")
_NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
# Debian's engine writes a key below /etc, which is to stay as it is.
_ENTER = """
mount -t tmpfs tmpfs /etc/docker
if [ "$0" = alone ]; then ip link set lo up; fi
exec tini -- "$@"
"""
_UP_WITHIN_S = 120
_ENDS_WITHIN_S = 60
_BUILDER = {"DOCKER_BUILDKIT": "0"}


class Failed(Exception):
    """A step did not succeed; the message says which, and ends with what it said."""


def missing() -> str | None:
    """What is needed and is not here, in words; None where all is."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "building and running images needs Linux and root"
    absent = sorted({package for program, package in NEEDED.items() if shutil.which(program) is None})
    return f"these packages are missing: apt-get install {' '.join(absent)}" if absent else None


def run(words: Sequence[str], log: Path, *, environment: Mapping[str, str] | None = None) -> None:
    """Run a command whose output goes to the end of `log`."""
    with log.open("ab") as output:
        done = subprocess.run(
            words, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        said = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
        raise Failed(f"`{' '.join(words[:4])} ...` ended with {done.returncode} ({log}):\n{said}")


@dataclass(frozen=True)
class Engine:
    """A running engine; `pid` is its first process as seen from outside."""

    folder: Path
    pid: int

    @property
    def socket(self) -> Path:
        return self.folder / "engine.sock"

    def command(self, *words: str) -> list[str]:
        return ["docker", "--host", f"unix://{self.socket}", *words]

    def ask(self, *words: str) -> str:
        """What a command of the engine answers."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"`docker {' '.join(words)}` ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout.strip()

    def build(self, *words: str, log: Path, environment: Mapping[str, str]) -> None:
        run(self.command("build", "--network", "host", *words), log, environment={**environment, **_BUILDER})

    def size_bytes(self, image: str) -> int:
        return int(self.ask("image", "inspect", "--format", "{{.Size}}", image))

    def inside(self, *words: str) -> list[str]:
        """A command that runs in the network of the engine."""
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", "--", *words]


@contextmanager
def running(folder: Path, *, alone: bool) -> Iterator[Engine]:
    """An engine on the data of `folder`; `alone` gives it a network of its own, in which there is loopback alone."""
    folder.mkdir(parents=True, exist_ok=True)
    Path("/etc/docker").mkdir(exist_ok=True)
    # Of an engine that was killed: its containers would start again, here or in the machine's network.
    for name in ("exec", "data/containers"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("engine.sock", "engine.pid"):
        (folder / name).unlink(missing_ok=True)
    namespaces = [*_NAMESPACES, *(["--net"] if alone else [])]
    group = f"/stillhouse-{os.getpid()}"
    enter = ["sh", "-euc", _ENTER, "alone" if alone else "with-the-machine"]
    with (folder / "engine.log").open("ab") as log:
        process = subprocess.Popen(
            [*_WITH_US, *namespaces, *enter, *command(folder, group)], stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield _when_up(process, folder)
    finally:
        end(process)
        remove_groups(group)


def command(folder: Path, group: str) -> list[str]:
    """The engine leaves the machine's network as it is: no rules, no bridge, no forwarding."""
    rules = ["--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false", "--bridge=none"]
    places = [f"--data-root={folder / 'data'}", f"--exec-root={folder / 'exec'}", f"--pidfile={folder / 'engine.pid'}"]
    return ["dockerd", *rules, *places, f"--host=unix://{folder / 'engine.sock'}", f"--cgroup-parent={group}"]


def _when_up(process: subprocess.Popen[bytes], folder: Path) -> Engine:
    deadline = time.monotonic() + _UP_WITHIN_S
    while True:
        children = psutil.Process(process.pid).children() if process.poll() is None else []
        if children:
            engine = Engine(folder, children[0].pid)
            asked = subprocess.run(engine.command("version"), capture_output=True, check=False)
            if asked.returncode == 0:
                return engine
        if process.poll() is not None or time.monotonic() > deadline:
            end(process)
            said = "\n".join((folder / "engine.log").read_text(errors="replace").splitlines()[-20:])
            raise Failed(f"the engine did not start:\n{said}")
        time.sleep(0.3)


def end(process: subprocess.Popen[bytes]) -> None:
    """By their ids; the kernel ends what is left in the namespaces when their first process ends."""
    if process.poll() is not None:
        return
    below = psutil.Process(process.pid).children(recursive=True)
    for first in psutil.Process(process.pid).children():
        first.terminate()
    try:
        process.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, left = psutil.wait_procs(below, timeout=10)
    if left:
        raise Failed(f"these outlived the engine: {left}")


def remove_groups(group: str) -> None:
    """The empty control groups that the engine made."""
    for tree in Path("/sys/fs/cgroup").glob(f"**{group}"):
        for folder in sorted((path for path in tree.rglob("*") if path.is_dir()), reverse=True):
            folder.rmdir()
        tree.rmdir()


def network_of_the_machine() -> str:
    """All that an engine might have changed, without counters and times."""
    asked = [["ip", "-o", "link"], ["ip", "-o", "address"], ["ip", "route", "show", "table", "all"]]
    asked += [[program] for program in ("iptables-save", "ip6tables-save") if shutil.which(program)]
    said = [subprocess.run(words, capture_output=True, text=True, check=False).stdout for words in asked]
    files = ["/etc/resolv.conf", *map(str, sorted(Path("/proc/sys/net").glob("ipv?/conf/*/forwarding")))]
    said += [f"{name}: {Path(name).read_text()}" for name in [*files, "/proc/sys/net/ipv4/ip_forward"]]
    text = re.sub(r"(valid_lft|preferred_lft) \S+|\[\d+:\d+\]", "", "".join(said))
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def mounts_below(folder: Path) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4] for line in lines if Path(line.split()[4]).is_relative_to(folder)]


def processes_of(folder: Path) -> list[str]:
    """Those that were started with the folder in their words, and are not we."""
    ours = {os.getpid(), *(one.pid for one in psutil.Process().parents())}
    found = ((one.pid, " ".join(one.info["cmdline"] or [])) for one in psutil.process_iter(["cmdline"]))
    return [str(pid) for pid, words in found if pid not in ours and str(folder) in words]
