"""Many files at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_THREADS = 8
T = TypeVar("T")
S = TypeVar("S")


def in_threads(function: Callable[[T], S], items: Sequence[T]) -> list[S]:
    """Map over files: shared storage answers slowly, but many questions at a time."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(function, items))
