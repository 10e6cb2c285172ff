"""What distillation costs per optimiser step, and what vectorising rank mimicking saves.

All arms run in one process, one thread, interleaved step by step, so that a busy machine slows all of them alike.
With torchdistill on the path (`pip install --no-deps --target DIR torchdistill`, `PYTHONPATH=DIR`) its step stands
beside ours.

    python -m benchmarks.step_time [--rounds 15] [--large-rounds 3] [--teacher recipes/digits/teacher.safetensors]
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from benchmarks import by_torchdistill
from benchmarks.machine import conditions
from trainer.data.batches import Batch, Sample, Target, collate
from trainer.data.digit_scenes import CLASS_NAMES, draw_scene, split_sources
from trainer.detectors import DenseDetector, build_detector
from trainer.distill.adaptation import Adaptation
from trainer.distill.rank_mimicking import rank_mimicking_loss
from trainer.distill.teacher import Teacher
from trainer.learner import Learner
from trainer.spec import TrainingSpec

RESULTS = Path(__file__).parent / "results" / "step_time.md"
NUM_BATCHES = 2
PFI = {"kind": "feature_imitation", "detach_weight": True}
LOSSES: dict[str, list[dict[str, object]]] = {
    "RM": [{"kind": "rank_mimicking"}],
    "RM on both": [{"kind": "rank_mimicking", "rank_by": "both"}],
    "PFI": [PFI],
    "soft labels": [{"kind": "soft_labels"}],
    "whole-map imitation": [{"kind": "region_imitation"}],
    "imitation in boxes": [{"kind": "region_imitation", "region": "boxes"}],
    "PKD": [{"kind": "pearson_imitation"}],
    "CWD": [{"kind": "channel_wise"}],
    "RM + PFI": [{"kind": "rank_mimicking"}, PFI],
}
ALONE = "student"
FLOOR = "student + teacher forward (the floor)"
FULL = "student + teacher + RM + PFI"
CACHED = "student + RM + PFI from a warm cache"
ALIKE = "student + RM + PFI from a warm cache, the teacher's pyramid as wide as the student's"
WHOLE_MAP = "student + teacher + whole-map imitation"
BY_TORCHDISTILL = "the same whole-map imitation by torchdistill"
ADAPTED = "student + PFI's adaptation convolutions alone"
NUM_WARM = 2


@dataclass(frozen=True)
class Input:
    """Images of one size; `rounds` steps of each arm are timed."""

    name: str
    image_size_px: int
    batch_size: int
    rounds: int


@dataclass(frozen=True)
class Cost:
    """Medians of one arm's steps."""

    cpu_ms: float
    wall_ms: float
    peak_mb: float  # memory of the process above what it held before the step


def main() -> None:
    """Measure, print and write `results/step_time.md`."""
    parser = argparse.ArgumentParser(description="Time the steps of distillation.")
    parser.add_argument("--rounds", type=int, default=15, help="timed steps of each arm on digit scenes")
    parser.add_argument(
        "--large-rounds", type=int, default=3, help="timed steps of each arm at 800 px; 0 leaves it out"
    )
    parser.add_argument("--teacher", type=Path, default=Path("recipes/digits/teacher.safetensors"))
    given = parser.parse_args()
    torch.set_num_threads(1)
    inputs = [Input("digit scenes", 96, 16, given.rounds), Input("scenes drawn on 800 px", 800, 2, given.large_rounds)]
    tables = {}
    for size in inputs:
        if size.rounds:
            with tempfile.TemporaryDirectory() as cache:
                arms = make_arms(given.teacher, size, Path(cache))
                tables[size] = time_arms(arms, make_batches(size), rounds=size.rounds)
    report = render(tables, time_rank_mimicking(rounds=given.rounds))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


def make_batches(size: Input) -> list[Batch]:
    """A few batches of digit scenes, enlarged to the size."""
    source, _ = split_sources(0)
    samples = []
    for number in range(size.batch_size * NUM_BATCHES):
        scene = draw_scene(source, np.random.default_rng([0, 0, number]))
        scale = size.image_size_px / scene.image.shape[0]
        boxes = torch.tensor(scene.boxes_xywh, dtype=torch.float32).reshape(-1, 4) * scale
        boxes[:, 2:] += boxes[:, :2]
        labels = torch.tensor(scene.digits, dtype=torch.int64)
        small = torch.from_numpy(scene.image).permute(2, 0, 1)
        pixels = interpolate(small[None].float(), (size.image_size_px,) * 2, mode="nearest")[0].byte()
        samples.append(Sample(pixels, Target(boxes, labels), number, scale))
    return [collate(samples[start::NUM_BATCHES], size_divisor=32, with_digests=True) for start in range(NUM_BATCHES)]


def make_arms(weights: Path, size: Input, cache: Path) -> dict[str, Callable[[Batch], object]]:
    """One training step of each kind, each with a student of its own."""
    watched = make_learner(weights, [], size)
    teacher = Teacher.load(weights, class_names=CLASS_NAMES, device=torch.device("cpu"))

    def with_teacher(batch: Batch) -> None:
        teacher(batch.images)
        watched.step(batch, step=100)

    learners = {ALONE: make_learner(weights, [], size)}
    learners |= {f"student + teacher + {name}": make_learner(weights, losses, size) for name, losses in LOSSES.items()}
    learners["student + RM from a warm cache"] = make_learner(weights, LOSSES["RM"], size, cache=cache)
    learners[CACHED] = make_learner(weights, LOSSES["RM + PFI"], size, cache=cache)
    learners[ALIKE] = make_learner(weights, LOSSES["RM + PFI"], size, cache=cache, is_alike=True)
    arms: dict[str, Callable[[Batch], object]] = {
        name: lambda batch, learner=learner: learner.step(batch, step=100)  # type: ignore[misc]
        for name, learner in learners.items()
    }
    adapt = make_adaptation(watched.student, teacher, size)

    def with_adaptation(batch: Batch) -> None:
        watched.step(batch, step=100)
        adapt()

    if by_torchdistill.IS_THERE:
        student = make_learner(weights, [], size).student
        optimizer = make_spec(weights, [], size, with_cache=False).optimizer
        arms[BY_TORCHDISTILL] = by_torchdistill.whole_map_step(student, teacher, optimizer)
    return {ALONE: arms.pop(ALONE), FLOOR: with_teacher, **arms, ADAPTED: with_adaptation}


def make_adaptation(student: DenseDetector, teacher: Teacher, size: Input) -> Callable[[], None]:
    """Forward and backward of the 1x1 convolutions that PFI cannot do without, on maps of the student's shapes."""
    channels, wanted = student.spec.fpn_channels, teacher.detector.spec.fpn_channels
    sides = [-(-size.image_size_px // stride) for stride in student.strides]
    adaptation = Adaptation([channels] * len(sides), [wanted] * len(sides))
    maps = [torch.randn(size.batch_size, channels, side, side, requires_grad=True) for side in sides]
    gradients = [torch.randn(size.batch_size, wanted, side, side) for side in sides]
    return lambda: torch.autograd.backward(adaptation(maps), gradients)


def make_learner(
    weights: Path, losses: list[dict[str, object]], size: Input, *, cache: Path | None = None, is_alike: bool = False
) -> Learner:
    """A student of the demo's size with the given distillation losses; `is_alike` gives it a teacher of its size."""
    spec = make_spec(weights, losses, size, with_cache=cache is not None)
    torch.manual_seed(0)
    student = build_detector(spec.student, num_classes=len(CLASS_NAMES))
    teacher = Teacher.load(weights, class_names=CLASS_NAMES, device=torch.device("cpu")) if losses else None
    if teacher is not None and is_alike:
        teacher = Teacher(build_detector(spec.student, num_classes=len(CLASS_NAMES)), teacher.alignment)
    return Learner(spec, student, teacher, cache_root=cache, num_images=size.batch_size * NUM_BATCHES)


def make_spec(weights: Path, losses: list[dict[str, object]], size: Input, *, with_cache: bool) -> TrainingSpec:
    """The training of an arm; its data are never read."""
    unread = {"images": "unread", "annotations": "unread"}
    document: dict[str, object] = {
        "data": {"train": unread, "val": unread, "image_size_px": size.image_size_px},
        "batch_size": size.batch_size,
    }
    if losses:
        distillation = {"teacher": {"weights": str(weights)}, "losses": losses, "cache": {} if with_cache else None}
        document["distillation"] = distillation
    return TrainingSpec.model_validate(document)


def time_arms(arms: dict[str, Callable[[Batch], object]], batches: list[Batch], *, rounds: int) -> dict[str, Cost]:
    """Medians of each arm's steps; the first rounds warm up, and the cache with them."""
    found: dict[str, list[Cost]] = {name: [] for name in arms}
    for number in range(NUM_WARM + rounds):
        batch = batches[number % len(batches)]
        for name, step in arms.items():
            before_bytes = reset_peak()
            cpu_before, wall_before = time.process_time(), time.perf_counter()
            step(batch)
            cpu_ms, wall_ms = 1000 * (time.process_time() - cpu_before), 1000 * (time.perf_counter() - wall_before)
            if number >= NUM_WARM:
                found[name].append(Cost(cpu_ms, wall_ms, (status_bytes("VmHWM") - before_bytes) / 1e6))
    return {
        name: Cost(*(statistics.median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)))
        for name, costs in found.items()
    }


def reset_peak() -> int:
    """Let the kernel measure the peak of this process's memory anew; returns what it holds now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return status_bytes("VmRSS")


def status_bytes(name: str) -> int:
    """A size that the kernel tells of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [found] = [line for line in lines if line.startswith(f"{name}:")]
    return int(found.split()[1]) * 1024


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


def render(tables: dict[Input, dict[str, Cost]], ranking: tuple[float, float]) -> str:
    """The report as Markdown."""
    vectorised, loop = ranking
    lines = [
        "# Time of a step",
        "",
        *conditions(),
        f"- one thread, arms interleaved step by step, medians; load average of the machine {os.getloadavg()[0]:.1f}. "
        "Written by `python -m benchmarks.step_time`.",
        "- memory: peak of the process during a step above what it held before",
        "",
    ]
    for size, costs in tables.items():
        lines += _table(size, costs)
    lines += [
        "## Rank mimicking alone",
        "",
        f"100 instances with 10 candidates each, forward and backward: {vectorised:.2f} ms vectorised, {loop:.2f} ms "
        f"as a loop over the instances ({loop / vectorised:.0f} times as long).",
        "",
    ]
    return "\n".join(lines)


def _table(size: Input, costs: dict[str, Cost]) -> list[str]:
    alone, floor = costs[ALONE].cpu_ms, costs[FLOOR].cpu_ms
    rows = [
        f"| {name} | {cost.cpu_ms:.1f} | {cost.wall_ms:.1f} | {100 * cost.cpu_ms / alone:.0f}% | "
        f"{100 * cost.cpu_ms / floor:.0f}% | {cost.peak_mb:.0f} |"
        for name, cost in costs.items()
    ]
    beside = []
    if BY_TORCHDISTILL in costs:
        ratio = costs[WHOLE_MAP].cpu_ms / costs[BY_TORCHDISTILL].cpu_ms
        version = importlib.metadata.version("torchdistill")
        beside = [
            f"Whole-map imitation, which torchdistill {version} can express with the same student, teacher, adaptation "
            f"and optimiser, takes {ratio:.3f} times its step. It has no RM and no PFI.",
            "",
        ]
    return [
        f"## {size.name[0].upper()}{size.name[1:]}, {size.image_size_px} px, batch of {size.batch_size}, "
        f"{size.rounds} rounds",
        "",
        "| arm | CPU ms | wall ms | of the student | of the floor | peak MB |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        f"RM + PFI: {costs[FULL].cpu_ms / floor:.3f} times the floor (the student's own step and the teacher's "
        f"backbone, neck and class head); with a warm cache {costs[CACHED].cpu_ms / alone:.3f} times the student "
        f"alone, of which the adaptation convolutions make {costs[ADAPTED].cpu_ms / alone - 1:.3f}. Where both "
        f"pyramids are of one width, as in all of the paper's pairs, there are none: {costs[ALIKE].cpu_ms / alone:.3f} "
        "times.",
        "",
        *beside,
    ]


if __name__ == "__main__":
    main()
