"""The four detectors at one size and budget on the digit scenes, plain and distilled, through the product itself.

Starts the embedded stack, submits each student with every seed over REST, and writes a table with each job's MLflow
run: `python -m benchmarks.detectors [--seeds 0 1 2] [--steps 600] [--arms plain distilled]`. Under `distilled` each
kind of detector first gets a teacher of its own kind, since priors of different kinds cannot be paired, and is then
trained with RM and PFI at weights found for RetinaNet. 12 minutes on two cores for the plain ones, 40 for the others.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.machine import conditions
from service.demo.data import finish_making_data, start_making_data
from service.jobs.lifecycle import FINAL
from service.jobs.schemas import Job
from service.presets.logic import recipes_folder
from service.sdk import Client
from service.stack.interrupts import interrupts
from service.stack.stack import Stack
from workers.spec import JobSpec

REPORT = Path(__file__).parent / "results" / "detectors.md"
# What is compared, by its name: what it has in the place of the recipe's student. Digits are 12 to 40 pixels wide;
# RetinaNet's smallest anchors are 20 pixels by default, the others' 64.
STUDENTS: Mapping[str, Mapping[str, Any]] = {
    "retinanet": {"kind": "retinanet"},
    "fcos": {"kind": "fcos"},
    "atss": {"kind": "atss"},
    "atss, anchors of 20 px": {"kind": "atss", "anchor_scale": 2.5},
    "gfl": {"kind": "gfl"},
    "gfl, anchors of 20 px": {"kind": "gfl", "anchor_scale": 2.5},
}
KINDS = ("retinanet", "fcos", "atss", "gfl")
LOSSES = (
    {"kind": "rank_mimicking", "weight": 2.16, "temperature": 5.5},
    {"kind": "feature_imitation", "weight": 700.0},
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--students", nargs="+", choices=STUDENTS, default=list(STUDENTS))
    parser.add_argument(
        "--arms",
        nargs="+",
        choices=["plain", "distilled"],
        default=["plain"],
        help="without distillation; with RM and PFI from a teacher of the same kind",
    )
    parser.add_argument("--teacher-steps", type=int, default=1600)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--state", type=Path, help="state folder to keep the runs in; a temporary one if left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stillhouse-detectors-") as temporary, interrupts() as asked:
        with Stack(given.state or Path(temporary), tell=print) as stack:
            making = start_making_data(stack.layout.data)
            stack.wait_until_ready(asked.is_set)
            finish_making_data(making)
            with Client(stack.layout.url, token=stack.token) as client:
                bench = Bench(client, stack.tend, asked.is_set, given.steps, given.teacher_steps)
                students = given.students if "plain" in given.arms else ()
                plain = bench.run({(name, seed): bench.plain(name, seed) for seed in given.seeds for name in students})
                distilled = bench.distil(given.seeds, given.students) if "distilled" in given.arms else {}
        if asked.is_set():
            return
        report = "\n".join(_report(plain, distilled, given.seeds, given.steps)) + "\n"
        given.report.parent.mkdir(exist_ok=True)
        given.report.write_text(report)
        print(report)


Jobs = Mapping[tuple[str, int], Job]


class Bench:
    """Submits jobs to a running stack and waits for them."""

    def __init__(
        self, client: Client, tend: Callable[[], None], is_asked: Callable[[], bool], steps: int, teacher_steps: int
    ) -> None:
        self._client, self._tend, self._is_asked = client, tend, is_asked
        self._steps, self._teacher_steps = steps, teacher_steps

    def run(self, specs: Mapping[tuple[str, int], JobSpec]) -> Jobs:
        jobs = {key: self._client.jobs.submit(spec) for key, spec in specs.items()}
        while not self._is_asked() and any(job.state not in FINAL for job in jobs.values()):
            self._tend()
            time.sleep(1)
            jobs = {key: self._client.jobs.get(job.id) for key, job in jobs.items()}
        for job in jobs.values():
            if job.state == "failed":
                raise SystemExit(f"{job.name} failed: {job.reason}")
        return jobs

    def plain(self, name: str, seed: int) -> JobSpec:
        return _spec("baseline", f"{name}, seed {seed}", STUDENTS[name], num_steps=self._steps, seed=seed)

    def distil(self, seeds: Sequence[int], names: Sequence[str]) -> Jobs:
        """Train a teacher of each kind, then each student with its kind's teacher; the teachers have seed -1."""
        kinds = [kind for kind in KINDS if kind in names]
        teachers = self.teach(kinds)
        students = self.run({(kind, seed): self._distilled(kind, seed) for seed in seeds for kind in kinds})
        return {**teachers, **students}

    def teach(self, kinds: Sequence[str]) -> Jobs:
        """Train a teacher of each kind and register it as `KIND-teacher`."""
        teachers = self.run(
            {(k, -1): _spec("teacher", f"{k}-teacher", STUDENTS[k], num_steps=self._teacher_steps) for k in kinds}
        )
        for (kind, _), job in teachers.items():
            self._client.models.register({"name": f"{kind}-teacher", "weights": {"job": job.id}})
            while not self._is_asked() and self._client.models.get(f"{kind}-teacher").version.state == "checking":
                self._tend()
                time.sleep(1)
        return teachers

    def _distilled(self, kind: str, seed: int) -> JobSpec:
        distillation = {"teacher": {"model": f"{kind}-teacher"}, "losses": list(LOSSES), "cache": {}}
        name = f"{kind}, RM and PFI, seed {seed}"
        return _spec("baseline", name, STUDENTS[kind], num_steps=self._steps, seed=seed, distillation=distillation)


def _spec(recipe: str, name: str, student: Mapping[str, Any], **training: Any) -> JobSpec:
    document = yaml.safe_load((recipes_folder() / "digits" / f"{recipe}.yaml").read_text())
    document["name"] = name
    document["training"]["student"] |= student
    document["training"] |= {**training, "evaluate_every_steps": training["num_steps"]}
    return JobSpec.model_validate(document)


def _report(plain: Jobs, distilled: Jobs, seeds: Sequence[int], steps: int) -> list[str]:
    arms = f" --arms{' plain' if plain else ''} distilled" if distilled else ""
    lines = [
        "# The four detectors on the digit scenes",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.detectors --seeds {' '.join(map(str, seeds))} --steps {steps}"
        f"{arms}`, through the REST API",
        f"- students of one size (backbone, FPN width) trained for {steps} steps",
        "",
        "AP in percent at the last step; *beside RetinaNet* is the ratio of the means over the same seeds.",
    ]
    if plain:
        lines += ["", *_table(plain, seeds)]
    if distilled:
        lines += ["", "With RM and PFI from a teacher of the same kind:", "", *_table(distilled, seeds)]
        lines += ["", "| teacher | AP |", "| --- | --- |"]
        lines += [f"| {name} | {_ap(job):.1f} |" for (name, seed), job in distilled.items() if seed < 0]
    lines += ["", "| job | seconds | MLflow run |", "| --- | --- | --- |"]
    lines += [
        f"| {job.name} | {_seconds(job):.0f} | {job.mlflow_run_id} |" for job in [*plain.values(), *distilled.values()]
    ]
    return lines


def _table(jobs: Jobs, seeds: Sequence[int]) -> list[str]:
    lines = [
        "| student | "
        + " | ".join(f"seed {seed}" for seed in seeds)
        + " | mean (spread) | beside RetinaNet | AP50, mean |",
        "| --- |" + " --- |" * (len(seeds) + 3),
    ]
    names = list(dict.fromkeys(name for name, seed in jobs if seed in seeds))
    means = {name: statistics.mean(_ap(jobs[name, seed]) for seed in seeds) for name in names}
    for name in names:
        aps = [_ap(jobs[name, seed]) for seed in seeds]
        ap50 = statistics.mean(jobs[name, seed].metrics["val/AP50"] for seed in seeds)
        beside = f"{means[name] / means['retinanet']:.2f}" if means.get("retinanet") else "-"
        cells = " | ".join(f"{ap:.1f}" for ap in aps)
        lines.append(f"| {name} | {cells} | {means[name]:.1f} ({max(aps) - min(aps):.1f}) | {beside} | {ap50:.1f} |")
    return lines


def _ap(job: Job) -> float:
    return job.metrics["val/AP"]


def _seconds(job: Job) -> float:
    assert job.started_at is not None
    assert job.ended_at is not None
    return (job.ended_at - job.started_at).total_seconds()


if __name__ == "__main__":
    main()
