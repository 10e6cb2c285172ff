"""The losses of a spec together: registry, schedules, what they need, classes and priors that differ."""

import math
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from pydantic import ValidationError

from tests.unit.trainer.factories import make_images, make_target, make_training, write_teacher
from trainer.assigners import assign_by_max_iou
from trainer.data.batches import Batch
from trainer.detectors import build_detector
from trainer.distill.class_alignment import align_classes, with_common_instances
from trainer.distill.combined import LOSSES, REGIONS
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
    teacher: dict[str, Any] | None = None,
) -> Learner:
    distillation = {"teacher": {"weights": "unread"}, "losses": losses}
    spec = make_training(distillation=distillation)
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


ALL: list[dict[str, Any]] = [
    *({"kind": kind} for kind in sorted(KINDS) if kind not in ("rank_mimicking", "region_imitation")),
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
