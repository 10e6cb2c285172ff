"""`stillhouse up` as a process: loopback only, nothing left behind, jobs that survive."""

from __future__ import annotations

import ipaddress
import signal
from pathlib import Path

import httpx
import psutil
import pytest

from tests.factories import small_job
from tests.stack import PATIENCE_S, RunningStack, make_data, start_stack, wait_for, wait_until

pytestmark = pytest.mark.stack


def test_everything_listens_on_loopback_only(stack: RunningStack) -> None:
    ours = {process.pid for process in stack.processes()}
    listening = [
        connection for connection in psutil.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN and connection.pid in ours
    ]  # fmt: skip
    assert len(listening) > 5
    for connection in listening:
        address = ipaddress.ip_address(connection.laddr.ip)
        mapped = getattr(address, "ipv4_mapped", None) or address
        assert mapped.is_loopback, f"{psutil.Process(connection.pid).cmdline()[:3]} listens on {connection.laddr}"


def test_a_wrong_spec_gets_a_problem_that_names_the_field(stack: RunningStack) -> None:
    spec = small_job().model_dump(mode="json")
    spec["training"]["student"]["fpn_channels"] = 31
    answer = httpx.post(f"{stack.url}/api/v1/jobs", json=spec, headers=stack.headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["field"] == "training.student.fpn_channels"
    assert error["found"] == 31
    assert "8" in str(error["wanted"])


def test_ctrl_c_leaves_no_process_and_a_second_start_goes_on_with_the_same_jobs(tmp_path: Path) -> None:
    make_data(tmp_path / "data", train=32, val=8)
    first = start_stack(tmp_path)
    with first.client() as client:
        done = client.jobs.submit(small_job("done", steps=4, distil=False))
        running = client.jobs.submit(small_job("running", steps=400, distil=False))
        wait_for(client, done.id, "succeeded")
        wait_until(lambda: client.jobs.get(running.id).progress.step >= 5, lambda: client.jobs.get(running.id))
    assert first.stop(signal.SIGINT) == []
    assert first.process.returncode == 0

    second = start_stack(tmp_path)
    try:
        with second.client() as client:
            assert {job.id for job in client.jobs.list().items} == {done.id, running.id}
            assert client.jobs.get(done.id).state == "succeeded"
            assert wait_for(client, running.id, "succeeded").attempt == 2
    finally:
        assert second.stop() == []


def test_ctrl_c_while_starting_leaves_no_process(tmp_path: Path) -> None:
    import subprocess
    import sys

    from tests.stack import ROOT, is_alive

    command = [sys.executable, "-m", "service.cli.main", "up", "--state", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    supervisor = psutil.Process(process.pid)
    wait_until(lambda: len(supervisor.children(recursive=True)) >= 4, every_s=0.05)
    children = supervisor.children(recursive=True)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, output.decode()
    assert [child for child in children if is_alive(child)] == []
