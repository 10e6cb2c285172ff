"""`python -m tests.composed FOLDER PROFILE CHANGES`: the commands of the compose file, each in namespaces of its own.

Commands, variables, host names, ports, networks, volumes, the order of starting and health checks are those of
docker-compose.yml and the Dockerfiles. Other than there are: programs come from the Python of the tests and not from
images, PostgreSQL and the object storage are stand-ins (stand_ins.py), and what CHANGES says (a JSON of file.Changes).

Has to be started in namespaces of its own (see running.py), of which it is the first process: when it ends, the kernel
ends all others. Serves until its standard input ends. FOLDER/status.json appears when all services are healthy.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.composed.file import ROOT, Changes, Composition, Service, read
from tests.composed.machines import Machine, build, enter_machine, first_process
from tests.composed.stand_ins import in_place_of

# Health checks are as patient as the compose file says, times this: tests share their two cores with others.
_MORE_PATIENCE = 2.0
_CHECK_WITHIN_S = 30
_ENDS_WITHIN_S = 180
_STOPS_WITHIN_S = 15


class Failed(Exception):
    """A service did not come up; the message holds the end of its log."""


class Crew:
    """The processes of a composition."""

    def __init__(self, composition: Composition, machines: dict[str, Machine], folder: Path) -> None:
        self._composition = composition
        self._machines = machines
        self._folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start all in their order, and wait until all are healthy."""
        for service in self._composition.in_order():
            for name, condition in service.after.items():
                self._await(self._composition.services[name], condition)
            self._start(service)
        for service in self._composition.services.values():
            if service.check is not None:
                self._await(service, "service_healthy")

    def tend(self) -> None:
        """Start again what ended, where the file says so."""
        for name, process in list(self.processes.items()):
            service = self._composition.services[name]
            if _begins_again(service.restart, process.poll()):
                print(f"{name} ended with code {process.returncode}; starting it again", file=sys.stderr, flush=True)
                self._machines[name].clear()
                self._start(service)

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            if (first := first_process(process)) is not None:
                os.kill(first, signal.SIGTERM)
        deadline = time.monotonic() + _STOPS_WITHIN_S
        for process in self.processes.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()

    def write_status(self) -> None:
        """How to get into each machine."""
        status = {
            name: {
                "pid": first, "environment": self._machines[name].environment(),
                "network": self._machines[name].network, "links": self._machines[name].links,
            }
            for name, process in self.processes.items()
            if (first := first_process(process)) is not None
        }  # fmt: skip
        (self._folder / "status.draft").write_text(json.dumps(status))
        (self._folder / "status.draft").replace(self._folder / "status.json")

    def _start(self, service: Service) -> None:
        self.processes[service.name] = self._machines[service.name].start(service.words, self._folder / "volumes")
        if (self._folder / "status.json").exists():
            self.write_status()

    def _await(self, service: Service, condition: str) -> None:
        patience_s = service.check.patience_s * _MORE_PATIENCE if service.check else _ENDS_WITHIN_S
        deadline = time.monotonic() + patience_s
        while not self._is(service, condition):
            self.tend()
            if time.monotonic() > deadline or self.processes[service.name].poll() not in (None, 0):
                code = self.processes[service.name].returncode
                raise Failed(f"{service.name} is not {condition} (code {code}):\n{self._log(service.name)}")
            time.sleep(0.5)

    def _is(self, service: Service, condition: str) -> bool:
        if condition == "service_completed_successfully":
            return self.processes[service.name].poll() == 0
        return condition != "service_healthy" or self._is_healthy(service)

    def _is_healthy(self, service: Service) -> bool:
        assert service.check is not None
        first = first_process(self.processes[service.name])
        if first is None:
            return False
        enter = enter_machine(first)
        environment = self._machines[service.name].environment()
        words = [*enter, *service.check.words]
        try:
            done = subprocess.run(words, env=environment, capture_output=True, check=False, timeout=_CHECK_WITHIN_S)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def _log(self, name: str) -> str:
        return (self._machines[name].folder / "log").read_text(errors="replace")[-4000:]


def _begins_again(restart: str, code: int | None) -> bool:
    return code is not None and (restart == "unless-stopped" or (restart == "on-failure" and code != 0))


def prepare_file_system(composition: Composition, folder: Path, volumes: Path) -> dict[Path, Path]:
    """Places to mount at, in file systems of our own; the machine's own are left as they are.

    Returns what machines need of the machine's `/tmp`, in the place of which each has one of its own.
    """
    kept = {}
    for needed in {ROOT, Path(sys.prefix), Path(sys.base_prefix)}:
        if needed.is_relative_to("/tmp"):
            kept[needed] = folder / "kept" / str(len(kept))
            kept[needed].mkdir(parents=True)
            subprocess.run(["mount", "--bind", needed, kept[needed]], check=True)
    for folder in ("/run", "/var/lib"):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    Path("/run/netns").mkdir()
    resolver = Path("/etc/resolv.conf").resolve()
    resolver.parent.mkdir(parents=True, exist_ok=True)
    resolver.touch()  # where it is a link into /run
    for service in composition.services.values():
        for target, name in service.volumes.items():
            Path(target).mkdir(parents=True, exist_ok=True)
            (volumes / name).mkdir(parents=True, exist_ok=True)
    return kept


def main(folder: Path, profile: str, changes: Changes) -> int:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    given = read(os.environ, profiles=[profile])
    services = {name: in_place_of(service, folder) for name, service in changes.applied_to(given.services).items()}
    composition = Composition(services, given.internal)
    volumes = folder / "volumes"
    kept = prepare_file_system(composition, folder, volumes)
    crew = Crew(composition, build(composition, folder, kept), folder)
    try:
        crew.start()
        crew.write_status()
        while not select.select([sys.stdin], [], [], 0.5)[0]:
            crew.tend()
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        crew.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], Changes(**json.loads(sys.argv[3]))))
