"""A training on several nodes: the attempt leads, and an actor of Ray on every further node runs a share of processes.

The trainer sees torchrun's environment and knows nothing of Ray. What is lost of the training is lost as a whole: the
attempt ends, and the next one goes on from the checkpoint.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayError
from ray.util.placement_group import PlacementGroup, placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy
from torch._C._distributed_c10d import TCPStore

from workers.cluster import connect, own_address
from workers.failures import Failure, FailureError, lost_the_others, pack, unpack
from workers.shares import Processes, Share, network_of
from workers.spec import AttemptOrder, JobSpec

logger = logging.getLogger("workers")

PLACE_WITHIN_S = 60.0
# After so long Ray knows of a node that is gone.
KNOWN_WITHIN_S = 90.0
# A leader that waits in the middle of a step for a process that is cut off would wait for hours.
NOTICED_WITHIN_S = 20.0
ENDED_WITHIN_S = 20.0
_LOOK_EVERY_S = 0.2


@contextmanager
def spanning(
    spec: JobSpec, words: Sequence[str], *, abandon: Callable[[Failure], None], on_connected: Callable[[], None]
) -> Iterator[None]:
    """Lead a training on `spec.nodes` nodes; the other processes run `words` and end with the block.

    `on_connected` is called when Ray has set its own handlers of signals. `abandon` has to end this process; it is
    called when another one is lost and the training does not notice.

    Raises:
        FailureError: the nodes could not be had, or one of the other processes was lost or failed.
    """
    with _environment({"RAY_DEDUP_LOGS": "0", "RAY_COLOR_PREFIX": "0"}):
        try:
            connect()
            on_connected()
            others = Others(spec, words, abandon)
            try:
                with _environment(others.environment()):
                    yield
                others.wait_for_end()
            except Exception as error:
                if (failure := others.failure_behind(error)) is None:
                    raise
                raise FailureError(failure) from error
            finally:
                others.close()
        finally:
            ray.shutdown()


@contextmanager
def _environment(added: Mapping[str, str]) -> Iterator[None]:
    """These variables, for as long as the block lasts."""
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def member_words(storage_root: Path, order: AttemptOrder) -> list[str]:
    """What the other processes run."""
    return [sys.executable, "-m", "workers.member", str(storage_root), order.job_id, str(order.attempt)]


class Others:
    """All processes but the leading one, here and elsewhere, with a thread that watches over them."""

    def __init__(self, spec: JobSpec, words: Sequence[str], abandon: Callable[[Failure], None]) -> None:
        self._spec, self._abandon = spec, abandon
        self._world_size = spec.training.distributed.world_size
        self._per_node = self._world_size // spec.nodes
        self._here = own_address()
        self._store = TCPStore(self._here, 0, self._world_size, is_master=True, wait_for_workers=False)
        self._group = _further_nodes(spec)
        shares = _shares(spec, self._group)
        addresses = _addresses(shares)
        logger.info("the training is shared by %s", ", ".join([self._here, *addresses]))
        self._local = Processes(words, self._environments(1, self._per_node), address=self._here)
        firsts = range(self._per_node, self._world_size, self._per_node)
        self._running = {
            share.run.remote(words, self._environments(first, first + self._per_node)): address
            for first, share, address in zip(firsts, shares, addresses, strict=True)
        }
        self._failure: Failure | None = None
        self._known, self._noticed, self._over = threading.Event(), threading.Event(), threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="others", daemon=True)
        self._watcher.start()

    def environment(self) -> dict[str, str]:
        """What makes this process the leading one."""
        return {**network_of(self._here), **self._environments(0, 1)[0]}

    def failure_behind(self, error: Exception) -> Failure | None:
        """How the process was lost whose loss the leading one met as `error`; None where it met something else."""
        self._noticed.set()
        if lost_the_others(error) and self._known.wait(KNOWN_WITHIN_S):
            return self._failure
        return None

    def wait_for_end(self) -> None:
        """Give the others a little time to end by themselves, when the training is over."""
        self._stop_watching()
        deadline = time.monotonic() + ENDED_WITHIN_S
        while (self._local.look() is None or self._is_running_elsewhere()) and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_S)

    def close(self) -> None:
        """End those that still run."""
        self._stop_watching()
        self._local.end()
        remove_placement_group(self._group)

    def _environments(self, first: int, after: int) -> list[dict[str, str]]:
        """Those of the processes with these numbers."""
        return [
            {
                "RANK": str(rank),
                "WORLD_SIZE": str(self._world_size),
                "LOCAL_RANK": str(rank % self._per_node),
                "MASTER_ADDR": self._here,
                "MASTER_PORT": str(self._store.port),
                "TORCHELASTIC_USE_AGENT_STORE": "True",  # the store is there already
            }
            for rank in range(first, after)
        ]

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY_S):
            if line := self._local.look() or self._look_elsewhere():
                self._failure = unpack(line)
                self._known.set()
                logger.error("%s", self._failure.reason)
                if not self._noticed.wait(NOTICED_WITHIN_S):
                    self._abandon(self._failure)
                return

    def _stop_watching(self) -> None:
        self._noticed.set()
        self._over.set()
        self._watcher.join()

    def _is_running_elsewhere(self) -> bool:
        return bool(self._running and ray.wait(list(self._running), timeout=0)[1])

    def _look_elsewhere(self) -> str:
        """Why one of the other nodes failed or is gone; nothing where all is well."""
        ended = ray.wait(list(self._running), timeout=0)[0] if self._running else []
        for run in ended:
            address = self._running.pop(run)
            try:
                if line := ray.get(run):
                    return str(line)
            except RayError as error:
                logger.debug("%s", error)
                reason = f"the node {address}, which had a share of the training, was lost ({type(error).__name__})"
                return pack(Failure("infrastructure", reason))
        return ""


def _further_nodes(spec: JobSpec) -> PlacementGroup:
    """Place on as many nodes as are wanted besides this one. Raises FailureError where there is none in time."""
    resources, count = spec.resources, spec.nodes - 1
    bundle = {"CPU": resources.cpus, **({"GPU": resources.gpus} if resources.gpus else {})}
    not_here = {"ray.io/node-id": f"!{ray.get_runtime_context().get_node_id()}"}
    group = placement_group([bundle] * count, strategy="STRICT_SPREAD", bundle_label_selector=[not_here] * count)
    if not group.wait(PLACE_WITHIN_S):
        remove_placement_group(group)
        where = f"on each of {count} further nodes" if count > 1 else "on a further node"
        each = f"{resources.cpus:g} CPUs" + (f" and {resources.gpus:g} GPUs" if resources.gpus else "")
        words = f"found no place {where} for {each} within {PLACE_WITHIN_S:.0f} s"
        raise FailureError(Failure("infrastructure", words))
    return group


def _addresses(shares: list[Any]) -> list[str]:
    """Where the shares are. Raises FailureError where one of their nodes is gone already."""
    try:
        return [str(address) for address in ray.get([share.where.remote() for share in shares])]
    except RayError as error:
        words = f"a node was lost before the training began ({type(error).__name__})"
        raise FailureError(Failure("infrastructure", words)) from error


def _shares(spec: JobSpec, group: PlacementGroup) -> list[Any]:
    actor = ray.remote(Share)
    held = {"num_cpus": spec.resources.cpus, "num_gpus": spec.resources.gpus}
    places = [PlacementGroupSchedulingStrategy(group, placement_group_bundle_index=i) for i in range(spec.nodes - 1)]
    return [actor.options(**held, scheduling_strategy=place).remote() for place in places]
