"""What the journals and logs of trainings say, also while they are written."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.stack import wait_until

LOSS = "train/loss/total"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a file of JSON objects."""
    if not path.exists():
        return []
    content = path.read_bytes()
    return [json.loads(line) for line in content[: content.rfind(b"\n") + 1].splitlines()]


def losses(journal: Path) -> list[tuple[int, float]]:
    """Step and loss of each point, as they were written."""
    points = [point for point in read_lines(journal) if LOSS in point["metrics"]]
    return [(point["step"], point["metrics"][LOSS]) for point in points]


def last_step(journal: Path) -> int:
    return max((step for step, _ in losses(journal)), default=0)


def wait_for_step(journal: Path, step: int) -> None:
    wait_until(lambda: last_step(journal) >= step, lambda: f"step {last_step(journal)} in {journal}", every_s=0.1)


def uneven_steps(journal: Path) -> dict[int, int]:
    """Steps that are there other than once, and how often: two that write at the same time leave some twice."""
    counts = Counter(step for step, _ in losses(journal))
    return {step: counts[step] for step in range(1, max(counts, default=0) + 1) if counts[step] != 1}


def begins_at(log: Path) -> int:
    """The first step that the attempt of a log does; waits for it."""
    words = "training (step "

    def found() -> str:
        return log.read_text().partition(words)[2] if log.exists() else ""

    wait_until(lambda: " of " in found(), lambda: f"no steps in {log}", every_s=0.1)
    return int(found().partition(" of ")[0])
