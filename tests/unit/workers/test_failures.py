"""Whose fault an exception is, and what its reason tells people to do."""

from __future__ import annotations

import errno
import os

import pytest
import torch
from safetensors import SafetensorError
from torch.utils.data import DataLoader, Dataset

from trainer.errors import InputError
from workers.failures import Failure, FailureError, failure_of, pack, unpack


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of"),
            "CUDA out of memory at step 120; try a smaller batch_size or image_size_px. Tried to allocate 2.00 GiB",
        ),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory: you tried to"),
            "the machine ran out of memory at step 120; try a smaller batch_size or image_size_px",
        ),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
            "the machine ran out of memory at step 120; try a smaller batch_size or image_size_px",
        ),
        (MemoryError(), "the machine ran out of memory at step 120; try a smaller batch_size or image_size_px"),
        (
            RuntimeError("DataLoader worker (pid 77) is killed by signal: Killed. "),
            "a process that loads images was killed at step 120, most likely for lack of memory; try fewer "
            "data.num_workers, or try a smaller batch_size or image_size_px",
        ),
    ],
)
def test_too_little_memory_is_told_with_the_step_and_what_to_change(error: Exception, reason: str) -> None:
    found = failure_of(error, step=120)
    assert (found.cause, found.reason) == ("out_of_memory", reason)


def test_memory_that_torch_could_not_get_is_out_of_memory() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert failure_of(caught.value).cause == "out_of_memory"


class Broken(Dataset[int]):
    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> int:
        raise InputError("cannot read the image cats/7.jpg: truncated")


def test_what_a_loading_process_says_is_told_without_its_traceback() -> None:
    with pytest.raises(InputError) as caught:
        list(DataLoader(Broken(), num_workers=1))
    assert failure_of(caught.value).reason == "cannot read the image cats/7.jpg: truncated"
    assert failure_of(caught.value).cause == "bad_input"


def test_anything_else_is_ours() -> None:
    assert failure_of(KeyError("x")).reason == "KeyError before the first step: 'x'"
    assert failure_of(KeyError("x")).cause == "internal"


def test_a_failure_survives_the_way_through_tune() -> None:
    failure = failure_of(MemoryError(), step=3)
    assert unpack(f"RuntimeError: {pack(failure)}") == failure
    assert unpack("Something: odd").cause == "internal"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_full_storage_is_nobodys_mistake_and_the_training_may_be_tried_again(error: Exception) -> None:
    found = failure_of(error, step=40)
    assert found.cause == "infrastructure"
    assert found.reason == "the storage is full at step 40; it goes on from its checkpoint when there is space"


@pytest.mark.parametrize(
    "message",
    [
        "[/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:547] Connection closed by peer [10.77.0.12]:42301",
        "NCCL error in: ProcessGroupNCCL.cpp:1691, remote process exited or there was a network error",
    ],
)
def test_the_loss_of_another_process_of_the_training_is_nobody_s_fault(message: str) -> None:
    found = failure_of(RuntimeError(message), step=7)
    assert found == Failure("infrastructure", f"a process of the training was lost at step 7: {message}")


def test_a_failure_that_is_known_stays_what_it_is() -> None:
    known = Failure("bad_input", "the node 10.77.0.12 has no such file")
    assert failure_of(FailureError(known), step=7) == known
