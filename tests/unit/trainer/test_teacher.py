"""The teacher stays frozen, its classes are matched by name, and phi never leaves the training."""

from pathlib import Path

import pytest
import torch

from tests.unit.trainer.factories import TINY_STUDENT, make_images, make_target, make_training, write_teacher
from trainer.data.batches import Batch
from trainer.detectors import build_detector
from trainer.distill.positives import class_values_of_positives
from trainer.distill.teacher import Teacher
from trainer.errors import DivergedError
from trainer.learner import Learner
from trainer.spec import RetinaNetSpec

CPU = torch.device("cpu")


def make_batch(*, with_boxes: bool = True) -> Batch:
    target = make_target((4, 4, 24, 24), (10, 2, 30, 14), labels=[2, 0]) if with_boxes else make_target()
    return Batch(make_images(), ((32, 32), (32, 32)), (target, make_target()), (1, 2), (1.0, 1.0))


def make_learner(tmp_path: Path, *, class_names: tuple[str, ...] = ("cat", "dog", "owl")) -> tuple[Learner, Teacher]:
    spec = make_training(distil=True)
    torch.manual_seed(0)
    student = build_detector(spec.student, num_classes=3)
    path = write_teacher(tmp_path / "teacher.safetensors", class_names=class_names)
    teacher = Teacher.load(path, class_names=("cat", "dog", "owl"), device=CPU)
    return Learner(spec, student, teacher), teacher


def test_a_step_changes_the_student_and_leaves_the_teacher_as_it_was(tmp_path: Path) -> None:
    learner, teacher = make_learner(tmp_path)
    before = {name: value.clone() for name, value in teacher.detector.state_dict().items()}
    weight = learner.student.class_head.predict.weight.clone()
    learner.step(make_batch(), step=0)
    assert not teacher.detector.training
    assert all(parameter.grad is None for parameter in teacher.detector.parameters())
    assert all(torch.equal(before[name], value) for name, value in teacher.detector.state_dict().items())
    assert not torch.equal(weight, learner.student.class_head.predict.weight)


def test_phi_is_trained_and_is_no_part_of_the_student(tmp_path: Path) -> None:
    learner, _ = make_learner(tmp_path)
    phi = next(learner.adaptation.parameters())
    before = phi.clone()
    learner.step(make_batch(), step=0)
    assert not torch.equal(before, phi)
    plain = build_detector(RetinaNetSpec.model_validate(TINY_STUDENT), num_classes=3)
    assert set(learner.student.state_dict()) == set(plain.state_dict())


def test_phi_is_the_identity_where_the_channels_agree(tmp_path: Path) -> None:
    spec = make_training(distil=True, student={**TINY_STUDENT, "fpn_channels": 24})
    student = build_detector(spec.student, num_classes=3)
    path = write_teacher(tmp_path / "teacher.safetensors")
    teacher = Teacher.load(path, class_names=("cat", "dog", "owl"), device=CPU)
    assert list(Learner(spec, student, teacher).adaptation.parameters()) == []


def test_a_batch_without_boxes_can_be_distilled(tmp_path: Path) -> None:
    learner, _ = make_learner(tmp_path)
    metrics = learner.step(make_batch(with_boxes=False), step=0)
    assert metrics["train/loss/rank_mimicking"] == 0
    assert metrics["train/loss/box"] == 0


def test_losses_are_logged_raw_and_added_with_their_weights(tmp_path: Path) -> None:
    learner, _ = make_learner(tmp_path)
    losses = learner.losses(make_batch())
    wanted = losses["classification"] + losses["box"]
    wanted = wanted + 4.0 * losses["rank_mimicking"] + 1.5 * losses["feature_imitation"]
    assert learner.total(losses).item() == pytest.approx(wanted.item(), rel=1e-6)


def test_a_loss_that_is_not_finite_ends_the_training_and_is_named(tmp_path: Path) -> None:
    learner, _ = make_learner(tmp_path)
    torch.nn.init.constant_(next(learner.adaptation.parameters()), float("nan"))
    with pytest.raises(DivergedError, match=r"'loss/feature_imitation' is nan at step 7"):
        learner.step(make_batch(), step=7)


def test_class_channels_are_brought_into_the_order_of_the_student(tmp_path: Path) -> None:
    images = make_images()
    path = write_teacher(tmp_path / "other.safetensors", class_names=("owl", "cow", "cat", "dog"))
    teacher = Teacher.load(path, class_names=("cat", "dog", "owl"), device=CPU)
    own = teacher.detector(images, with_boxes=False).flat_class_logits()
    ordered = teacher(images).flat_class_logits()
    assert torch.equal(ordered, own[:, :, [2, 3, 0]])


def test_ranked_values_are_those_of_the_instances_class_at_its_priors(tmp_path: Path) -> None:
    from trainer.assigners import assign_by_max_iou

    learner, _ = make_learner(tmp_path)
    batch = make_batch()
    outputs = learner.student(batch.images)
    assignment = assign_by_max_iou(outputs.priors_xyxy, batch.targets)
    values = class_values_of_positives(outputs, assignment)
    flat = outputs.flat_class_logits()
    for q in range(assignment.num_positives):
        label = int(assignment.labels[assignment.positive_instance[q]])
        assert values[q] == flat[assignment.positive_image[q], assignment.positive_prior[q], label]
