"""The small files of a sweep's driver (records, rungs, rounds) as lines of one file that grows.

Behind a URI each of them would be an object of its own, and a sweep has thousands. A line holds a file as it was
written, in the order of writing: whichever is the last line that came to the storage, a later driver finds what a
killed one had on its disk at some moment.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from pathlib import Path

from workers.spec.layout import replace_whole

_NAMES = re.compile(r"(rungs|rounds|trials/\d{5,})\.json|trials/\d{5,}(/exploit-\d+)?/settled")


class Changes:
    """Appends changes of files in one folder. Several threads may."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def note(self, path: Path, content: str | None) -> None:
        """A file was written, or with None removed. Raises OSError."""
        name = path.relative_to(self._path.parent).as_posix()
        assert _NAMES.fullmatch(name), name
        line = json.dumps({"name": name, "content": content}) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)


def replay(path: Path, offset: int = 0) -> int:
    """Bring the files beside `path` to what its lines from byte `offset` on say; returns the byte after them.

    Raises:
        ValueError: a line is none of ours.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read()
    except FileNotFoundError:
        return offset
    whole = content[: content.rfind(b"\n") + 1]
    for name, text in newest(whole.splitlines()).items():
        _bring(path.parent / name, text)
    return offset + len(whole)


def newest(lines: Iterable[bytes]) -> dict[str, str | None]:
    """The last content of each file by its name, None where it was removed. Raises ValueError."""
    found: dict[str, str | None] = {}
    for line in lines:
        change = json.loads(line)
        if not _NAMES.fullmatch(change["name"]):
            raise ValueError(f"{change['name']!r} is no file of a sweep's driver")
        found[change["name"]] = change["content"]
    return found


def _bring(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    elif not path.is_file() or path.read_text(encoding="utf-8") != text:
        replace_whole(path, text)
