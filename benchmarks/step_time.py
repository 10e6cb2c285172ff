"""What distillation costs per optimiser step, and what vectorising rank mimicking saves.

All arms run in one process, one thread, interleaved step by step, so that a busy machine slows all of them alike.

    python -m benchmarks.step_time [--rounds 30] [--teacher recipes/digits/teacher.safetensors]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.machine import conditions
from trainer.data.batches import Batch, Sample, Target, collate
from trainer.data.digit_scenes import CLASS_NAMES, draw_scene, split_sources
from trainer.detectors import build_detector
from trainer.distill.rank_mimicking import rank_mimicking_loss
from trainer.distill.teacher import Teacher
from trainer.learner import Learner
from trainer.spec import TrainingSpec

RESULTS = Path(__file__).parent / "results" / "step_time.md"
BATCH_SIZE = 16
NUM_BATCHES = 4
RM = {"kind": "rank_mimicking"}
PFI = {"kind": "feature_imitation", "detach_weight": True}
FLOOR = "student + teacher forward (the floor)"
FULL = "student + teacher + RM + PFI"


def main() -> None:
    """Measure, print and write `results/step_time.md`."""
    parser = argparse.ArgumentParser(description="Time the steps of distillation.")
    parser.add_argument("--rounds", type=int, default=30, help="timed steps of each arm")
    parser.add_argument("--teacher", type=Path, default=Path("recipes/digits/teacher.safetensors"))
    given = parser.parse_args()
    torch.set_num_threads(1)
    steps = time_arms(make_arms(given.teacher), make_batches(), rounds=given.rounds)
    report = render(steps, time_rank_mimicking(rounds=given.rounds), rounds=given.rounds)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


def make_batches() -> list[Batch]:
    """A few batches of digit scenes."""
    source, _ = split_sources(0)
    samples = []
    for number in range(BATCH_SIZE * NUM_BATCHES):
        scene = draw_scene(source, np.random.default_rng([0, 0, number]))
        boxes = torch.tensor(scene.boxes_xywh, dtype=torch.float32).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        labels = torch.tensor(scene.digits, dtype=torch.int64)
        samples.append(Sample(torch.from_numpy(scene.image).permute(2, 0, 1), Target(boxes, labels), number, 1.0))
    return [collate(samples[start::NUM_BATCHES], size_divisor=32) for start in range(NUM_BATCHES)]


def make_arms(weights: Path) -> dict[str, Callable[[Batch], object]]:
    """One training step of each kind, each with a student of its own."""
    alone = make_learner(weights, [])
    watched = make_learner(weights, [])
    spec = make_spec(weights, [])
    student = build_detector(spec.student, num_classes=len(CLASS_NAMES))
    teacher = Teacher.load(weights, class_names=CLASS_NAMES, student=student, device=torch.device("cpu"))

    def with_teacher(batch: Batch) -> None:
        teacher(batch.images)
        watched.step(batch, step=100)

    arms: dict[str, Callable[[Batch], object]] = {
        "student": lambda batch: alone.step(batch, step=100),
        FLOOR: with_teacher,
    }
    for name, losses in (("RM", [RM]), ("PFI", [PFI]), ("RM + PFI", [RM, PFI])):
        learner = make_learner(weights, losses)
        arms[f"student + teacher + {name}"] = lambda batch, learner=learner: learner.step(batch, step=100)  # type: ignore[misc]
    return arms


def make_learner(weights: Path, losses: list[dict[str, object]]) -> Learner:
    """A student of the demo's size with the given distillation losses."""
    spec = make_spec(weights, losses)
    torch.manual_seed(0)
    student = build_detector(spec.student, num_classes=len(CLASS_NAMES))
    if not losses:
        return Learner(spec, student, None)
    device = torch.device("cpu")
    return Learner(spec, student, Teacher.load(weights, class_names=CLASS_NAMES, device=device))


def make_spec(weights: Path, losses: list[dict[str, object]]) -> TrainingSpec:
    """The training of an arm; its data are never read."""
    unread = {"images": "unread", "annotations": "unread"}
    document: dict[str, object] = {"data": {"train": unread, "val": unread}, "batch_size": BATCH_SIZE}
    if losses:
        document["distillation"] = {"teacher": {"weights": str(weights)}, "losses": losses}
    return TrainingSpec.model_validate(document)


def time_arms(
    arms: dict[str, Callable[[Batch], object]], batches: list[Batch], *, rounds: int
) -> dict[str, tuple[float, float]]:
    """Median milliseconds (CPU, wall) of one step of each arm; the first three rounds warm up."""
    cpu: dict[str, list[float]] = {name: [] for name in arms}
    wall: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(rounds + 3):
        batch = batches[number % len(batches)]
        for name, step in arms.items():
            cpu_before, wall_before = time.process_time(), time.perf_counter()
            step(batch)
            if number >= 3:
                cpu[name].append(1000 * (time.process_time() - cpu_before))
                wall[name].append(1000 * (time.perf_counter() - wall_before))
    return {name: (statistics.median(cpu[name]), statistics.median(wall[name])) for name in arms}


def loop_rank_mimicking(student: Tensor, teacher: Tensor, instance: Tensor, *, num_instances: int) -> Tensor:
    """The plain loop that the vectorised loss is compared with."""
    total = student.sum() * 0
    for number in range(num_instances):
        of_instance = instance == number
        log_student = student[of_instance].log_softmax(0)
        log_teacher = teacher[of_instance].log_softmax(0)
        total = total + (log_teacher.exp() * (log_teacher - log_student)).sum()
    return total / num_instances


def time_rank_mimicking(*, rounds: int, num_instances: int = 100, num_candidates: int = 10) -> tuple[float, float]:
    """Median CPU milliseconds, forward and backward, of the vectorised loss and of the loop."""
    torch.manual_seed(0)
    instance = torch.arange(num_instances).repeat_interleave(num_candidates)
    teacher = torch.rand(instance.shape[0])
    losses = (rank_mimicking_loss, loop_rank_mimicking)
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for loss, times in zip(losses, found, strict=True):
            student = torch.rand(instance.shape[0], requires_grad=True)
            before = time.process_time()
            loss(student, teacher, instance, num_instances=num_instances).backward()
            times.append(1000 * (time.process_time() - before))
    return statistics.median(found[0]), statistics.median(found[1])


def render(steps: dict[str, tuple[float, float]], ranking: tuple[float, float], *, rounds: int) -> str:
    """The report as Markdown."""
    alone, floor, full = (steps[name][0] for name in ("student", FLOOR, FULL))
    rows = [
        f"| {name} | {cpu:.1f} | {wall:.1f} | {100 * cpu / alone:.0f}% | {100 * cpu / floor:.0f}% |"
        for name, (cpu, wall) in steps.items()
    ]
    vectorised, loop = ranking
    return "\n".join(
        [
            "# Time of a step",
            "",
            *conditions(),
            f"- one thread, batch of {BATCH_SIZE} digit scenes of 96 px, medians of {rounds} interleaved steps; load "
            f"average of the machine {os.getloadavg()[0]:.1f}. Written by `python -m benchmarks.step_time`.",
            "",
            "| arm | CPU ms | wall ms | of the student | of the floor |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"The floor is the student's own step and the teacher's backbone, neck and class head: RM and PFI add "
            f"{full - floor:.1f} ms ({100 * (full / floor - 1):.0f}%) to it. On a busy machine, differences of a few "
            "percent are noise.",
            "",
            f"Rank mimicking of 100 instances with 10 candidates each, forward and backward: {vectorised:.2f} ms "
            f"vectorised, {loop:.2f} ms as a loop over the instances ({loop / vectorised:.0f} times as long).",
            "",
        ]
    )


if __name__ == "__main__":
    main()
