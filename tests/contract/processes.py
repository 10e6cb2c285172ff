"""API and reconciler as processes of their own, on one database and one pretended cluster."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from service.access.owner import owner_token
from service.sdk import Client
from service.settings import Settings
from service.stack.ports import free_ports
from tests.stack import ROOT
from tests.unit.service.fake_ray import FakeRay
from workers.spec import Heartbeat, JobFolder, Terminal

UP_WITHIN_S = 600


@dataclass
class Processes:
    """Processes of the service with the same settings; leaving the context ends them."""

    settings: Settings
    token: str = ""
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, module: str, **changes: str) -> subprocess.Popen[bytes]:
        environment = {**self.settings.as_environment(), **{f"STILLHOUSE_{k.upper()}": v for k, v in changes.items()}}
        log = self.settings.state / f"{module}-{len(self._running)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module], cwd=ROOT, env={"PATH": "/usr/bin:/bin", **environment},
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._running.append(process)
        return process

    def start_apis(self, count: int) -> list[str]:
        """Returns their URLs when all of them answer."""
        ports = free_ports(count)
        started = [self.start("service.api", port=str(port)) for port in ports]
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        deadline = time.monotonic() + UP_WITHIN_S
        while not all(_answers(f"{url}/healthz") for url in urls):
            ended = [process.args for process in started if process.poll() is not None]
            assert not ended, f"these ended at once: {ended}; logs are in {self.settings.state}"
            assert time.monotonic() < deadline, f"the APIs did not start; logs are in {self.settings.state}"
            time.sleep(0.1)
        return urls

    def client(self, url: str) -> Client:
        return Client(url, token=self.token, timeout_s=60)

    def __enter__(self) -> Processes:
        self.token = owner_token(self.settings.database_url, self.settings.state)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(timeout=20)


@dataclass
class PretendedCluster(FakeRay):
    """A Ray over HTTP whose attempts show a sign of life and then succeed, without any process."""

    storage: Path = Path()
    work_s: float = 0.5
    most_cpus_used: float = 0.0

    def _submit(self, request: httpx.Request) -> httpx.Response:
        known = set(self.jobs)
        response = super()._submit(request)
        for submission_id in self.jobs.keys() - known:
            self.most_cpus_used = max(self.most_cpus_used, self._cpus_used())
            job_id, _, number = submission_id.rpartition("-")
            threading.Thread(target=self._work, args=(submission_id, job_id, int(number)), daemon=True).start()
        return response

    def _work(self, submission_id: str, job_id: str, number: int) -> None:
        folder = JobFolder(self.storage, job_id)
        ends_at = time.monotonic() + self.work_s
        while time.monotonic() < ends_at:
            if self.jobs[submission_id]["status"] == "STOPPED":
                return
            folder.write_heartbeat(number, Heartbeat(at=datetime.now(UTC), phase="training", step=1, num_steps=2))
            time.sleep(0.1)
        folder.write_terminal(number, Terminal(at=datetime.now(UTC), outcome="succeeded", reason="done"))
        self.end(submission_id, "SUCCEEDED", "")

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Answer at a port of the loopback interface; gives the URL."""
        [port] = free_ports(1)
        server = uvicorn.Server(
            uvicorn.Config(self._app, host="127.0.0.1", port=port, log_level="warning", interface="asgi3")
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)

    async def _app(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while (message := await receive()).get("more_body"):
            body += message["body"]
        url = f"http://ray{scope['path']}?{scope['query_string'].decode()}"
        request = httpx.Request(scope["method"], url, content=body + message.get("body", b""))
        response = await asyncio.shield(self.handle_async_request(request))
        headers = [(b"content-type", response.headers.get("content-type", "text/plain").encode())]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.content})


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False
