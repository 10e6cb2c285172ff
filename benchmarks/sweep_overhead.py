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
import sys
import time
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
Arm = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a sweep beside bare Ray Tune.")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--concurrent", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with running_stack() as stack:
        rounds = [_round(stack, number, given.trials, given.concurrent) for number in range(given.rounds)]
    report = render(rounds, trials=given.trials, concurrent=given.concurrent)
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


def _round(stack: Stack, number: int, trials: int, concurrent: int) -> Arm:
    bare_s, training_s = _bare(stack, number, trials, concurrent)
    through_s = _through_the_service(stack, number, trials, concurrent)
    own = training_s / concurrent
    found = {"trainings": own, "bare Ray Tune": bare_s - own, "Stillhouse": through_s - own}
    print("  ".join(f"{name}: {seconds:.1f} s" for name, seconds in found.items()), flush=True)
    return found


def _training(number: int) -> dict[str, object]:
    """One step on four images and its evaluation, on the CPU that a trial holds."""
    return small_training(steps=1, distil=False, seed=number, diagnostics={"enabled": False}, preflight=False)


def _through_the_service(stack: Stack, number: int, trials: int, concurrent: int) -> float:
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
    return seconds


def _bare(stack: Stack, number: int, trials: int, concurrent: int) -> tuple[float, float]:
    """Seconds of the whole, and those of all trainings together."""
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
    each = json.loads(log.read_text().strip().splitlines()[-1])
    assert len(each) == trials
    return seconds, sum(each)


def render(rounds: list[Arm], *, trials: int, concurrent: int) -> str:
    """The report in Markdown."""
    ratio = statistics.median(found["Stillhouse"] / found["bare Ray Tune"] for found in rounds)
    per_trial = statistics.median(found["Stillhouse"] / trials for found in rounds)
    lines = [
        "# What a sweep costs beyond its trainings",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.sweep_overhead --trials {trials} --concurrent {concurrent} "
        f"--rounds {len(rounds)}`, the embedded stack on the same cores",
        "",
        f"Stillhouse's overhead is {ratio:.2f} times that of bare Ray Tune (goal: at most {RATIO_GOAL}), "
        f"{per_trial:.2f} s a trial (goal: at most {TRIAL_S_GOAL}); medians of the rounds.",
        "",
        "| round | trainings alone, s | overhead of bare Ray Tune, s | overhead of Stillhouse, s | ratio |",
        "| --- | --- | --- | --- | --- |",
    ]
    for number, found in enumerate(rounds, start=1):
        cells = " | ".join(f"{found[name]:.1f}" for name in ("trainings", "bare Ray Tune", "Stillhouse"))
        lines.append(f"| {number} | {cells} | {found['Stillhouse'] / found['bare Ray Tune']:.2f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
