"""MLflow's database and bucket: made at its first start where they are missing, as its tables are."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from sqlalchemy import make_url

from service.observability.redact import without_secrets

ENDPOINT = "MLFLOW_S3_ENDPOINT_URL"
# Any database to speak to the server from; every PostgreSQL has it.
_MAINTENANCE = "postgres"
_CONNECT_WITHIN_S = 10
_MISSING = frozenset({"404", "NoSuchBucket"})
_ALREADY = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})


class PlaceError(Exception):
    """MLflow cannot keep its things there; the message says what was found."""


def provide_database(store: str) -> None:
    """Make PostgreSQL's database of this SQLAlchemy URL where it is not there; other kinds are left to MLflow.

    Raises:
        PlaceError: the server does not answer, or the database is missing and may not be made.
    """
    url = make_url(store)
    if url.get_backend_name() != "postgresql":
        return
    import psycopg
    from psycopg import sql

    def connect(database: str | None) -> psycopg.Connection:
        where = url.set(drivername="postgresql", database=database).render_as_string(hide_password=False)
        return psycopg.connect(where, autocommit=True, connect_timeout=_CONNECT_WITHIN_S)

    try:
        connect(url.database).close()
    except psycopg.OperationalError as error:
        try:
            with connect(_MAINTENANCE) as server:
                known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [url.database]).fetchone()
                if known is None:
                    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(url.database or "")))
                    return
        except psycopg.errors.DuplicateDatabase:
            return  # another MLflow was faster
        except psycopg.Error as second:
            raise PlaceError(
                f"MLflow's database {url.database!r} cannot be opened at {url.host}, nor made: {_line(second)}"
            ) from error
        raise PlaceError(f"MLflow's database {url.database!r} cannot be opened: {_line(error)}") from error


def provide_bucket(artifacts: str) -> None:
    """Make the bucket of an s3:// URI where it is not there; folders are left to MLflow.

    Raises:
        PlaceError: the object storage does not answer, or it refuses us.
    """
    place = urlsplit(artifacts)
    if place.scheme != "s3":
        return
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    endpoint = os.environ.get(ENDPOINT) or None
    client = boto3.Session().client("s3", endpoint_url=endpoint)
    where = f"the bucket {place.netloc!r} at {endpoint or 'AWS'}"
    try:
        client.head_bucket(Bucket=place.netloc)
        return
    except BotoCoreError as error:
        raise PlaceError(f"{where} cannot be asked for: {error}") from error
    except ClientError as error:
        if _code(error) not in _MISSING:
            raise PlaceError(f"{where} is not for us: {error}") from error
    try:
        client.create_bucket(Bucket=place.netloc)
    except ClientError as error:
        if _code(error) not in _ALREADY:
            raise PlaceError(f"{where} is not there, and we may not make it: {error}") from error


def _code(error: object) -> str:
    response: dict[str, dict[str, str]] = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))


def _line(error: Exception) -> str:
    return without_secrets(" ".join(str(error).split()))
