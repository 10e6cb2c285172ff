"""Detectors, their outputs, decoding, and weights files."""

import math
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from tests.unit.trainer.factories import (
    TINY_STUDENT,
    make_detector,
    make_images,
    make_target,
    training_document,
    write_teacher,
)
from trainer.assigners import assign_by_max_iou
from trainer.detectors import (
    DenseOutputs,
    DetectorCard,
    build_detector,
    detect,
    detection_loss,
    detections_of,
    load_detector,
    save_detector,
)
from trainer.detectors.backbones import BACKBONES, FAMILIES
from trainer.detectors.build import DETECTORS
from trainer.detectors.losses import decode, encode
from trainer.detectors.norms import NORM_LAYERS
from trainer.detectors.outputs import flatten_levels
from trainer.errors import InputError
from trainer.optimization import OPTIMIZERS, SCHEDULES
from trainer.spec import (
    BackboneSpec,
    DetectorSpec,
    OptimizerSpec,
    PyramidSpec,
    ResNetSpec,
    RetinaNetSpec,
    TorchvisionBackboneSpec,
    TrainingSpec,
)


def tiny(**changes: Any) -> RetinaNetSpec:
    return RetinaNetSpec.model_validate({**TINY_STUDENT, **changes})


def test_the_registries_hold_what_the_spec_allows() -> None:
    union = get_args(get_args(DetectorSpec)[0])
    assert set(DETECTORS) == {member.model_fields["kind"].default for member in union}
    assert set(OPTIMIZERS) == set(get_args(OptimizerSpec.model_fields["kind"].annotation))
    assert set(SCHEDULES) == set(get_args(OptimizerSpec.model_fields["schedule"].annotation))
    backbones = get_args(get_args(BackboneSpec)[0])
    assert set(BACKBONES) == {member.model_fields["kind"].default for member in backbones}
    assert set(FAMILIES) == set(get_args(TorchvisionBackboneSpec.model_fields["name"].annotation))
    norms = (
        (ResNetSpec, "norm"),
        (TorchvisionBackboneSpec, "norm"),
        (PyramidSpec, "fpn_norm"),
        (PyramidSpec, "head_norm"),
    )
    for spec, field in norms:
        assert set(get_args(spec.model_fields[field].annotation)) <= set(NORM_LAYERS)


KINDS = sorted(DETECTORS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("num_levels", [1, 2, 3, 4, 5])
def test_every_parameter_gets_a_gradient_and_levels_have_the_strides_they_say(kind: str, num_levels: int) -> None:
    detector = make_detector(kind, num_levels=num_levels)
    size_px = 96
    outputs = detector(make_images(size_px=size_px))
    strides = [8 * 2**level for level in range(num_levels)]
    assert detector.strides == strides
    assert [level.shape[2] for level in outputs.features] == [math.ceil(size_px / stride) for stride in strides]
    assert outputs.priors_xyxy.shape == (sum(outputs.level_sizes()), 4)
    loss = outputs.scores().sum() + outputs.flat_box_regressions().sum()
    loss.backward()
    assert all(parameter.grad is not None for parameter in detector.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_have_the_same_type_in_train_and_in_eval(kind: str) -> None:
    detector = make_detector(kind)
    trained, evaluated = detector.train()(make_images()), detector.eval()(make_images())
    assert type(trained) is type(evaluated) is DenseOutputs
    assert trained.flat_class_logits().shape == evaluated.flat_class_logits().shape
    assert detector(make_images(), with_boxes=False).box_regressions is None


def test_flat_tensors_are_ordered_row_column_prior() -> None:
    """Channel a*K + k at row y and column x must become entry ((y*W + x)*A + a, k)."""
    num_priors, num_classes, height, width = 2, 3, 4, 5
    level = torch.zeros(1, num_priors * num_classes, height, width)
    for a in range(num_priors):
        for k in range(num_classes):
            for y in range(height):
                for x in range(width):
                    level[0, a * num_classes + k, y, x] = 1000 * a + 100 * k + 10 * y + x
    flat = flatten_levels([level], num_classes)
    for y in range(height):
        for x in range(width):
            for a in range(num_priors):
                for k in range(num_classes):
                    assert flat[0, (y * width + x) * num_priors + a, k] == 1000 * a + 100 * k + 10 * y + x


def test_priors_are_ordered_as_the_flat_tensors_are() -> None:
    detector = build_detector(tiny(num_levels=1), num_classes=3)
    priors = detector(make_images(size_px=32)).priors_xyxy
    centres = (priors[:, :2] + priors[:, 2:]) / 2
    first, next_column, next_row = centres[0], centres[detector.num_priors], centres[4 * detector.num_priors]
    assert (next_column - first).tolist() == [8, 0]
    assert (next_row - first).tolist() == [0, 8]


def test_decoding_is_the_inverse_of_encoding() -> None:
    torch.manual_seed(0)
    priors = torch.tensor([[0.0, 0, 10, 20], [5, 5, 25, 15], [3, 1, 40, 40]])
    boxes = torch.tensor([[1.0, 2, 8, 30], [4, 4, 20, 20], [0, 0, 50, 45]])
    assert torch.allclose(decode(encode(boxes, priors), priors), boxes, atol=1e-4)


def test_detections_find_the_boxes_that_the_outputs_encode() -> None:
    detector = build_detector(tiny(), num_classes=3)
    target = make_target((4, 4, 24, 24), (10, 2, 30, 14), labels=[2, 0])
    outputs = detector(make_images(1))
    assignment = assign_by_max_iou(outputs.priors_xyxy, [target])
    perfect = perfect_outputs(outputs, assignment.positive_prior, assignment.labels[assignment.positive_instance])
    for prior, instance in zip(assignment.positive_prior, assignment.positive_instance, strict=True):
        wanted = encode(target.boxes_xyxy[instance][None], outputs.priors_xyxy[prior][None])
        set_regression(perfect, int(prior), wanted[0])
    (found,) = detections_of(perfect, [(32, 32)])
    order = found.labels.argsort(descending=True)
    assert found.labels[order].tolist() == [2, 0]
    assert torch.allclose(found.boxes_xyxy[order], target.boxes_xyxy, atol=1e-3)


def perfect_outputs(outputs: DenseOutputs, priors: torch.Tensor, labels: torch.Tensor) -> DenseOutputs:
    """Outputs for one image that are sure of `labels` at `priors` and of nothing else."""
    flat = torch.full_like(outputs.flat_class_logits(), -20.0)
    flat[0, priors, labels] = 5.0
    regressions = torch.zeros_like(outputs.flat_box_regressions())
    return DenseOutputs(
        features=outputs.features[:1],
        class_logits=(flat.permute(0, 2, 1).reshape(1, 3, -1, 1),),
        box_regressions=(regressions.permute(0, 2, 1).reshape(1, 4, -1, 1),),
        priors_xyxy=outputs.priors_xyxy,
        num_classes=3,
    )


def set_regression(outputs: DenseOutputs, prior: int, regression: torch.Tensor) -> None:
    assert outputs.box_regressions is not None
    outputs.box_regressions[0][0, :, prior, 0] = regression


def test_the_detection_loss_of_a_batch_without_boxes_is_finite_and_has_a_graph() -> None:
    detector = build_detector(tiny(), num_classes=3)
    outputs = detector(make_images())
    losses = detection_loss(outputs, assign_by_max_iou(outputs.priors_xyxy, [make_target(), make_target()]))
    torch.stack(list(losses.values())).sum().backward()
    assert losses["box"].item() == 0
    assert all(torch.isfinite(parameter.grad).all() for parameter in detector.parameters())  # type: ignore[arg-type]


def test_ignored_priors_do_not_count_in_the_classification_loss() -> None:
    detector = build_detector(tiny(), num_classes=3)
    outputs = detector(make_images(1))
    assignment = assign_by_max_iou(outputs.priors_xyxy, [make_target((2, 2, 30, 28))])
    assert (assignment.instance == -2).any()
    level_logits = [level.detach().requires_grad_() for level in outputs.class_logits]
    loud = DenseOutputs(outputs.features, tuple(level_logits), outputs.box_regressions, outputs.priors_xyxy, 3)
    detection_loss(loud, assignment)["classification"].backward()
    gradient = flatten_levels([level.grad for level in level_logits if level.grad is not None], 3)
    assert (gradient[assignment.instance == -2] == 0).all()
    assert (gradient[assignment.instance != -2] != 0).all()


def test_weights_survive_a_round_trip_in_half_precision(tmp_path: Path) -> None:
    path = write_teacher(tmp_path / "teacher.safetensors")
    detector, card = load_detector(path)
    save_detector(tmp_path / "half.safetensors", detector, card, dtype=torch.float16)
    half, same_card = load_detector(tmp_path / "half.safetensors")
    assert same_card == card
    assert (tmp_path / "half.safetensors").stat().st_size < 0.6 * path.stat().st_size
    assert torch.allclose(
        half(make_images()).flat_class_logits(), detector(make_images()).flat_class_logits(), atol=1e-2
    )


def test_loading_weights_leaves_the_global_random_state_alone(tmp_path: Path) -> None:
    path = write_teacher(tmp_path / "teacher.safetensors")
    before = torch.get_rng_state()
    load_detector(path)
    assert torch.equal(before, torch.get_rng_state())


def test_files_that_are_no_weights_of_ours_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no weights at"):
        load_detector(tmp_path / "nothing.safetensors")
    (tmp_path / "text.safetensors").write_text("hello")
    with pytest.raises(InputError, match="not a safetensors file"):
        load_detector(tmp_path / "text.safetensors")
    save_file({"x": torch.zeros(1)}, tmp_path / "foreign.safetensors")
    with pytest.raises(InputError, match="not written by Stillhouse"):
        load_detector(tmp_path / "foreign.safetensors")


@pytest.mark.parametrize("kind", KINDS)
def test_detect_gives_boxes_in_pixels_of_the_image_as_given(kind: str) -> None:
    detector = make_detector(kind)
    torch.nn.init.constant_(detector.class_head.predict.bias, 2.0)  # type: ignore[arg-type]
    (found,) = detect(detector, [Image.new("RGB", (120, 60))], image_size_px=32)
    assert found.boxes_xyxy.shape[0] > 0
    assert found.boxes_xyxy[:, 2].max() > 80
    assert found.boxes_xyxy[:, 3].max() <= 60 + 1e-3


def test_a_detector_of_another_kind_survives_a_round_trip(tmp_path: Path) -> None:
    detector = make_detector("fcos").eval()
    card = DetectorCard(detector=detector.spec, class_names=("a", "b", "c"), category_ids=(1, 2, 3), image_size_px=32)
    save_detector(tmp_path / "fcos.safetensors", detector, card)
    loaded, same_card = load_detector(tmp_path / "fcos.safetensors")
    assert same_card == card
    assert torch.equal(loaded(make_images()).scores(), detector(make_images()).scores())


def test_a_detector_normalises_its_input_as_its_spec_says() -> None:
    one = make_detector().eval()
    other = make_detector(image_mean=(0.0, 0.0, 0.0), image_std=(1.0, 1.0, 1.0)).eval()
    seen: list[torch.Tensor] = []
    for detector in (one, other):
        detector.backbone.register_forward_pre_hook(lambda module, given: seen.append(given[0]))
        detector(make_images())
    assert torch.equal(seen[1], make_images() / 255)
    assert torch.allclose(seen[0], (seen[1] - one.image_mean) / one.image_std)


def test_a_spec_that_names_no_detector_means_retinanet() -> None:
    assert TrainingSpec.model_validate(training_document(student=TINY_STUDENT)).student.kind == "retinanet"
