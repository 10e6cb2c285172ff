"""What an exception of a training means for the person who submitted it: whose fault it is, and what to change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from trainer.errors import InputError
from workers.spec import Cause
from workers.storage.objects import StorageError

_SMALLER = "try a smaller batch_size or image_size_px"
_NO_MEMORY = re.compile(r"not enough memory|can't allocate memory|cannot allocate memory|std::bad_alloc", re.IGNORECASE)
_CUDA_NO_MEMORY = re.compile(r"CUDA out of memory|CUBLAS_STATUS_ALLOC_FAILED|CUDA error: out of memory", re.IGNORECASE)
_LOADER_DIED = re.compile(r"DataLoader worker .*(killed by signal|exited unexpectedly|Bus error)", re.DOTALL)
# Python's words, and those of libraries in other languages
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded|os error (28|122)\b")
# How torch shows an exception of a process that loads data: our message is the last line of the traceback.
_FROM_LOADER = re.compile(r"Caught (?P<kind>\w+) in DataLoader worker process")
# How gloo and NCCL tell that another process of the training is gone.
_LOST_OTHERS = re.compile(r"gloo/transport|gloo/rendezvous|NCCL|Connection (closed|reset) by peer", re.IGNORECASE)
_LONGEST = 2000


@dataclass(frozen=True)
class Failure:
    cause: Cause
    reason: str


class FailureError(Exception):
    """A failure that is known already."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def lost_the_others(error: BaseException) -> bool:
    """Whether a process of a training met the loss of another one."""
    known = type(error).__name__ in ("DistBackendError", "DistNetworkError", "DistStoreError")
    return known or (isinstance(error, RuntimeError) and _LOST_OTHERS.search(str(error)) is not None)


def failure_of(error: BaseException, *, step: int = 0) -> Failure:
    """Tell what happened, at which step, and what to do."""
    text = str(error)
    where = f" at step {step}" if step else " before the first step"
    if isinstance(error, FailureError):
        return error.failure
    if isinstance(error, InputError):
        return Failure("bad_input", _own_message(text)[:_LONGEST])
    if isinstance(error, StorageError):
        return Failure("infrastructure", f"{text}{where}"[:_LONGEST])
    if type(error).__name__ == "OutOfMemoryError" or _CUDA_NO_MEMORY.search(text):
        return Failure("out_of_memory", f"CUDA out of memory{where}; {_SMALLER}. {_first_sentence(text)}".strip())
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError | OSError) and _NO_MEMORY.search(text)):
        return Failure("out_of_memory", f"the machine ran out of memory{where}; {_SMALLER}")
    if isinstance(error, RuntimeError) and _LOADER_DIED.search(text):
        what = f"a process that loads images was killed{where}, most likely for lack of memory"
        return Failure("out_of_memory", f"{what}; try fewer data.num_workers, or {_SMALLER}")
    if _NO_SPACE.search(text):
        return Failure(
            "infrastructure", f"the storage is full{where}; it goes on from its checkpoint when there is space"
        )
    if lost_the_others(error):
        return Failure("infrastructure", f"a process of the training was lost{where}: {text}"[:_LONGEST])
    return Failure("internal", f"{type(error).__name__}{where}: {_own_message(text)}"[:_LONGEST])


def pack(failure: Failure) -> str:
    """As one line that survives being pickled and shown by Tune."""
    return f"{failure.cause}: {' '.join(failure.reason.split())}"


def unpack(line: str) -> Failure:
    """What `pack` made, wherever in the line it is; an internal failure where it is not there."""
    for cause in get_args(Cause):
        _, found, reason = line.partition(f"{cause}: ")
        if found:
            return Failure(cause, reason)
    return Failure("internal", line)


def _own_message(text: str) -> str:
    found = _FROM_LOADER.search(text)
    if found is None:
        return text
    _, said, message = text.rpartition(f"{found['kind']}: ")
    return message.strip() if said else text


def _first_sentence(text: str) -> str:
    """Torch says first how much was asked for, then pages of advice."""
    sentence = text.replace("CUDA out of memory.", "").strip().split(". ")[0]
    return sentence[:200]
