"""What a sweep costs beyond its trainings, beside bare Ray Tune with the same trainings on the same cluster.

Both arms are Ray jobs on the embedded stack, one after the other, random search, actors used again, the same number
of trials at once. The clock runs from the request until the job has ended. What is left after the trainings' own time
(as measured in the bare arm, where nothing disturbs them, by the number that run at once) is the overhead.

    python -m benchmarks.sweep_overhead [--trials 100] [--concurrent 1] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import shlex
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.embedded import ask_ray, running_stack, tend_until
from benchmarks.machine import conditions
from service.clients.ray import RayStatus
from service.jobs.lifecycle import FINAL
from service.sdk import Client
from service.stack.stack import Stack
from tests.factories import NO_CONTROLS, small_training
from workers.spec import SweepSpec

RESULTS = Path(__file__).parent / "results" / "sweep_overhead.md"
TRIAL_S_GOAL, RATIO_GOAL = 0.3, 1.2
WITHIN_S = 3600.0
FEW_SCENES, NUM_SCENES = "few-scenes", 4


@dataclass(frozen=True)
class Arm:
    """One arm of a round: seconds from the request to the end, and the moments at which its trials ended."""

    seconds: float
    ended: list[float]

    def between_trials(self, training_s: float) -> float:
        """Seconds of a trial beyond its training, once the first one has ended and everything is started."""
        return (max(self.ended) - min(self.ended)) / (len(self.ended) - 1) - training_s


@dataclass(frozen=True)
class Round:
    """Both arms, and the seconds of each training in the bare one."""

    bare: Arm
    stillhouse: Arm
    trainings: list[float]
    concurrent: int

    @property
    def training_s(self) -> float:
        """What one training adds to the time of a sweep."""
        return statistics.mean(self.trainings) / self.concurrent

    def overhead(self, arm: Arm) -> float:
        return arm.seconds - self.training_s * len(self.trainings)

    @property
    def ratio(self) -> float:
        return self.overhead(self.stillhouse) / self.overhead(self.bare)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a sweep beside bare Ray Tune.")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--concurrent", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--report", type=Path, default=RESULTS, help="where the figures are written")
    given = parser.parse_args()
    with running_stack() as stack:
        _make_few_scenes(stack.layout.data)
        rounds = [_round(stack, number, given.trials, given.concurrent) for number in range(given.rounds)]
    report = render(rounds, trials=given.trials, concurrent=given.concurrent)
    given.report.write_text(report, encoding="utf-8")
    print(report)


def _round(stack: Stack, number: int, trials: int, concurrent: int) -> Round:
    bare, trainings = _bare(stack, number, trials, concurrent)
    found = Round(bare, _through_the_service(stack, number, trials, concurrent), trainings, concurrent)
    print(" | ".join(_cells(found)), flush=True)
    return found


def _make_few_scenes(data_root: Path) -> None:
    sizes = ["--train", str(NUM_SCENES), "--val", str(NUM_SCENES)]
    command = [sys.executable, "-m", "trainer.data.digit_scenes", "--out", str(data_root / FEW_SCENES), *sizes]
    subprocess.run(command, check=True)


def _training(number: int) -> dict[str, object]:
    """One step on four images and its evaluation on as many, on the CPU that a trial holds."""
    data = {
        name: {"images": f"{FEW_SCENES}/{name}", "annotations": f"{FEW_SCENES}/annotations/{name}.json"}
        for name in ("train", "val")
    }
    changes = {"data": data, "diagnostics": {"enabled": False}, "preflight": False}
    return small_training(steps=1, distil=False, seed=number, **changes)


def _through_the_service(stack: Stack, number: int, trials: int, concurrent: int) -> Arm:
    spec = SweepSpec.model_validate(
        {
            "name": f"overhead {number}",
            "training": _training(number),
            "space": {"optimizer.learning_rate": {"kind": "uniform", "low": 1e-4, "high": 1e-2, "log": True}},
            "search": {"kind": "random"},
            "num_trials": trials,
            "max_concurrent_trials": concurrent,
            "controls": NO_CONTROLS,
        }
    )
    with Client(stack.layout.url, token=stack.token) as client:
        started = time.monotonic()
        job = client.sweeps.submit(spec)
        tend_until(stack, lambda: client.jobs.get(job.id).state in FINAL, every_s=0.2, within_s=WITHIN_S)
        seconds = time.monotonic() - started
        ended = client.jobs.get(job.id)
        assert ended.state == "succeeded", ended.reason
        assert ended.reason.startswith(f"{trials} of {trials} trials"), ended.reason
        moments = [trial.ended_at.timestamp() for trial in client.sweeps.trials(job.id).items if trial.ended_at]
    return Arm(seconds, moments)


def _bare(stack: Stack, number: int, trials: int, concurrent: int) -> tuple[Arm, list[float]]:
    """The arm, and the seconds of each training."""
    out = stack.layout.state / f"bare-{number}"
    path = out.with_suffix(".json")
    path.write_text(json.dumps(_training(number)))
    words = [sys.executable, str(Path(__file__).with_name("bare_sweep.py")), str(path), str(out)]
    entrypoint = shlex.join([*words, str(stack.layout.data), str(trials), str(concurrent)])
    started = time.monotonic()
    ask_ray(stack, lambda ray: ray.launch(out.name, entrypoint, cpus=0, gpus=0, env_vars={}))

    def status() -> RayStatus:
        found = ask_ray(stack, lambda ray: ray.job(out.name))
        assert found is not None
        return found.status

    tend_until(stack, lambda: status().ended, every_s=0.2, within_s=WITHIN_S)
    seconds = time.monotonic() - started
    [log] = stack.layout.ray_temp.glob(f"session_2*/logs/job-driver-{out.name}.log")
    assert status() == RayStatus.SUCCEEDED, log.read_text()[-3000:]
    found = json.loads(log.read_text().strip().splitlines()[-1])
    assert len(found["seconds"]) == trials
    return Arm(seconds, found["ended"]), found["seconds"]


def render(rounds: list[Round], *, trials: int, concurrent: int) -> str:
    """The report in Markdown."""
    ratio = statistics.median(found.ratio for found in rounds)
    between = statistics.median(found.stillhouse.between_trials(found.training_s) for found in rounds)
    bare = statistics.median(found.bare.between_trials(found.training_s) for found in rounds)
    lines = [
        "# What a sweep costs beyond its trainings",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.sweep_overhead --trials {trials} --concurrent {concurrent} "
        f"--rounds {len(rounds)}`, the embedded stack on the same cores; medians of the rounds",
        "",
        f"From the request to the end Stillhouse's overhead is {ratio:.2f} times that of bare Ray Tune (goal: at most "
        f"{RATIO_GOAL}). Once everything is started, a trial costs {between:.2f} s beyond its training (goal: at most "
        f"{TRIAL_S_GOAL}), with bare Ray Tune {bare:.2f} s.",
        "",
        "| round | trainings alone, s | overhead of bare Ray Tune, s | of Stillhouse, s | ratio "
        "| a trial, bare Ray Tune, s | a trial, Stillhouse, s |",
        "| --- |" + " --- |" * 6,
        *(f"| {number} | {' | '.join(_cells(found))} |" for number, found in enumerate(rounds, start=1)),
    ]
    return "\n".join(lines) + "\n"


def _cells(found: Round) -> list[str]:
    sums = (found.training_s * len(found.trainings), found.overhead(found.bare), found.overhead(found.stillhouse))
    each = (arm.between_trials(found.training_s) for arm in (found.bare, found.stillhouse))
    return [*(f"{value:.1f}" for value in sums), f"{found.ratio:.2f}", *(f"{value:.2f}" for value in each)]


if __name__ == "__main__":
    main()
