"""What a metric is called at MLflow, and so everywhere that people see it."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_METRIC_NAME_LENGTH = 250


@lru_cache(maxsize=10_000)  # a journal asks for the same few names line after line
def metric_name(key: str) -> str:
    """`key` as a name that MLflow takes: class names of a data set may hold any character."""
    parts = re.sub(r"[^/\w.\- ]", "_", key).split("/")
    return "/".join(part if part.strip(".") else "_" for part in parts)[:MAX_METRIC_NAME_LENGTH]
