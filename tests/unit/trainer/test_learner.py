"""One optimiser step: schedules, accumulation, averaging and precision."""

from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from tests.unit.trainer.factories import make_detector, make_images, make_target, make_training, write_teacher
from trainer.averaging import AverageWeights
from trainer.data.batches import Batch
from trainer.distill.teacher import Teacher
from trainer.errors import DivergedError, InputError
from trainer.learner import Learner
from trainer.optimization import learning_rate_at
from trainer.spec import OptimizerSpec

BOXES = (4, 4, 24, 24), (10, 2, 30, 14)


def make_batch(num_images: int = 4) -> Batch:
    """Images with a box each, so that every part of the batch has as many positives."""
    targets = tuple(make_target(BOXES[0]) for _ in range(num_images))
    return Batch(
        make_images(num_images), ((32, 32),) * num_images, targets, tuple(range(num_images)), (1.0,) * num_images
    )


def make_learner(tmp_path: Path | None = None, *, norm: str = "group", **changes: Any) -> Learner:
    student = {"backbone": {"width": 8, "norm": norm}, "fpn_channels": 16, "num_head_convs": 1, "num_levels": 2}
    spec = make_training(distil=tmp_path is not None, student=student, **changes)
    teacher = None
    if tmp_path is not None:
        path = write_teacher(tmp_path / "teacher.safetensors")
        teacher = Teacher.load(path, class_names=("cat", "dog", "owl"), device=torch.device("cpu"))
    detector = make_detector(backbone=student["backbone"])
    return Learner(spec, detector, teacher)


def weights_of(learner: Learner) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in learner.student.parameters()])


@pytest.mark.parametrize("distil", [False, True])
def test_a_batch_in_parts_gives_the_step_of_the_whole_batch(tmp_path: Path, distil: bool) -> None:
    sgd = {"kind": "sgd", "learning_rate": 0.1, "warmup_steps": 0}  # AdamW's first step is the gradient's sign
    found = []
    for accumulate in (1, 2, 4):
        learner = make_learner(tmp_path if distil else None, batch_size=4, accumulate=accumulate, optimizer=sgd)
        metrics = learner.step(make_batch(), step=0)
        found.append((weights_of(learner), metrics["train/loss/total"], metrics["train/gradient_norm"]))
    for weights, loss, norm in found[1:]:
        assert torch.allclose(weights, found[0][0], atol=1e-5)
        assert loss == pytest.approx(found[0][1], rel=1e-4)
        assert norm == pytest.approx(found[0][2], rel=1e-3)


def test_parts_of_unequal_size_are_refused() -> None:
    with pytest.raises(ValidationError, match="batch_size is 4, accumulate 3"):
        make_training(batch_size=4, accumulate=3)


def test_the_average_follows_the_student_and_is_what_is_evaluated() -> None:
    learner = make_learner(norm="batch", ema_decay=0.5)
    before = [p.clone() for p in learner.best_student.parameters()]
    learner.step(make_batch(), step=1000)
    after = learner.best_student.parameters()
    for old, new, follows in zip(before, learner.student.parameters(), after, strict=True):
        assert torch.allclose(follows, (old + new) / 2, atol=1e-6)
    buffers = dict(learner.best_student.named_buffers())
    assert all(torch.equal(value, buffers[name]) for name, value in learner.student.named_buffers())
    assert make_learner().best_student is not learner.best_student


def test_the_average_forgets_the_start_quickly() -> None:
    student = make_detector()
    average = AverageWeights(student, decay=0.999)
    with torch.no_grad():
        for parameter in student.parameters():
            parameter.fill_(1.0)
    average.update(student, step=0)
    first = next(average.detector.parameters())
    assert (first - 1).abs().max() < 0.2


def test_without_an_average_the_student_itself_is_evaluated() -> None:
    learner = make_learner()
    assert learner.best_student is learner.student


def test_sgd_with_momentum_trains() -> None:
    learner = make_learner(optimizer={"kind": "sgd", "learning_rate": 0.01, "nesterov": True})
    before = weights_of(learner)
    learner.step(make_batch(), step=0)
    assert not torch.equal(before, weights_of(learner))


def test_nesterov_without_momentum_is_refused() -> None:
    with pytest.raises(ValidationError, match="nesterov needs a momentum above 0"):
        OptimizerSpec(kind="sgd", momentum=0, nesterov=True)


def test_the_step_schedule_drops_at_its_milestones() -> None:
    spec = OptimizerSpec(learning_rate=1.0, warmup_steps=0, schedule="step", milestones=(0.5, 0.75), decay_factor=0.1)
    rates = [learning_rate_at(step, spec, num_steps=8) for step in range(8)]
    assert rates == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])


def test_a_constant_schedule_only_warms_up() -> None:
    spec = OptimizerSpec(learning_rate=1.0, warmup_steps=2, schedule="constant")
    assert [learning_rate_at(step, spec, num_steps=5) for step in range(5)] == [0.5, 1, 1, 1, 1]


def test_float16_needs_a_gpu_and_says_so() -> None:
    with pytest.raises(InputError, match="float16 with scaled gradients needs a GPU, wanted 'bfloat16' or 'float32'"):
        make_learner(precision="float16")


def test_channels_last_gives_the_same_step() -> None:
    found = []
    for channels_last in (False, True):
        learner = make_learner(channels_last=channels_last, optimizer={"kind": "sgd", "learning_rate": 0.01})
        metrics = learner.step(make_batch(), step=0)
        found.append((weights_of(learner), metrics["train/loss/total"]))
    assert found[1][1] == pytest.approx(found[0][1], rel=1e-4)
    assert torch.allclose(found[0][0], found[1][0], atol=1e-4)
    assert learner.student.neck.layer_blocks[0][0].weight.is_contiguous(memory_format=torch.channels_last)


def test_images_are_named_when_a_loss_is_not_finite() -> None:
    learner = make_learner()
    with torch.no_grad():
        next(learner.student.parameters()).fill_(float("nan"))
    with pytest.raises(DivergedError, match=r"at step 3 on the images with the ids 0, 1, 2, 3; wanted") as caught:
        learner.step(make_batch(), step=3)
    assert caught.value.image_ids == (0, 1, 2, 3)
    assert caught.value.step == 3


def test_a_long_list_of_images_is_cut() -> None:
    assert "14, 15 ...; wanted" in str(DivergedError(term="x", step=0, value=float("nan"), image_ids=range(40)))
