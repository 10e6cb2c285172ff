"""What runs in the place of images that are pulled: a PostgreSQL and an S3-compatible server out of Python packages.

They take the names, ports, users and keys that the compose file gives to the images.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from psycopg import sql

from tests import postgresql
from tests.composed.file import Check, Service

_S3_PORT = 8333
_DATABASE_PORT = 5432
# What comes from other machines gives its password; only the check of the machine itself does not.
_RULES = "host all all 127.0.0.1/32 trust\nhost all all 0.0.0.0/0 scram-sha-256\n"


def in_place_of(service: Service, folder: Path) -> Service:
    """A service whose image is built here stays as it is."""
    if service.dockerfile is not None:
        return service
    kind, _, _ = service.image.partition(":")
    return {"postgres": _postgresql, "chrislusf/seaweedfs": _objects}[kind](service, folder)


def _postgresql(service: Service, folder: Path) -> Service:
    given = service.environment
    data = folder / "postgresql"
    postgresql.prepare(data)
    with postgresql.serving(data) as server:
        user, password = sql.Identifier(given["POSTGRES_USER"]), sql.Literal(given["POSTGRES_PASSWORD"])
        server.execute(sql.SQL("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}").format(user, password))
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(given["POSTGRES_DB"]), user))
    (data / "pg_hba.conf").write_text(_RULES)
    command = postgresql.command(data, _DATABASE_PORT, data / "server.log").arguments
    check = "import psycopg; psycopg.connect('postgresql://postgres@127.0.0.1/postgres', connect_timeout=3)"
    return _without_image(service, (*command, "-c", "listen_addresses=*"), {}, check)


def _objects(service: Service, folder: Path) -> Service:
    given = service.environment
    data = folder / "objects"
    data.mkdir()
    program = str(Path(sys.executable).parent / "rclone")
    words = (program, "serve", "s3", "--config", "/dev/null", "--addr", f"0.0.0.0:{_S3_PORT}", str(data))
    pair = f"{given['AWS_ACCESS_KEY_ID']},{given['AWS_SECRET_ACCESS_KEY']}"
    keys = {"RCLONE_AUTH_KEY": f'"{pair}"'}  # a list of pairs, read as CSV
    return _without_image(
        service, words, keys, f"import socket; socket.create_connection(('127.0.0.1', {_S3_PORT}), 3)"
    )


def _without_image(service: Service, words: tuple[str, ...], environment: Mapping[str, str], check: str) -> Service:
    asked = Check(("python", "-c", check), interval_s=1, retries=60, start_period_s=0)
    return replace(service, words=words, environment=environment, volumes={}, check=asked)
