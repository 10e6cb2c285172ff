"""Curves from the journals of trainings: the files in storage through which every point goes to MLflow.

A journal has its points before MLflow has them, in one file instead of one request for each curve. Where a training's
folder is no longer there, its curves are MLflow's.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from service.clients.mlflow import Point
from workers.spec import metric_name
from workers.storage.near import Store

_MAX_POINTS = 3_000_000  # of all journals that are kept, at 24 bytes
_READ_AT_ONCE = 4 * 2**20


@dataclass
class _Curve:
    steps: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))
    at_ms: array[int] = field(default_factory=lambda: array("q"))


@dataclass
class _Known:
    """What was read of a file, and how far."""

    inode: int = -1
    offset: int = 0
    num_points: int = 0
    curves: dict[str, _Curve] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Journals:
    """Reads journals and remembers them, so that only what is new is read again. For one process."""

    def __init__(self, store: Store, *, max_points: int = _MAX_POINTS) -> None:
        self._store = store
        self._max_points = max_points
        self._known: OrderedDict[Path, _Known] = OrderedDict()
        self._lock = threading.Lock()

    async def read(self, path: Path, keys: Collection[str], *, after: int = -1) -> dict[str, list[Point]] | None:
        """The curves of `keys` after a step, of all keys where none is given; None where there is no journal.

        Raises:
            OSError: the storage cannot be read.
            ValueError, LookupError: the file is no journal.
        """
        return await asyncio.to_thread(self._read, path, keys, after)

    def _read(self, path: Path, keys: Collection[str], after: int) -> dict[str, list[Point]] | None:
        with self._lock:
            known = self._known.setdefault(path, _Known())
            self._known.move_to_end(path)
        try:
            self._store.fetch(path)
            with known.lock:
                _read_on(known, path)
                wanted = list(keys) or sorted(known.curves)
                found = {key: _points(known.curves[key], after) for key in wanted if key in known.curves}
        except (OSError, ValueError, LookupError) as error:
            with self._lock:
                self._known.pop(path, None)
            if isinstance(error, FileNotFoundError):
                return None
            raise
        self._forget()
        return found

    def _forget(self) -> None:
        """Let go of those that were asked for longest ago; the newest stays, however large it is."""
        with self._lock:
            num_points = sum(known.num_points for known in self._known.values())
            while num_points > self._max_points and len(self._known) > 1:
                _, dropped = self._known.popitem(last=False)
                num_points -= dropped.num_points


def _read_on(known: _Known, path: Path) -> None:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if known.inode != status.st_ino or status.st_size < known.offset:
            known.inode, known.offset, known.num_points, known.curves = status.st_ino, 0, 0, {}
        file.seek(known.offset)
        while piece := file.read(_READ_AT_ONCE):
            whole = piece.rfind(b"\n") + 1
            if whole == 0:  # the line is being written
                return
            for line in piece[:whole].splitlines():
                _take(known, line)
            known.offset += whole
            file.seek(known.offset)


def _take(known: _Known, line: bytes) -> None:
    point = json.loads(line)
    for key, value in point["metrics"].items():
        curve = known.curves.setdefault(metric_name(key), _Curve())
        if curve.steps and point["step"] <= curve.steps[-1]:
            continue  # two names that MLflow cannot tell apart: the first one stays
        curve.steps.append(point["step"])
        curve.values.append(value)
        curve.at_ms.append(point["at_ms"])
        known.num_points += 1


def _points(curve: _Curve, after: int) -> list[Point]:
    begin = bisect_right(curve.steps, after)
    return [
        Point(step, value, at_ms)
        for step, value, at_ms in zip(curve.steps[begin:], curve.values[begin:], curve.at_ms[begin:], strict=True)
    ]
