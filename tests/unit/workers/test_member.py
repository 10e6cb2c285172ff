"""Processes of a training that another one leads, started as a node starts its share of them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from torch._C._distributed_c10d import TCPStore

from tests.unit.trainer.factories import TINY_STUDENT, make_training, write_data_root
from trainer.detectors import load_detector
from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec
from trainer.training import train
from workers.failures import lost_the_others, unpack
from workers.shares import Processes
from workers.spec import AttemptOrder, Fence, JobFolder, JobSpec
from workers.spec.layout import write_whole

WORLD_SIZE = 2
STEPS = 3


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_root(tmp_path_factory.mktemp("data"))


def a_training(*, processes: int, steps: int = STEPS) -> TrainingSpec:
    student = {**TINY_STUDENT, "backbone": {"width": 8, "norm": "group"}}
    optimizer = {"kind": "sgd", "learning_rate": 0.02, "warmup_steps": 0}
    shared = {"distributed": {"world_size": processes}, "optimizer": optimizer, "student": student}
    return make_training(num_steps=steps, batch_size=4, **shared)


def an_order(storage: Path, data_root: Path, *, steps: int = STEPS) -> JobFolder:
    spec = JobSpec(name="shared", nodes=WORLD_SIZE, training=a_training(processes=WORLD_SIZE, steps=steps))
    given = {"mlflow_tracking_uri": "http://127.0.0.1:9", "data_root": str(data_root)}
    order = AttemptOrder(job_id="job-aaaaaaaaaa", attempt=1, spec=spec, **given)
    folder = JobFolder(storage, order.job_id)
    folder.write_order(order)
    return folder


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], dict[str, str]]:
    """What each process gets; this one becomes the leading one."""
    store = TCPStore("127.0.0.1", 0, WORLD_SIZE, is_master=True, wait_for_workers=False)

    def of(rank: int) -> dict[str, str]:
        shared = {"WORLD_SIZE": str(WORLD_SIZE), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(store.port)}
        return {**shared, "RANK": str(rank), "LOCAL_RANK": "0", "TORCHELASTIC_USE_AGENT_STORE": "True"}

    for name, value in of(0).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "lo")
    return of


def members(storage: Path, environment: dict[str, str]) -> Processes:
    words = [sys.executable, "-m", "workers.member", str(storage), "job-aaaaaaaaaa", "1"]
    return Processes(words, [environment], address="127.0.0.1")


def ended(processes: Processes) -> str:
    deadline = time.monotonic() + 120
    while (line := processes.look()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return line


def test_a_member_shares_the_training_of_its_leader(
    tmp_path: Path, data_root: Path, environment: Callable[[int], dict[str, str]]
) -> None:
    folder = an_order(tmp_path / "storage", data_root)
    processes = members(tmp_path / "storage", environment(1))
    shared = train(
        a_training(processes=WORLD_SIZE), out=folder.work, data_root=data_root, reporter=NullReporter(),
        cache_root=folder.cache,
    )  # fmt: skip
    assert ended(processes) == ""
    processes.end()
    for name in environment(0):
        os.environ.pop(name)
    alone = train(a_training(processes=1), out=tmp_path / "alone", data_root=data_root, reporter=NullReporter())
    expected = load_detector(alone.weights)[0].state_dict()
    for name, weights in load_detector(shared.weights)[0].state_dict().items():
        assert weights.allclose(expected[name], atol=1e-5), name


class Killer(NullReporter):
    """Kills the other process after the first step."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def log_progress(self, phase: str, *, step: int, num_steps: int) -> None:
        if step == 1:
            for process in self._processes._running.values():
                process.send_signal(signal.SIGKILL)


def test_a_member_that_is_killed_ends_the_training_as_lost(
    tmp_path: Path, data_root: Path, environment: Callable[[int], dict[str, str]]
) -> None:
    folder = an_order(tmp_path / "storage", data_root, steps=1000)
    processes = members(tmp_path / "storage", environment(1))
    spec = a_training(processes=WORLD_SIZE, steps=1000)
    with pytest.raises(RuntimeError) as caught:
        train(spec, out=folder.work, data_root=data_root, reporter=Killer(processes), cache_root=folder.cache)
    assert lost_the_others(caught.value), caught.value
    failure = unpack(ended(processes))
    processes.end()
    assert failure.cause == "infrastructure"
    assert failure.reason == "process 1 of the training, on 127.0.0.1, was killed by signal 9"


def test_a_member_ends_when_its_attempt_has_lost_its_place(
    tmp_path: Path, data_root: Path, environment: Callable[[int], dict[str, str]]
) -> None:
    """It waits for a leader that is not there."""
    folder = an_order(tmp_path / "storage", data_root)
    processes = members(tmp_path / "storage", environment(1))
    time.sleep(1)
    assert processes.look() is None
    write_whole(folder.path / "fence.json", Fence(attempt=2))
    assert "ended with code 75" in ended(processes)
    processes.end()


def test_a_member_without_an_order_says_so(tmp_path: Path, environment: Callable[[int], dict[str, str]]) -> None:
    processes = members(tmp_path / "storage", environment(1))
    failure = unpack(ended(processes))
    processes.end()
    assert failure.cause == "internal"
    assert "there is no order of a job at" in failure.reason
