"""One training in several processes: started here on one machine, or by torchrun (or what acts as it) on several.

The process that calls the trainer leads: it alone reports, evaluates and writes. On one machine it starts the others,
which end with it, however it ends.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from typing import Any

import torch
import torch.distributed as dist
from torch._C._distributed_c10d import TCPStore

from trainer.errors import InputError

logger = logging.getLogger(__name__)

_PATIENCE = timedelta(hours=2)  # the others wait while the leader evaluates
_PATIENCE_AT_END_S = 20.0
_PR_SET_PDEATHSIG = 1


@contextmanager
def together(world_size: int, device: str, follow: Callable[..., None], arguments: tuple[Any, ...]) -> Iterator[int]:
    """Be one of `world_size` processes for as long as the context is open; yields this process's number.

    Where torchrun (or what sets its environment) has started this process, it joins the others. Else this process
    leads, and starts the others on this machine with `follow(*arguments)`, which has to be importable; it calls
    the same code, and finds itself a member.

    Raises:
        InputError: torchrun started another number of processes than the spec wants, or there are too few GPUs.
    """
    if world_size == 1 or dist.is_initialized():
        yield dist.get_rank() if dist.is_initialized() else 0
        return
    backend = _backend(device)
    if "RANK" in os.environ and "WORLD_SIZE" in os.environ:
        with _joined_by_environment(world_size, backend) as rank:
            yield rank
        return
    _require_gpus(world_size, device)
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    store = TCPStore("127.0.0.1", 0, world_size, is_master=True, wait_for_workers=False)
    processes = _start(world_size, store.port, backend, follow, arguments)
    try:
        dist.init_process_group(backend, store=store, rank=0, world_size=world_size, timeout=_PATIENCE)
        yield 0
    finally:
        _end(processes)


def local_rank() -> int:
    """Number of this process on its machine, by which it picks its GPU."""
    return int(os.environ.get("LOCAL_RANK", "0"))


@contextmanager
def _joined_by_environment(world_size: int, backend: str) -> Iterator[int]:
    started = int(os.environ["WORLD_SIZE"])
    if started != world_size:
        raise InputError(
            f"{started} processes were started (WORLD_SIZE), and the spec's distributed.world_size is {world_size}; "
            "wanted the same"
        )
    dist.init_process_group(backend, timeout=_PATIENCE)
    try:
        yield dist.get_rank()
    finally:
        dist.destroy_process_group()


def _backend(device: str) -> str:
    return "nccl" if device != "cpu" and torch.cuda.is_available() else "gloo"


def _require_gpus(world_size: int, device: str) -> None:
    if _backend(device) == "nccl" and torch.cuda.device_count() < world_size:
        raise InputError(
            f"distributed.world_size is {world_size} and this machine has {torch.cuda.device_count()} GPUs; wanted "
            "a GPU for each process, or torchrun on several machines"
        )


def _start(
    world_size: int, port: int, backend: str, follow: Callable[..., None], arguments: tuple[Any, ...]
) -> list[BaseProcess]:
    context = multiprocessing.get_context("spawn")
    processes: list[BaseProcess] = [
        context.Process(
            target=_member, args=(rank, world_size, port, backend, os.getpid(), follow, arguments), name=f"rank {rank}"
        )
        for rank in range(1, world_size)
    ]
    for process in processes:
        process.start()
    return processes


def _member(
    rank: int,
    world_size: int,
    port: int,
    backend: str,
    leader: int,
    follow: Callable[..., None],
    arguments: tuple[Any, ...],
) -> None:
    """The whole life of a process that does not lead. A stop is the leader's to hear of and to tell."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    die_with(leader)
    os.environ["LOCAL_RANK"] = str(rank)
    store = TCPStore("127.0.0.1", port, world_size, is_master=False)
    dist.init_process_group(backend, store=store, rank=rank, world_size=world_size, timeout=_PATIENCE)
    try:
        follow(*arguments)
    finally:
        dist.destroy_process_group()


def die_with(leader: int) -> None:
    """Let the kernel end this process when the leader's ends, whatever ended that one (Linux)."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        logger.debug("this system cannot end a process with its parent; a closed connection will")
    if os.getppid() != leader:  # it ended before the kernel was told
        os._exit(1)


def _end(processes: list[BaseProcess]) -> None:
    if dist.is_initialized():
        dist.destroy_process_group()
    for process in processes:
        process.join(_PATIENCE_AT_END_S)
        if process.is_alive():
            logger.warning("%s (process %s) did not end by itself and is ended", process.name, process.pid)
            process.kill()
            process.join()
