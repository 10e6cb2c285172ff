"""Where and with what a benchmark was taken, as lines for its report."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

PACKAGES = ("torch", "torchvision", "ray", "mlflow", "stillhouse")


def _ticks() -> tuple[int, int]:
    """All ticks of all processors since the start, and those that the machine's host gave to others."""
    first_line = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    numbers = [int(number) for number in first_line.split()[1:9]]
    return sum(numbers), numbers[7]


_BEGAN = _ticks()


def conditions() -> list[str]:
    """Date, processor, memory, versions, and what other work was on the machine since this was imported."""
    ticks, stolen = (now - then for now, then in zip(_ticks(), _BEGAN, strict=True))
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"- date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- machine: {_processor()}, {len(os.sched_getaffinity(0))} cores, {memory_gib:.0f} GiB, shared",
        f"- load of the machine over the last 15 minutes: {os.getloadavg()[2]:.1f}; "
        f"{100 * stolen / max(1, ticks):.1f}% of its time went to other machines of its host",
        f"- versions: Python {platform.python_version()}, {versions}",
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
