"""The losses of a spec together: registry, schedules, what they need, classes and priors that differ."""

import math
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from pydantic import ValidationError

from tests.unit.trainer.factories import TINY_STUDENT, make_images, make_target, make_training, write_teacher
from trainer.assigners import assign_by_max_iou
from trainer.data.batches import Batch
from trainer.detectors import build_detector
from trainer.distill.class_alignment import align_classes, with_common_instances
from trainer.distill.combined import LOSSES, REGIONS
from trainer.distill.crossing import Crossing
from trainer.distill.needs import NEEDS
from trainer.distill.teacher import Teacher
from trainer.errors import InputError
from trainer.learner import Learner
from trainer.spec import DistillLoss, RankMimicking, RegionImitation

KINDS = {spec.model_fields["kind"].default: spec for spec in get_args(get_args(DistillLoss)[0])}
CLASSES = ("cat", "dog", "owl")


def make_batch(*, with_boxes: bool = True) -> Batch:
    target = make_target((4, 4, 24, 24), (10, 2, 30, 14), labels=[2, 0]) if with_boxes else make_target()
    return Batch(make_images(), ((32, 32), (32, 32)), (target, make_target()), (1, 2), (1.0, 1.0))


def make_learner(
    tmp_path: Path,
    losses: list[dict[str, Any]],
    *,
    classes: tuple[str, ...] = CLASSES,
    student: dict[str, Any] | None = None,
    teacher: dict[str, Any] | None = None,
) -> Learner:
    distillation = {"teacher": {"weights": "unread"}, "losses": losses}
    spec = make_training(distillation=distillation, **({} if student is None else {"student": student}))
    torch.manual_seed(0)
    student = build_detector(spec.student, num_classes=len(CLASSES))
    path = write_teacher(tmp_path / "teacher.safetensors", class_names=classes, **(teacher or {}))
    return Learner(spec, student, Teacher.load(path, class_names=CLASSES, device=torch.device("cpu")))


def test_every_loss_of_the_spec_is_in_the_registry_and_nothing_else() -> None:
    assert set(KINDS) == set(LOSSES) == set(NEEDS)
    assert set(get_args(RegionImitation.model_fields["region"].annotation)) == set(REGIONS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_loss_has_the_name_of_its_kind_unless_told_otherwise(kind: str) -> None:
    assert KINDS[kind]().name == kind


SPECIAL = ("rank_mimicking", "region_imitation", "localisation_distillation")  # the last one needs GFL
ALL: list[dict[str, Any]] = [
    *({"kind": kind} for kind in sorted(KINDS) if kind not in SPECIAL),
    *({"kind": "rank_mimicking", "name": f"rank_{by}", "rank_by": by} for by in ("class", "localisation", "both")),
    *({"kind": "region_imitation", "name": f"imitate_{region}", "region": region} for region in REGIONS),
    {"kind": "soft_labels", "name": "soft_everywhere", "candidates": "all"},
]


def test_all_losses_can_be_combined_and_each_pulls_at_the_student(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, ALL)
    losses = learner.losses(make_batch())
    for name, value in losses.items():
        gradients = torch.autograd.grad(value, learner.student.parameters(), retain_graph=True, allow_unused=True)
        assert any(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients), name
    assert len(losses) == 2 + len(ALL)


def test_ranks_of_both_kinds_are_added(tmp_path: Path) -> None:
    losses = make_learner(tmp_path, ALL).losses(make_batch())
    wanted = losses["rank_class"] + losses["rank_localisation"]
    assert losses["rank_both"].item() == pytest.approx(wanted.item(), rel=1e-6)


def test_ranking_by_localisation_teaches_the_boxes_and_not_the_classes(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "rank_mimicking", "rank_by": "localisation"}])
    learner.losses(make_batch())["rank_mimicking"].backward()
    assert learner.student.box_head.predict.weight.grad is not None
    assert learner.student.box_head.predict.weight.grad.abs().sum() > 0
    assert learner.student.class_head.predict.weight.grad is None


def test_all_losses_survive_a_batch_without_boxes(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, ALL)
    metrics = learner.step(make_batch(with_boxes=False), step=0)
    assert all(math.isfinite(value) for value in metrics.values())
    assert metrics["train/loss/rank_both"] == metrics["train/loss/imitate_boxes"] == 0


# Schedules


def test_a_weight_counts_from_start_to_stop() -> None:
    loss = RankMimicking(weight=2.0, start_step=3, stop_step=5)
    assert [loss.weight_at(step) for step in range(7)] == [0, 0, 0, 2, 2, 0, 0]


def test_a_linear_ramp_grows_evenly_from_the_start() -> None:
    loss = RankMimicking(weight=4.0, ramp="linear", ramp_steps=3, start_step=1)
    assert [loss.weight_at(step) for step in range(6)] == [0, 1, 2, 3, 4, 4]


def test_a_cosine_ramp_grows_slowly_at_both_ends() -> None:
    loss = RankMimicking(weight=1.0, ramp="cosine", ramp_steps=3)
    assert [round(loss.weight_at(step), 3) for step in range(5)] == [0.146, 0.5, 0.854, 1, 1]


def test_a_stop_before_the_start_is_refused() -> None:
    with pytest.raises(ValidationError, match="stop_step is 5, wanted one after start_step, which is 5"):
        RankMimicking(start_step=5, stop_step=5)


def test_a_loss_that_is_off_is_not_computed_and_the_teacher_rests(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "rank_mimicking", "start_step": 2}])
    assert "train/loss/rank_mimicking" not in learner.step(make_batch(), step=1)
    assert "train/loss/rank_mimicking" in learner.step(make_batch(), step=2)


# Classes


def test_distillation_acts_on_the_common_classes_alone(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, ALL, classes=("owl", "cow", "cat"))
    value = learner.losses(make_batch())["feature_imitation"]
    [gradient] = torch.autograd.grad(value, [learner.student.class_head.predict.bias])
    per_class = gradient.view(-1, 3).abs().sum(dim=0)
    assert per_class[1] == 0  # the dog, which the teacher does not know
    assert per_class[0] > 0
    assert per_class[2] > 0


def test_instances_of_a_class_that_the_teacher_does_not_know_are_not_ranked() -> None:
    priors = torch.tensor([[0.0, 0.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]])
    target = make_target((0, 0, 10, 10), (20, 20, 30, 30), labels=[1, 2])
    assignment = with_common_instances(
        assign_by_max_iou(priors, [target]), align_classes(("owl", "cat"), ("cat", "dog", "owl"))
    )
    assert assignment.labels.tolist() == [-1, 1]
    assert assignment.positive_instance.tolist() == [1]
    assert assignment.num_instances == 2


def test_without_a_common_class_there_is_nothing_to_teach() -> None:
    with pytest.raises(InputError, match="no name is in both: the teacher's are cow, ape, the student's are cat"):
        align_classes(("cow", "ape"), ("cat",))


# Pairing


def test_other_priors_are_fine_for_losses_on_feature_maps(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "feature_imitation"}], teacher={"anchor_scale": 4.0})
    assert "train/loss/feature_imitation" in learner.step(make_batch(), step=0)


def test_other_strides_are_refused_for_losses_on_feature_maps(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'cwd' compares feature maps.* 8, 16, 32 px, the student's 8, 16 px"):
        make_learner(tmp_path, [{"kind": "channel_wise", "name": "cwd"}], teacher={"num_levels": 3})


def test_other_priors_are_refused_for_losses_on_candidates(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'rank_mimicking' compares candidates"):
        make_learner(tmp_path, [{"kind": "rank_mimicking"}], teacher={"anchor_scale": 4.0})


def test_another_number_of_priors_is_refused_for_losses_on_candidates(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'soft_labels' compares candidates, and the teacher, a fcos, has 1 priors"):
        make_learner(tmp_path, [{"kind": "soft_labels"}], teacher={"kind": "fcos"})


def test_feature_maps_of_other_kinds_are_compared_by_the_best_prior(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "feature_imitation"}], teacher={"kind": "fcos"})
    assert learner.step(make_batch(), step=0)["train/loss/feature_imitation"] > 0


def test_adaptation_is_built_for_losses_on_features_alone(tmp_path: Path) -> None:
    assert list(make_learner(tmp_path, [{"kind": "rank_mimicking"}]).adaptation.parameters()) == []
    assert list(make_learner(tmp_path, [{"kind": "pearson_imitation"}]).adaptation.parameters()) != []


TWO_CONVS = {**TINY_STUDENT, "num_head_convs": 2}
GFL = {**TINY_STUDENT, "kind": "gfl", "anchor_scale": 2}


def test_the_students_features_are_taught_behind_the_teachers_head_and_leave_its_own_alone(tmp_path: Path) -> None:
    losses = [{"kind": "cross_head", "num_teacher_convs": 1}]
    learner = make_learner(tmp_path, losses, student=TWO_CONVS, teacher=TWO_CONVS)
    loss = learner.losses(make_batch())["cross_head"]
    branch = learner.student.class_head
    behind = [branch.predict.weight, *branch.convs[-1].parameters()]
    before = [next(learner.student.neck.parameters()), *branch.convs[0].parameters()]
    gradients = torch.autograd.grad(loss, behind + before, allow_unused=True, retain_graph=True)
    assert all(gradient is None for gradient in gradients[: len(behind)])
    assert all(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients[len(behind) :])


def test_a_student_with_the_teachers_own_weights_crosses_to_the_teachers_own_predictions(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "cross_head"}], student=TWO_CONVS, teacher=TWO_CONVS)
    teacher = learner.objective._teacher
    assert teacher is not None
    for depth in (0, 1, 2):
        crossing = Crossing(teacher.detector, teacher, [depth])
        crossing.begin()
        with torch.enable_grad():
            outputs = teacher.detector(make_batch().images)
        [crossed] = crossing.logits(outputs).values()
        for found, wanted in zip(crossed, outputs.class_logits, strict=True):
            torch.testing.assert_close(found, wanted)


def test_an_evaluation_leaves_nothing_behind_in_what_crosses(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "cross_head"}], student=TWO_CONVS, teacher=TWO_CONVS)
    assert learner.objective.crossing is not None
    learner.losses(make_batch())
    with torch.no_grad():
        learner.student.eval()(make_batch().images)
    assert [len(heard) for heard in learner.objective.crossing._heard.values()] == [len(learner.student.strides)]


def test_other_widths_cross_by_an_adaptation_that_is_trained_and_kept(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "cross_head"}], teacher={"fpn_channels": 24})
    crossing = learner.objective.crossing
    assert crossing is not None
    before = [parameter.clone() for parameter in crossing.parameters()]
    assert before
    learner.step(make_batch(), step=0)
    assert all(not torch.equal(was, is_) for was, is_ in zip(before, crossing.parameters(), strict=True))
    other = make_learner(tmp_path, [{"kind": "cross_head"}], teacher={"fpn_channels": 24})
    other.load_state_dict(learner.state_dict())
    assert other.objective.crossing is not None
    for found, wanted in zip(other.objective.crossing.parameters(), crossing.parameters(), strict=True):
        assert torch.equal(found, wanted)


def test_more_convolutions_than_a_branch_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"last 9 convolutions .* the teacher's has 1; lower num_teacher_convs"):
        make_learner(tmp_path, [{"kind": "cross_head", "num_teacher_convs": 9}])


def test_edges_are_distilled_between_two_gfl_detectors_and_teach_the_boxes_alone(tmp_path: Path) -> None:
    learner = make_learner(tmp_path, [{"kind": "localisation_distillation"}], student=GFL, teacher=GFL)
    loss = learner.losses(make_batch())["localisation_distillation"]
    boxes, classes = (list(head.parameters()) for head in (learner.student.box_head, learner.student.class_head))
    gradients = torch.autograd.grad(loss, boxes + classes, allow_unused=True)
    assert any(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients[: len(boxes)])
    assert all(gradient is None for gradient in gradients[len(boxes) :])


def test_distributions_of_edges_want_gfl_on_both_sides_and_the_same_bins(tmp_path: Path) -> None:
    losses = [{"kind": "localisation_distillation"}]
    with pytest.raises(InputError, match="GFL alone predicts; the teacher is a retinanet"):
        make_learner(tmp_path, losses)
    with pytest.raises(InputError, match="the teacher has 9 of them, the student 17"):
        make_learner(tmp_path, losses, student=GFL, teacher={**GFL, "num_bins": 9})
