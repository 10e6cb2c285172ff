"""What an attempt has written into its folder, as it was when it was looked at."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from workers.spec import JobFolder

_CHECKPOINTS = "checkpoints"
_NOT_OF_AN_ATTEMPT = ("attempts", "from-scratch")


@dataclass(frozen=True)
class Seen:
    """A file as it was when it was looked at."""

    path: Path
    modified_ns: int
    size_bytes: int

    def is_still_so(self) -> bool:
        """Whether nobody has written to it since; raises FileNotFoundError where it is gone."""
        return seen_file(self.path) == self


def seen_file(path: Path) -> Seen:
    """The state of a file now; raises FileNotFoundError where there is none."""
    status = path.stat()
    return Seen(path, status.st_mtime_ns, status.st_size)


def seen_files(folder: JobFolder, apart: Collection[str]) -> Iterator[tuple[str, Seen]]:
    """Every file of the work by its name in the job's folder, but hidden ones and those named in `apart`."""
    for place, folders, names in os.walk(folder.work):
        here = Path(place)
        if here == folder.path:
            folders[:] = [name for name in folders if name not in _NOT_OF_AN_ATTEMPT]
        for file in names:
            name = (here / file).relative_to(folder.path).as_posix()
            if file.startswith(".") or name in apart:
                continue
            try:
                yield name, seen_file(here / file)
            except FileNotFoundError:
                continue  # replaced or removed by the training just now


def is_checkpoint(name: str) -> bool:
    parts = name.split("/")
    return len(parts) > 1 and parts[-2] == _CHECKPOINTS
