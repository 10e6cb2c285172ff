"""How long from the request to the trainer's first step, and until a running job has been cancelled or paused.

Starts the embedded stack, then sends in turn a job through the REST API and a bare Ray job with the same training to
the same cluster. Each runs alone. The clock starts with the request and ends when the first step is in the log of the
attempt, or in a file of the bare job; both are looked at every 50 ms. Afterwards running jobs are cancelled and paused.

    python -m benchmarks.latency [--pairs 7]
"""

from __future__ import annotations

import argparse
import shlex
import statistics
import sys
import time
from pathlib import Path

from benchmarks.embedded import ask_ray, running_stack, tend_until
from benchmarks.machine import conditions
from service.jobs.lifecycle import FINAL
from service.sdk import Client
from service.stack.stack import Stack
from tests.factories import small_job
from workers.spec import JobFolder, JobSpec

RESULTS = Path(__file__).parent / "results" / "latency.md"
GOAL_S = 2.0
SETTLED_GOAL_S = 15.0
ACTIONS = {"cancel": "cancelled", "pause": "paused"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the start of a job.")
    parser.add_argument("--pairs", type=int, default=7, help="measured pairs, after one that warms up")
    given = parser.parse_args()
    with running_stack() as stack:
        pairs = [_pair(stack, number) for number in range(given.pairs + 1)][1:]
        settled = {name: [_settle(stack, name, number) for number in range(given.pairs)] for name in ACTIONS}
    report = render(pairs, settled)
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


def _pair(stack: Stack, number: int) -> dict[str, float]:
    spec = _spec(number)
    seconds = {**_through_the_service(stack, spec), "bare Ray job": _bare(stack, spec, number)}
    print("  ".join(f"{name}: {value:.2f} s" for name, value in seconds.items()), flush=True)
    return seconds


def _spec(number: int, *, steps: int = 12) -> JobSpec:
    """The digit scenes' job with few steps; another seed each time, so that no two requests are the same."""
    spec = small_job(f"start {number}", steps=steps)
    training = {**spec.training.model_dump(mode="json"), "seed": number, "log_every_steps": 1}
    return JobSpec.model_validate({"name": spec.name, "training": training})


def _through_the_service(stack: Stack, spec: JobSpec) -> dict[str, float]:
    with Client(stack.layout.url, token=stack.token) as client:
        client.jobs.list(limit=1)  # the connection is there before the clock starts
        started, started_at = time.monotonic(), time.time()
        job = client.jobs.submit(spec)
        log = JobFolder(stack.layout.state / "storage", job.id).log(1)
        tend_until(stack, lambda: log.exists() and " step 1 " in log.read_text(errors="replace"))
        first_step = time.monotonic() - started
        tend_until(stack, lambda: client.jobs.get(job.id).state in FINAL, every_s=0.5)
        ended = client.jobs.get(job.id)
        assert ended.state == "succeeded", ended.reason
        events = {event.to_state: event.at.timestamp() for event in client.jobs.events(job.id).items}
    return {"through Stillhouse": first_step, "of it, until admitted": events["starting"] - started_at}


def _settle(stack: Stack, action: str, number: int) -> float:
    """Seconds from the request until a training in the middle of its steps has reached the state asked for."""
    with Client(stack.layout.url, token=stack.token) as client:
        job = client.jobs.submit(_spec(number, steps=100_000))
        tend_until(stack, lambda: client.jobs.get(job.id).progress.step >= 5, every_s=0.2)
        started = time.monotonic()
        getattr(client.jobs, action)(job.id)
        tend_until(stack, lambda: client.jobs.get(job.id).state == ACTIONS[action], every_s=0.05)
        seconds = time.monotonic() - started
        if action == "pause":
            client.jobs.cancel(job.id)
            tend_until(stack, lambda: client.jobs.get(job.id).state == "cancelled", every_s=0.2)
    print(f"{action}: {seconds:.2f} s", flush=True)
    return seconds


def _bare(stack: Stack, spec: JobSpec, number: int) -> float:
    out = stack.layout.state / f"bare-{number}"
    path = out.with_suffix(".json")
    path.write_text(spec.training.model_dump_json())
    script = Path(__file__).with_name("bare_training.py")
    entrypoint = shlex.join([sys.executable, str(script), str(path), str(out), str(stack.layout.data)])
    started = time.monotonic()
    ask_ray(stack, lambda ray: ray.launch(out.name, entrypoint, cpus=spec.resources.cpus, gpus=0, env_vars={}))
    tend_until(stack, (out / "first-step").exists)
    seconds = time.monotonic() - started

    def ended() -> bool:
        found = ask_ray(stack, lambda ray: ray.job(out.name))
        return found is not None and found.status.ended

    tend_until(stack, ended, every_s=0.5)
    return seconds


def render(pairs: list[dict[str, float]], settled: dict[str, list[float]]) -> str:
    """The report in Markdown."""
    medians = {name: statistics.median(pair[name] for pair in pairs) for name in pairs[0]}
    more = statistics.median(pair["through Stillhouse"] - pair["bare Ray job"] for pair in pairs)
    lines = [
        "# From the request to the first step",
        "",
        *conditions(),
        f"- taken with: `python -m benchmarks.latency --pairs {len(pairs)}`, the embedded stack, pairs in turn",
        "",
        f"A job through Stillhouse takes {more:+.2f} s (median of the pairs) against the bare Ray job; "
        f"the goal is at most {GOAL_S:+.1f} s.",
        "",
        "| pair | " + " | ".join(f"{name}, s" for name in medians) + " | more, s |",
        "| --- |" + " --- |" * (len(medians) + 1),
    ]
    for number, pair in enumerate([*pairs, medians], start=1):
        cells = " | ".join(f"{value:.2f}" for value in pair.values())
        name = str(number) if number <= len(pairs) else "median"
        lines.append(f"| {name} | {cells} | {pair['through Stillhouse'] - pair['bare Ray job']:+.2f} |")
    lines += [
        "",
        f"## A running job settles, goal {SETTLED_GOAL_S:.0f} s",
        "",
        "From the request until the job is in the state asked for, its checkpoint written where it pauses.",
        "",
        "| request | median, s | max, s | times |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {statistics.median(seconds):.2f} | {max(seconds):.2f} | {len(seconds)} |"
            for name, seconds in settled.items()
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
