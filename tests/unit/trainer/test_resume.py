"""A training goes on bit by bit after whatever happened to its process or its newest checkpoint."""

import multiprocessing
import os
import random
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.unit.trainer.factories import make_training
from trainer.checkpoints import random_state, set_random_state
from trainer.detectors import load_detector
from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec
from trainer.training import train

EVERYTHING: dict[str, Any] = {
    "num_steps": 9,
    "checkpoint_every_steps": 2,
    "evaluate_every_steps": 4,
    "ema_decay": 0.9,
    "accumulate": 2,
    "optimizer": {"kind": "sgd", "learning_rate": 0.01, "warmup_steps": 2, "schedule": "step"},
}


def require_same_end(found: Path, wanted: Path) -> None:
    """Both trainings ended with the same weights and metrics, to the bit."""
    (one, card), (other, other_card) = (load_detector(out / "student.safetensors") for out in (found, wanted))
    state = other.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in one.state_dict().items())
    assert card == other_card
    assert (found / "metrics.json").read_text() == (wanted / "metrics.json").read_text()


class KillsItself(NullReporter):
    """Ends its own process with SIGKILL at the n-th sign of life."""

    def __init__(self, after: int) -> None:
        self._left = after

    def log_progress(self, phase: str, *, step: int, num_steps: int) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def train_until_killed(spec: TrainingSpec, out: Path, data_root: Path, after: int) -> None:
    train(spec, out=out, data_root=data_root, reporter=KillsItself(after))


@pytest.mark.parametrize("distil", [False, True])
def test_killed_at_random_moments_it_ends_with_the_same_bits(tmp_path: Path, data_root: Path, distil: bool) -> None:
    spec = make_training(distil=distil, **EVERYTHING)
    train(spec, out=tmp_path / "whole", data_root=data_root, reporter=NullReporter())
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trainer.training"])
    moments = random.Random(7)
    exit_codes: list[int | None] = []
    while not exit_codes or exit_codes[-1] != 0:
        after = moments.randint(5, 14) if len(exit_codes) < 4 else 10_000
        process = context.Process(target=train_until_killed, args=(spec, tmp_path / "parts", data_root, after))
        process.start()
        process.join()
        exit_codes.append(process.exitcode)
        assert process.exitcode in (0, -signal.SIGKILL)
    assert exit_codes.count(-signal.SIGKILL) >= 2
    require_same_end(tmp_path / "parts", tmp_path / "whole")


class StopsAfter(NullReporter):
    def __init__(self, step: int) -> None:
        self._until, self._step = step, 0

    def log_progress(self, phase: str, *, step: int, num_steps: int) -> None:
        self._step = step

    def should_stop(self) -> bool:
        return self._step >= self._until


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def with_a_flipped_bit(content: bytes) -> bytes:
    place = len(content) * 2 // 3
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def emptied(content: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [cut_off, with_a_flipped_bit, emptied])
def test_a_damaged_newest_checkpoint_is_reported_and_the_one_before_is_used(
    tmp_path: Path, data_root: Path, caplog: pytest.LogCaptureFixture, damage: Any
) -> None:
    spec = make_training()
    train(spec, out=tmp_path / "whole", data_root=data_root, reporter=NullReporter())
    train(spec, out=tmp_path / "parts", data_root=data_root, reporter=StopsAfter(5))
    newest = tmp_path / "parts/checkpoints/step-00000005.pt"
    newest.write_bytes(damage(newest.read_bytes()))
    train(spec, out=tmp_path / "parts", data_root=data_root, reporter=NullReporter())
    assert "step-00000005.pt" in caplog.text
    assert "going on from the one before" in caplog.text
    require_same_end(tmp_path / "parts", tmp_path / "whole")


def test_all_random_states_are_kept() -> None:
    state = random_state()
    drawn = [random.random(), float(np.random.random()), torch.rand(1).item(), random.gauss(0, 1)]
    set_random_state(state)
    again = [random.random(), float(np.random.random()), torch.rand(1).item(), random.gauss(0, 1)]
    assert again == drawn
