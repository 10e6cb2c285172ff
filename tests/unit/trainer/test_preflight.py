"""What is found before a training, and how it is told."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from tests.unit.trainer.factories import make_training, training_document, write_coco, write_data_root, write_teacher
from trainer.__main__ import main
from trainer.detectors import DetectorCard, load_detector, save_detector
from trainer.errors import InputError
from trainer.memory import available_bytes, estimated_bytes
from trainer.preflight import Finding, PreflightError, require, spread
from trainer.reporting import NullReporter
from trainer.training import check_training, train


def claim(root: Path, ap: float, **changes: Any) -> None:
    """Let the teacher's card claim an AP."""
    path = root / "teacher.safetensors"
    detector, card = load_detector(path)
    claimed = {**card.model_dump(), "metrics": {"val/AP": ap}, **changes}
    save_detector(path, detector, DetectorCard.model_validate(claimed))


def messages(root: Path, *, distil: bool = True, severity: str = "warning", **changes: Any) -> list[str]:
    findings = check_training(make_training(distil=distil, **changes), data_root=root)
    return [finding.message for finding in findings if finding.severity == severity]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_data_root(tmp_path)


def test_a_training_with_nothing_wrong_has_no_refusal(root: Path) -> None:
    assert messages(root, severity="refusal") == []


def test_classes_without_instances_are_named(root: Path) -> None:
    document = json.loads((root / "train.json").read_text())
    document["annotations"] = [row for row in document["annotations"] if row["category_id"] != 7]
    (root / "train.json").write_text(json.dumps(document))
    assert any("1 of 3 classes have no instance in" in m and "dog; they cannot be learned" in m for m in messages(root))


def test_unreadable_images_are_counted_and_refused(root: Path) -> None:
    (root / "train/1.png").write_bytes(b"no image")
    Image.new("RGB", (5, 5)).save(root / "train/2.png")
    [message] = messages(root, severity="refusal")
    assert "2 of 6 images that were tried are unusable; cannot read the image" in message


def test_boxes_out_of_the_image_are_refused(root: Path) -> None:
    document = json.loads((root / "train.json").read_text())
    document["annotations"][0]["bbox"] = [20, 20, 40, 4]
    (root / "train.json").write_text(json.dumps(document))
    with pytest.raises(InputError, match="sticks out of its image"):
        messages(root)


def test_boxes_that_resizing_makes_too_small_are_counted(root: Path) -> None:
    write_coco(root, "train", size_px=160)
    assert any("5 of 5 boxes of" in message and "thinner than 4 px" in message for message in messages(root))


def test_mostly_empty_images_are_told(root: Path) -> None:
    document = json.loads((root / "train.json").read_text())
    document["annotations"] = document["annotations"][:1]
    (root / "train.json").write_text(json.dumps(document))
    assert any("5 of 6 images of" in message and "have no box" in message for message in messages(root))


def test_instances_that_no_prior_reaches_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.preflight._MUCH", -1.0)  # so that no missed instance is enough
    assert any("0 of 5 instances of a sample get no positive prior" in message for message in messages(root))


def test_a_teacher_far_below_what_its_card_claims_is_told(root: Path) -> None:
    claim(root, 5.0)
    assert any("its card claims 5.0; are these the data" in message for message in messages(root))


def test_a_teacher_that_finds_nothing_is_refused(root: Path) -> None:
    claim(root, 60.0)
    [message] = messages(root, severity="refusal")
    assert "the teacher's AP on 4 validation images is 0.0, its card claims 60.0" in message
    with pytest.raises(PreflightError, match="the checks before the training found"):
        train(make_training(distil=True), out=root / "out", data_root=root, reporter=NullReporter())
    [kept] = json.loads((root / "out/preflight.json").read_text())
    assert kept["severity"] == "refusal"


def test_the_checks_can_be_left_out(root: Path) -> None:
    claim(root, 60.0)
    spec = make_training(distil=True, preflight=False, num_steps=1)
    assert train(spec, out=root / "out", data_root=root, reporter=NullReporter()).finished


def test_another_image_size_than_the_teachers_is_told(root: Path) -> None:
    assert any("images of 32 px and will see 48 px" in m for m in messages(root, data={**DATA, "image_size_px": 48}))


DATA = training_document()["data"]


def test_classes_that_differ_in_writing_alone_are_pointed_at(root: Path) -> None:
    write_teacher(root / "teacher.safetensors", class_names=("Cat", "dog", "owl"))
    [message] = [message for message in messages(root) if "does not know" in message]
    assert "does not know 1 classes of the student: cat; are these meant to be the same: 'cat' and 'Cat'?" in message


def test_memory_grows_with_the_batch_and_shrinks_with_accumulation(root: Path) -> None:
    student = load_detector(root / "teacher.safetensors")[0]
    few, many, parts = (
        estimated_bytes(make_training(batch_size=size, accumulate=accumulate), student, None)
        for size, accumulate in ((2, 1), (64, 1), (64, 32))
    )
    assert many > 5 * few
    assert parts == few
    assert available_bytes(torch.device("cpu")) > 10**7


@pytest.mark.parametrize(("free", "severity"), [(10**5, "refusal"), (10**20, None)])
def test_too_little_memory_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, free: int, severity: str | None
) -> None:
    monkeypatch.setattr("trainer.preflight.available_bytes", lambda device: free)
    found = [f for f in check_training(make_training(), data_root=root) if "GB of memory" in f.message]
    assert [finding.severity for finding in found] == ([severity] if severity else [])


def test_warnings_are_logged_and_stop_nothing(caplog: pytest.LogCaptureFixture) -> None:
    require([Finding("warning", "the sky is grey")])
    assert "the sky is grey" in caplog.text


def test_a_sample_is_spread_evenly() -> None:
    assert spread(3, 10) == [0, 1, 2]
    assert spread(100, 4) == [0, 25, 50, 75]
    assert spread(0, 4) == []


def test_the_command_line_checks_without_training(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = root / "spec.json"
    spec.write_text(json.dumps(training_document(distil=True)))
    assert main([str(spec), "--check", "--data-root", str(root)]) == 0
    assert "ready to train" in capsys.readouterr().out
    claim(root, 60.0)
    assert main([str(spec), "--check", "--data-root", str(root)]) == 2
    assert "refusal: the teacher's AP" in capsys.readouterr().out
