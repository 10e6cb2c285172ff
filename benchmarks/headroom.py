"""What rank mimicking could gain at best on the digit scenes: boxes that a student would choose by the teacher's order.

Trains RetinaNet students without distillation and looks at every object of the validation images with at least two
candidates. Non-maximum suppression keeps the candidate that a model scores highest; of the student's own boxes this
takes the one that the student puts first, the one that the teacher puts first, and the best one there is, and compares
their IoU with the object. If the teacher's choice is no better than the student's own, its order has nothing to teach.

    python -m benchmarks.headroom [--seeds 1 2 3] [--steps 400 1600]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path

import torch
import yaml
from torch import Tensor

from benchmarks.machine import conditions
from service.demo.data import provide_teacher
from service.presets.logic import recipes_folder
from trainer.data.batches import SampleStore, collate
from trainer.data.coco import read_split
from trainer.data.digit_scenes import make_digit_scenes
from trainer.detectors import DenseDetector, load_detector
from trainer.distill.positives import class_values_of_positives, qualities_of_positives
from trainer.distill.teacher import Teacher
from trainer.reporting import NullReporter
from trainer.spec import TrainingSpec
from trainer.training import train

RESULTS = Path(__file__).parent / "results" / "headroom.md"
BATCH_SIZE = 16


@dataclass(frozen=True)
class Choice:
    """Mean IoU, in percent, of the student's boxes with their objects."""

    own: float  # of the candidate that the student scores highest
    teachers: float  # of the one that the teacher scores highest
    best: float  # of the best one
    mean: float  # of all candidates
    teachers_own: float  # of the teacher's own boxes, at its own choice
    objects: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--steps", type=int, nargs="+", default=[400, 1600])
    given = parser.parse_args()
    lines = [
        "# What the teacher's order could gain",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.headroom --seeds {' '.join(map(str, given.seeds))} --steps "
        f"{' '.join(map(str, given.steps))}`",
        "- RetinaNet students without distillation, over objects of the validation images that have candidates; mean "
        "IoU in percent of the student's box with the object, over the seeds",
        "",
        "| steps | AP | the student's choice | the teacher's choice | the best choice | mean of all candidates | "
        "the teacher's own box |",
        "| --- |" + " --- |" * 6,
    ]
    with tempfile.TemporaryDirectory(prefix="stillhouse-headroom-") as folder:
        data = Path(folder)
        make_digit_scenes(data / "digit-scenes")
        teacher_path = provide_teacher(data)
        for steps in given.steps:
            found, aps = [], []
            for seed in given.seeds:
                spec = _spec(steps, seed)
                result = train(spec, out=data / f"{steps}-{seed}", data_root=data, reporter=NullReporter())
                student, card = load_detector(result.weights)
                teacher = Teacher.load(teacher_path, class_names=card.class_names, device=torch.device("cpu"))
                found.append(compare(student, teacher, spec, data))
                aps.append(result.metrics["val/AP"])
            means = [statistics.mean(getattr(choice, field.name) for choice in found) for field in fields(Choice)[:5]]
            lines.append(f"| {steps} | {statistics.mean(aps):.1f} | {' | '.join(f'{mean:.1f}' for mean in means)} |")
            lines_of_seeds = [
                f"{steps} steps, seed {seed}: {choice}" for seed, choice in zip(given.seeds, found, strict=True)
            ]
            print("\n".join(lines_of_seeds), flush=True)
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


def _spec(steps: int, seed: int) -> TrainingSpec:
    document = yaml.safe_load((recipes_folder() / "digits" / "baseline.yaml").read_text())
    training = document["training"] | {"seed": seed, "num_steps": steps, "evaluate_every_steps": steps}
    return TrainingSpec.model_validate(training)


@torch.no_grad()
def compare(student: DenseDetector, teacher: Teacher, spec: TrainingSpec, data: Path) -> Choice:
    """Boxes chosen in each way, over the whole validation split."""
    split = read_split(spec.data.val, data_root=data)
    store = SampleStore(split, image_size_px=spec.data.image_size_px, keep=False)
    student.eval()
    chosen: dict[str, list[Tensor]] = {field.name: [] for field in fields(Choice)[:5]}
    for start in range(0, len(store), BATCH_SIZE):
        samples = [store[index] for index in range(start, min(start + BATCH_SIZE, len(store)))]
        batch = collate(samples, size_divisor=student.size_divisor)
        ours, theirs = student(batch.images), teacher(batch.images, with_boxes=True)
        assignment = student.assign(ours, batch.targets)
        scores, taught = (class_values_of_positives(outputs, assignment) for outputs in (ours, theirs))
        boxes, taught_boxes = (qualities_of_positives(outputs, assignment) for outputs in (ours, theirs))
        for number in torch.unique(assignment.positive_instance).tolist():
            of_object = assignment.positive_instance == number
            if int(of_object.sum()) < 2:
                continue
            ious = boxes[of_object]
            chosen["own"].append(ious[scores[of_object].argmax()])
            chosen["teachers"].append(ious[taught[of_object].argmax()])
            chosen["best"].append(ious.max())
            chosen["mean"].append(ious.mean())
            chosen["teachers_own"].append(taught_boxes[of_object][taught[of_object].argmax()])
    means = {name: 100 * torch.stack(values).mean().item() for name, values in chosen.items()}
    return Choice(**means, objects=len(chosen["own"]))


if __name__ == "__main__":
    main()
