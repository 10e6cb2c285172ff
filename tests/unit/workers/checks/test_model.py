"""The check of weights files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from tests.unit.trainer.factories import training_document, write_data_root, write_teacher
from trainer.detectors.published import PUBLISHED, published_file
from trainer.errors import InputError
from trainer.spec import SplitSpec, TrainingSpec
from workers.checks.__main__ import run
from workers.checks.content import verify_pins
from workers.checks.model import check_model
from workers.spec.checks import CheckFolder, CheckOrder, EvaluationSample, ModelOrder
from workers.spec.weights import file_sha256
from workers.storage.checks import CheckPlace
from workers.storage.near import Shared

SHIPPED = Path(__file__).parents[4] / "recipes/digits/teacher.safetensors"


def test_the_shipped_teacher_is_described() -> None:
    report, refusal = check_model(ModelOrder(weights=SHIPPED.name), data_root=SHIPPED.parent)
    assert refusal is None
    assert report.architecture == "retinanet with resnet"
    assert report.class_names[:3] == ("zero", "one", "two")
    assert 3e6 < report.num_parameters < 5e6
    assert report.precision == "float16"
    assert report.image_size_px == 96
    assert report.metrics["val/AP"] > 70
    assert report.sha256 == file_sha256(SHIPPED)
    assert report.size_bytes == SHIPPED.stat().st_size


def test_the_ap_on_some_images_is_measured(tmp_path: Path) -> None:
    write_data_root(tmp_path)
    sample = EvaluationSample(dataset="noise@1", val=SplitSpec(images="val", annotations="val.json"), max_images=2)
    report, _ = check_model(ModelOrder(weights="teacher.safetensors", sample=sample), data_root=tmp_path)
    assert report.sample is not None
    assert report.sample.images == 2
    assert 0 <= report.sample.metrics["AP"] <= 100


def refusal_of(order: ModelOrder, root: Path) -> str | None:
    whole = CheckOrder(target="model-a", number=1, data_root=str(root), what=order)
    place = CheckPlace(Shared(root / "storage"))
    return run(whole, CheckFolder(root / "storage", "model-a", 1), place).refusal


def test_what_is_no_detector_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.pt").write_bytes(b"\x80\x04pickle")
    assert "is not a safetensors file" in (refusal_of(ModelOrder(weights="a.pt"), tmp_path) or "")
    assert "no weights at" in (refusal_of(ModelOrder(weights="none.safetensors"), tmp_path) or "")


def test_a_model_with_none_of_the_classes_of_the_sample_is_refused(tmp_path: Path) -> None:
    write_data_root(tmp_path)
    write_teacher(tmp_path / "two.safetensors", class_names=("car", "bus"))
    sample = EvaluationSample(dataset="noise@1", val=SplitSpec(images="val", annotations="val.json"))
    order = ModelOrder(weights="two.safetensors", sample=sample)
    assert "no name is in both" in (refusal_of(order, tmp_path) or "")


def test_an_attempt_takes_only_the_teacher_that_was_checked(tmp_path: Path) -> None:
    write_data_root(tmp_path)
    teacher = {
        "weights": "teacher.safetensors",
        "model": "t@1",
        "sha256": file_sha256(tmp_path / "teacher.safetensors"),
    }
    training = TrainingSpec.model_validate(training_document(distillation={"teacher": teacher}))
    verify_pins(training, data_root=tmp_path)
    shutil.copyfile(SHIPPED, tmp_path / "teacher.safetensors")
    with pytest.raises(InputError, match=r"teacher t@1 .* have changed"):
        verify_pins(training, data_root=tmp_path)


PUBLISHED_NAME = "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1"


def test_a_detector_of_torchvision_is_fetched_and_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    model = PUBLISHED[PUBLISHED_NAME].build(weights=None, weights_backbone=None, num_classes=91)
    path = published_file(PUBLISHED_NAME)
    path.parent.mkdir(parents=True)
    torch.save(model.state_dict(), path)
    report, refusal = check_model(ModelOrder(torchvision=PUBLISHED_NAME), data_root=tmp_path)
    assert refusal is None
    assert report.architecture == "retinanet with torchvision"
    assert report.class_names[1] == "person"
    assert report.num_parameters == sum(parameter.numel() for parameter in model.parameters())
    assert report.metrics == {"val/AP": 41.5}
    assert (report.sha256, report.size_bytes) == (file_sha256(path), path.stat().st_size)


def test_a_detector_whose_weights_cannot_be_fetched_is_described_and_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hub").write_text("in the way of every download")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    report, refusal = check_model(ModelOrder(torchvision=PUBLISHED_NAME), data_root=tmp_path)
    assert (len(report.class_names), report.sha256) == (91, None)
    assert 36e6 < report.num_parameters < 40e6
    assert refusal is not None
    assert "cannot get the weights RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1 from https://" in refusal
    assert f"or the whole file at {published_file(PUBLISHED_NAME)}" in refusal
