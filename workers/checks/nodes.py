"""Looks at every node of the cluster: its clock, its view of the storage and the data, what is installed there."""

from __future__ import annotations

import importlib.metadata
import logging
import platform
import shutil
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from workers.spec.checks import ClockReading, NodeReport, NodesReport
from workers.storage.objects import Objects

PACKAGES = ("stillhouse", "torch", "torchvision", "ray", "mlflow")
ANSWERS_WITHIN_S = 30.0
_READINGS = 5
logger = logging.getLogger("workers.checks")


class Lookout:
    """An actor of Ray: the eyes on one node."""

    def versions(self) -> dict[str, str]:
        found = {"python": platform.python_version()}
        for name in PACKAGES:
            try:
                found[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                found[name] = "missing"
        return found

    def trouble_with_uri(self, uri: str) -> str | None:
        """Whether objects can be written, read and removed from here."""
        try:
            Objects(uri).probe()
        except OSError as error:
            return _in_words(error)
        return None

    def trouble_with_folder(self, folder: str, word: str) -> str | None:
        """Whether a file written elsewhere is read here, and one can be written, renamed and left for the others."""
        try:
            found = (Path(folder) / "asked.txt").read_text()
            if found != word:
                return f"{folder} holds another file here than where the check runs"
            draft = Path(folder) / f".{uuid.uuid4().hex}"
            draft.write_text(word)
            draft.replace(Path(folder) / f"{ray.get_runtime_context().get_node_id()}.txt")
        except OSError as error:
            return _in_words(error)
        return None

    def trouble_with_data(self, folder: str) -> str | None:
        return None if Path(folder).is_dir() else f"there is no folder {folder}"

    def free_bytes(self, folder: str) -> int:
        return shutil.disk_usage(folder).free

    def clock(self) -> float:
        return time.time()


def _in_words(error: OSError) -> str:
    return f"{error.strerror}: {error.filename}" if error.strerror else str(error)


def check_nodes(*, data_root: Path, folder: Path, uri: str) -> NodesReport:
    """The report on all nodes that Ray has as alive.

    Files are left in `folder`, which has to be in the storage, unless that is behind `uri`.
    """
    began = datetime.now(UTC)
    ray.init(address="auto", log_to_driver=False, logging_level=logging.WARNING)
    try:
        word = uuid.uuid4().hex
        if not uri:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "asked.txt").write_text(word)
        nodes = [node for node in ray.nodes() if node["Alive"]]
        looks = [_Look(node, data_root, folder, word, uri) for node in nodes]
        ray.wait([look.versions for look in looks], num_returns=len(looks), timeout=ANSWERS_WITHIN_S)
        return NodesReport(began_at=began, nodes=tuple(look.report() for look in looks))
    finally:
        ray.shutdown()


class _Look:
    """A look at one node, which begins when it is made; whether the node answers is known when `versions` is there."""

    def __init__(self, node: Mapping[str, Any], data_root: Path, folder: Path, word: str, uri: str) -> None:
        self._id, self._name = node["NodeID"], str(node.get("NodeName") or node["NodeManagerAddress"])
        self._data_root, self._folder, self._word, self._uri = data_root, folder, word, uri
        here = NodeAffinitySchedulingStrategy(self._id, soft=False)
        self._lookout: Any = ray.remote(Lookout).options(num_cpus=0, scheduling_strategy=here).remote()
        self.versions = self._lookout.versions.remote()

    def report(self) -> NodeReport:
        try:
            versions = ray.get(self.versions, timeout=0.1)
            storage_trouble, free_bytes = self._storage()
            data_trouble = self._ask(self._lookout.trouble_with_data.remote(str(self._data_root)))
            clock = min((_reading(self._lookout) for _ in range(_READINGS)), key=lambda reading: reading.within_s)
        except RayError as error:
            logger.warning("node %s: %s", self._name, error)
            return NodeReport(id=self._id, name=self._name, trouble=f"it did not answer ({type(error).__name__})")
        return NodeReport(
            id=self._id, name=self._name, versions=versions, storage_trouble=storage_trouble,
            data_trouble=data_trouble, free_bytes=free_bytes, clock=clock,
        )  # fmt: skip

    def _storage(self) -> tuple[str | None, int | None]:
        """What is wrong with the storage as the node sees it, and its free bytes."""
        if self._uri:
            return self._ask(self._lookout.trouble_with_uri.remote(self._uri)), None
        folder = str(self._folder)
        if trouble := self._ask(self._lookout.trouble_with_folder.remote(folder, self._word)):
            return trouble, None
        left = self._folder / f"{self._id}.txt"
        if not left.is_file() or left.read_text() != self._word:
            return "what it wrote is not read elsewhere", None
        return None, self._ask(self._lookout.free_bytes.remote(folder))

    @staticmethod
    def _ask(answer: Any) -> Any:
        return ray.get(answer, timeout=ANSWERS_WITHIN_S)


def _reading(lookout: Any) -> ClockReading:
    """The node's clock beside that of this process."""
    asked = time.time()
    there = ray.get(lookout.clock.remote(), timeout=ANSWERS_WITHIN_S)
    answered = time.time()
    return ClockReading(ahead_s=there - (asked + answered) / 2, within_s=(answered - asked) / 2)
