"""An S3 server for tests, as a process of its own on the loopback interface."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from service.stack.ports import free_ports

READY_WITHIN_S = 600


@dataclass(frozen=True)
class S3:
    """A running server. `environment` is what a process needs to use it."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "stillhouse",
            "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-tests",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def bucket(self) -> str:
        """The URI of a new bucket."""
        name = f"bucket-{uuid.uuid4().hex}"
        self.client().create_bucket(Bucket=name)
        return f"s3://{name}"

    def client(self) -> Any:
        """The plain client, to look at what is there from the side."""
        import boto3  # type: ignore[import-untyped]

        environment = self.environment
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_DEFAULT_REGION"],
        )


@contextmanager
def s3_server() -> Iterator[S3]:
    [port] = free_ports(1)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    server = S3(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _answers(server):
            assert process.poll() is None, "the S3 server did not start"
            assert time.monotonic() < deadline, f"the S3 server did not answer within {READY_WITHIN_S} s"
            time.sleep(0.1)
        yield server
    finally:
        process.kill()
        process.wait()


def _answers(server: S3) -> bool:
    try:
        return httpx.get(f"{server.url}/moto-api/", timeout=5).status_code < 500
    except httpx.HTTPError:
        return False
