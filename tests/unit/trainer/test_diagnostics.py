"""Ranks, gradients, maps and costs are what they say, and looking changes nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.unit.trainer.factories import make_detector, make_training, write_teacher
from trainer.data.batches import Target
from trainer.detectors import Detections, load_detector
from trainer.diagnostics import model_costs
from trainer.diagnostics.detections import SeenImage, compare, labelled_as, match
from trainer.diagnostics.gradients import gradient_diagnostics
from trainer.diagnostics.maps import difference_maps, map_correlation, write_maps
from trainer.diagnostics.ranks import rank_agreement
from trainer.reporting import NullReporter
from trainer.spec import DetectionComparison
from trainer.training import train


class Files(NullReporter):
    def __init__(self) -> None:
        self.files: list[tuple[str, str]] = []
        self.metrics: dict[str, float] = {}

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        self.metrics.update(metrics)

    def log_artifact(self, path: Path, *, folder: str) -> None:
        assert path.is_file()
        self.files.append((folder, path.name))


def test_ranks_are_compared_instance_by_instance() -> None:
    student = torch.tensor([0.1, 0.2, 0.3, 0.9, 0.5, 0.1, 0.7])
    teacher = torch.tensor([0.2, 0.4, 0.9, 0.1, 0.2, 0.3, 0.1])
    instance = torch.tensor([0, 0, 0, 4, 4, 4, 6])
    spearman, first = rank_agreement(student, teacher, instance)
    assert spearman.tolist() == pytest.approx([1, -1])
    assert first.tolist() == [True, False]


def test_ties_share_their_rank_as_in_spearmans_formula() -> None:
    pandas = pytest.importorskip("pandas")
    torch.manual_seed(0)
    one, other = torch.randint(0, 5, (12,)).float(), torch.randint(0, 5, (12,)).float()
    [found] = rank_agreement(one, other, torch.zeros(12, dtype=torch.int64))[0].tolist()
    ranks = pandas.DataFrame({"one": one.numpy(), "other": other.numpy()}).rank()
    assert found == pytest.approx(ranks["one"].corr(ranks["other"]), abs=1e-6)


def test_instances_that_cannot_be_ranked_are_left_out() -> None:
    spearman, first = rank_agreement(torch.ones(3), torch.rand(3), torch.tensor([0, 0, 1]))
    assert spearman.shape == first.shape == (0,)


def test_gradients_are_those_of_autograd() -> None:
    features = [torch.randn(1, 2, 3, 3, requires_grad=True), torch.randn(1, 2, 1, 1, requires_grad=True)]
    levels = [2 * level for level in features]
    terms = {"a": levels[0].sum(), "b": -3 * levels[0].sum(), "c": levels[1].sum(), "zero": levels[0].sum() * 0}
    found = gradient_diagnostics({**terms, "constant": torch.tensor(1.0)}, levels)
    assert found["gradient_norm/a"] == pytest.approx(18**0.5)
    assert found["gradient_norm/constant"] == found["gradient_norm/zero"] == 0
    assert found["gradient_cosine/a/b"] == pytest.approx(-1)
    assert found["gradient_cosine/a/c"] == pytest.approx(0)
    assert not any("zero" in name or "constant" in name for name in found if name.startswith("gradient_cosine"))
    assert all(level.grad is None for level in features)


def test_maps_are_written_whole_and_as_a_picture(tmp_path: Path) -> None:
    images = torch.randint(0, 255, (2, 3, 32, 48), dtype=torch.uint8)
    maps = [torch.rand(2, 4, 6), torch.rand(2, 2, 3)]
    picture, tables = write_maps(tmp_path / "new", step=7, images=images, features=maps, predictions=maps)
    assert picture.name == "maps-00000007.png"
    with Image.open(picture) as opened:
        assert opened.size == (3 * 48 + 2 * 2, 2 * 32 + 2)
    with np.load(tables) as arrays:
        assert sorted(arrays) == [
            f"{kind}_difference_level{level}" for kind in ("feature", "prediction") for level in (0, 1)
        ]
        assert np.allclose(arrays["feature_difference_level0"], maps[0].numpy(), atol=1e-3)


def test_differences_are_squared_and_averaged_over_channels() -> None:
    one, other = torch.zeros(1, 2, 1, 2), torch.tensor([[[[1.0, 0.0]], [[3.0, 0.0]]]])
    [found] = difference_maps([one], [other])
    assert found.tolist() == [[[5.0, 0.0]]]


def test_the_correlation_of_maps_is_pearsons() -> None:
    one, other = torch.rand(2, 3, 4), torch.rand(2, 3, 4)
    wanted = torch.corrcoef(torch.stack([one.flatten(), other.flatten()]))[0, 1].item()
    assert map_correlation([one], [other]) == pytest.approx(wanted, abs=1e-5)
    assert map_correlation([torch.ones(1, 2, 2)], [torch.rand(1, 2, 2)]) is None


def test_costs_are_counted_for_one_image() -> None:
    detector = make_detector()
    small, large = (model_costs(detector, image_size_px=size) for size in (32, 64))
    assert small["parameters"] == sum(parameter.numel() for parameter in detector.parameters())
    assert large["gflops"] == pytest.approx(4 * small["gflops"], rel=0.01)
    assert small["latency_ms"] > 0
    assert detector.training


def boxes(*corners: float) -> torch.Tensor:
    return torch.tensor(corners).reshape(-1, 4)


A, B, NOWHERE = (0.0, 0.0, 10.0, 10.0), (20.0, 20.0, 60.0, 60.0), (80.0, 80.0, 90.0, 90.0)


def found(*rows: tuple[tuple[float, ...], float, int]) -> Detections:
    corners, scores, labels = zip(*rows, strict=True) if rows else ((), (), ())
    return Detections(boxes(*sum(corners, ())), torch.tensor(scores), torch.tensor(labels, dtype=torch.int64))


def test_a_detection_is_on_the_free_instance_of_its_class_that_it_overlaps_most() -> None:
    near_a = (0.0, 0.0, 10.0, 8.0)
    truth = Target(boxes(*A, *near_a, *B), torch.tensor([0, 0, 1]))
    rows = found((A, 0.9, 0), (A, 0.8, 0), (A, 0.7, 0), (B, 0.6, 0), (B, 0.5, 1), (NOWHERE, 0.4, 1))
    assert match(rows, truth) == [0, 1, None, None, 2, None]
    assert match(found(), truth) == []
    assert match(rows, Target(boxes(), torch.tensor([], dtype=torch.int64))) == [None] * 6


def seen(name: str, *, teacher: Detections, student: Detections, scale: float = 1.0) -> SeenImage:
    pixels = torch.zeros(3, 100, 120, dtype=torch.uint8)
    return SeenImage(
        name, hash(name) % 100, pixels, scale, Target(boxes(*A, *B), torch.tensor([0, 1])), teacher, student
    )


def test_images_on_which_the_teacher_alone_is_right_come_first() -> None:
    both = found((A, 0.9, 0), (B, 0.8, 1))
    images = [
        seen("both right", teacher=both, student=both),
        seen("one invented", teacher=both, student=found((A, 0.9, 0), (B, 0.8, 1), (NOWHERE, 0.5, 1))),
        seen("two missed", teacher=both, student=found((A, 0.29, 0)), scale=0.5),
        seen("teacher wrong too", teacher=found(), student=found()),
    ]
    result = compare(images, ["cat", "dog"], step=7)
    assert [image.file_name for image in result.images] == [
        "two missed", "one invented", "both right", "teacher wrong too",
    ]  # fmt: skip
    worst, invented, *_ = result.images
    assert [(one.label, one.size, one.teacher, one.student) for one in worst.instances] == [
        ("cat", "small", True, False),
        ("dog", "medium", True, False),
    ]
    assert worst.student == [], "below the score from which detections count"
    assert [one.instance for one in invented.student] == [0, 1, None]
    assert (worst.width, worst.height) == (120, 100)


def test_detections_of_classes_that_the_student_lacks_are_left_out() -> None:
    named = labelled_as(found((A, 0.9, 0), (B, 0.8, 1), (A, 0.7, 2)), {0: 5, 2: 4})
    assert named.labels.tolist() == [5, 4]
    assert named.boxes_xyxy.tolist() == [list(A), list(A)]


def run(root: Path, out: Path, **changes: Any) -> Files:
    files = Files()
    train(make_training(distil=True, num_steps=3, **changes), out=out, data_root=root, reporter=files)
    return files


def test_a_distillation_logs_what_it_sees_at_every_evaluation(tmp_path: Path, data_root: Path) -> None:
    files = run(data_root, tmp_path)
    names = {name.removeprefix("diagnostics/") for name in files.metrics if name.startswith("diagnostics/")}
    ranks = {"rank_spearman", "rank_top1", "rank_localisation_spearman", "rank_localisation_top1"}
    assert ranks | {"feature_prediction_correlation", "seconds"} <= names
    terms = ("classification", "box", "rank_mimicking", "feature_imitation")
    assert {f"gradient_norm/{term}" for term in terms} <= names
    assert "gradient_cosine/classification/feature_imitation" in names
    assert -1 <= files.metrics["diagnostics/rank_spearman"] <= 1
    assert files.metrics["cost/teacher_parameters"] > files.metrics["cost/student_parameters"]
    assert ("diagnostics", "maps-00000003.png") in files.files
    report = DetectionComparison.model_validate_json((tmp_path / "diagnostics/detections-00000003.json").read_text())
    assert {("diagnostics", Path(image.picture).name) for image in report.images} <= set(files.files)
    assert len({image.picture for image in report.images}) == len(report.images) > 0
    assert any(image.instances for image in report.images)
    assert not any("@" in name for name in files.metrics)


def test_a_baseline_has_gradients_alone(tmp_path: Path, data_root: Path) -> None:
    files = Files()
    train(make_training(num_steps=2), out=tmp_path, data_root=data_root, reporter=files)
    assert "diagnostics/gradient_norm/box" in files.metrics
    assert "diagnostics/rank_spearman" not in files.metrics
    assert [folder for folder, _ in files.files] == ["preflight"]


def test_ranks_of_other_priors_are_left_out(tmp_path: Path, data_root: Path) -> None:
    path = write_teacher(tmp_path / "teacher.safetensors", anchor_scale=4.0)
    distillation = {"teacher": {"weights": str(path)}, "losses": [{"kind": "feature_imitation"}]}
    files = run(data_root, tmp_path / "out", distillation=distillation)
    assert "diagnostics/rank_spearman" not in files.metrics
    assert "diagnostics/feature_prediction_correlation" in files.metrics


def test_looking_changes_nothing_in_the_training(tmp_path: Path, data_root: Path) -> None:
    seen = run(data_root, tmp_path / "seen")
    blind = run(data_root, tmp_path / "blind", diagnostics={"enabled": False})
    assert {name: value for name, value in seen.metrics.items() if name.startswith(("val/", "train/loss"))} == {
        name: value for name, value in blind.metrics.items() if name.startswith(("val/", "train/loss"))
    }
    one, other = (load_detector(tmp_path / name / "student.safetensors")[0].state_dict() for name in ("seen", "blind"))
    assert all(torch.equal(value, other[name]) for name, value in one.items())
