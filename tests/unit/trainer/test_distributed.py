"""Several processes train as one: same losses, same weights, one of them reports."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from tests.unit.trainer.factories import TINY_STUDENT, make_training
from trainer.data.batches import SampleStore, TrainingStream, training_batches
from trainer.data.coco import read_split
from trainer.detectors import load_detector
from trainer.distributed import agreed, alone, mean_over_ranks, rank, shared_count, world_size
from trainer.errors import InputError
from trainer.launch import together
from trainer.reporting import NullReporter
from trainer.spec import SplitSpec, TrainingSpec
from trainer.training import train

STUDENT = {**TINY_STUDENT, "backbone": {"width": 8, "norm": "group"}}
LOSSES: list[dict[str, Any]] = [
    {"kind": "rank_mimicking", "rank_by": "both"},
    {"kind": "feature_imitation", "normalize": True, "weight": 10},
    {"kind": "soft_labels"},
    {"kind": "region_imitation", "region": "boxes"},
    {"kind": "pearson_imitation", "start_step": 1},
]


class Metrics(NullReporter):
    def __init__(self, *, stop_after: int | None = None) -> None:
        self.logged: list[dict[str, float]] = []
        self._stop_after, self._step = stop_after, 0

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        if any(name.startswith("train/") for name in metrics):
            self.logged.append(dict(metrics))

    def log_progress(self, phase: str, *, step: int, num_steps: int) -> None:
        self._step = step

    def should_stop(self) -> bool:
        return self._stop_after is not None and self._step >= self._stop_after


def spec_for(processes: int) -> TrainingSpec:
    return make_training(
        student=STUDENT,
        num_steps=3,
        batch_size=4,
        log_every_steps=1,
        distributed={"world_size": processes},
        optimizer={"kind": "sgd", "learning_rate": 0.02, "warmup_steps": 0},
        distillation={"teacher": {"weights": "teacher.safetensors"}, "losses": LOSSES},
    )


def run(
    processes: int, out: Path, data_root: Path, **changes: Any
) -> tuple[list[dict[str, float]], dict[str, torch.Tensor]]:
    metrics = Metrics()
    result = train(spec_for(processes, **changes), out=out, data_root=data_root, reporter=metrics)
    return metrics.logged, load_detector(result.weights)[0].state_dict()


def test_two_processes_give_the_losses_and_weights_of_one(tmp_path: Path, data_root: Path) -> None:
    one, weights = run(1, tmp_path / "one", data_root)
    two, shared = run(2, tmp_path / "two", data_root)
    for found, wanted in zip(two, one, strict=True):
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            if name != "train/images_per_second":
                assert found[name] == pytest.approx(value, rel=1e-4, abs=1e-6), name
    for name, value in weights.items():
        assert torch.allclose(shared[name], value, atol=1e-5), name


def test_processes_stop_together_and_one_goes_on_alone(tmp_path: Path, data_root: Path) -> None:
    result = train(spec_for(2), out=tmp_path, data_root=data_root, reporter=Metrics(stop_after=1))
    assert not result.finished
    assert result.step == 1
    assert children() == set()
    assert train(spec_for(1), out=tmp_path, data_root=data_root, reporter=Metrics()).finished


def children() -> set[str]:
    """Processes of this one that live, the resource tracker of multiprocessing left out."""
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {pid for pid in found if b"multiprocessing.spawn" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_shares_of_a_batch_make_the_batch(data_root: Path) -> None:
    split = read_split(SplitSpec(images="train", annotations="train.json"), data_root=data_root)
    stream = TrainingStream(SampleStore(split, image_size_px=32, keep=True), seed=0, horizontal_flip=0.5)

    def ids(share: tuple[int, int]) -> list[tuple[int, ...]]:
        batches = training_batches(stream, steps=range(2, 5), batch_size=4, size_divisor=32, num_workers=0, share=share)
        return [batch.image_ids for batch in batches]

    whole, first, second = ids((0, 1)), ids((0, 2)), ids((1, 2))
    assert [one + other for one, other in zip(first, second, strict=True)] == whole


def test_parts_that_do_not_come_out_even_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"batch_size is 4, accumulate 2 and distributed.world_size 4"):
        make_training(batch_size=4, accumulate=2, distributed={"world_size": 4})


def test_another_number_of_started_processes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "3")
    with pytest.raises(InputError, match="3 processes were started"), together(2, "cpu", print, ()):
        pass


def test_a_process_alone_shares_with_nobody() -> None:
    assert (world_size(), rank()) == (1, 0)
    assert mean_over_ranks(torch.tensor(3.0)) == 3
    assert shared_count(0, device=torch.device("cpu")) == 1
    assert agreed(True)
    with alone():
        assert world_size() == 1
