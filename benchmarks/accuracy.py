"""How much distillation helps on the digit scenes, over several seeds, measured through the product itself.

Starts the embedded stack, submits every recipe of the demo with every seed over REST, and writes a table with each
job's MLflow run: `python -m benchmarks.accuracy [--seeds 0 1 2]`. About 20 minutes on two cores.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import yaml

from benchmarks.machine import conditions
from service.demo.data import finish_making_data, provide_teacher, start_making_data
from service.jobs.lifecycle import FINAL
from service.jobs.schemas import Job
from service.presets.logic import recipes_folder
from service.sdk import Client
from service.stack.interrupts import interrupts
from service.stack.stack import Stack
from workers.spec import JobSpec

ARMS = ("baseline", "paper", "tuned")
REPORT = Path(__file__).parent / "results" / "accuracy.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--state", type=Path, help="state folder to keep the runs in; a temporary one if left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stillhouse-accuracy-") as temporary, interrupts() as asked:
        with Stack(given.state or Path(temporary), tell=print) as stack:
            making = start_making_data(stack.layout.data)
            stack.wait_until_ready(asked.is_set)
            finish_making_data(making)
            provide_teacher(stack.layout.data)
            with Client(stack.layout.url, token=stack.token) as client:
                jobs = {(arm, seed): client.jobs.submit(_spec(arm, seed)) for seed in given.seeds for arm in ARMS}
                while not asked.is_set() and any(job.state not in FINAL for job in jobs.values()):
                    stack.tend()
                    time.sleep(1)
                    jobs = {key: client.jobs.get(job.id) for key, job in jobs.items()}
        if asked.is_set():
            return
        report = "\n".join(_report(jobs, given.seeds)) + "\n"
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(report)
        print(report)


def _spec(arm: str, seed: int) -> JobSpec:
    document = yaml.safe_load((recipes_folder() / "digits" / f"{arm}.yaml").read_text())
    document["training"]["seed"] = seed
    document["name"] = f"{arm}, seed {seed}"
    return JobSpec.model_validate(document)


def _report(jobs: dict[tuple[str, int], Job], seeds: Sequence[int]) -> list[str]:
    base = [jobs["baseline", seed].metrics["val/AP"] for seed in seeds]
    teacher = next(job.metrics["teacher/AP"] for job in jobs.values() if "teacher/AP" in job.metrics)
    lines = [
        "# Accuracy on the digit scenes",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.accuracy --seeds {' '.join(map(str, seeds))}`, through the REST API",
        f"- teacher: {teacher:.1f} AP",
        "",
        "AP in percent at the last step. The gain is paired: a student against the baseline of the same seed.",
        "",
        "| student | " + " | ".join(f"seed {seed}" for seed in seeds) + " | mean (spread) | gain, mean | AP50, mean |",
        "| --- |" + " --- |" * (len(seeds) + 3),
    ]
    for arm in ARMS:
        aps = [jobs[arm, seed].metrics["val/AP"] for seed in seeds]
        ap50 = statistics.mean(jobs[arm, seed].metrics["val/AP50"] for seed in seeds)
        gain = statistics.mean(ap - before for ap, before in zip(aps, base, strict=True))
        cells = [f"{ap:.1f}" for ap in aps]
        mean = f"{statistics.mean(aps):.1f} ({max(aps) - min(aps):.1f})"
        lines.append(f"| {arm} | {' | '.join(cells)} | {mean} | {gain:+.1f} | {ap50:.1f} |")
    lines += ["", "| job | seconds | MLflow run |", "| --- | --- | --- |"]
    lines += [f"| {job.name} | {_seconds(job):.0f} | {job.mlflow_run_id} |" for job in jobs.values()]
    return lines


def _seconds(job: Job) -> float:
    assert job.started_at is not None
    assert job.ended_at is not None
    return (job.ended_at - job.started_at).total_seconds()


if __name__ == "__main__":
    main()
