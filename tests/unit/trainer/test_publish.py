"""Publishing weights: half the size, and the AP that they have afterwards."""

from pathlib import Path

import pytest
import torch

from tests.unit.trainer.factories import make_training, write_teacher
from trainer.detectors import load_detector
from trainer.errors import InputError
from trainer.publish import main, publish
from trainer.reporting import NullReporter
from trainer.training import train


def test_published_weights_are_rounded_and_carry_their_ap(tmp_path: Path, data_root: Path) -> None:
    result = train(make_training(num_steps=1), out=tmp_path, data_root=data_root, reporter=NullReporter())
    assert main([str(result.weights), str(tmp_path / "small.safetensors"), "--data-root", str(data_root)]) == 0
    detector, card = load_detector(tmp_path / "small.safetensors")
    assert "val/AP" in card.metrics
    assert all(torch.equal(value, value.half().float()) for value in detector.parameters())


def test_weights_of_unknown_training_are_refused(tmp_path: Path) -> None:
    source = write_teacher(tmp_path / "teacher.safetensors")
    with pytest.raises(InputError, match="does not say how it was trained"):
        publish(source, tmp_path / "small.safetensors", data_root=tmp_path)
