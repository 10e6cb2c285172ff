"""The size of an attempt's log: what is dropped, what stays, and what is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workers import log_limit
from workers.log_limit import LogLimit, punch_hole
from workers.spec import JobFolder, LogCut

MIB = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    made = JobFolder(tmp_path, "job-aaaaaaaaaa")
    made.log(1).parent.mkdir(parents=True)
    return made


def lines(begin: int, end: int) -> bytes:
    return b"".join(b"%015d\n" % number for number in range(begin, end))


def grow(folder: JobFolder, size: int) -> None:
    """Append lines that tell their own place."""
    path = folder.log(1)
    before = path.stat().st_size if path.exists() else 0
    with path.open("ab") as file:
        file.write(lines(before // 16, (before + size) // 16))


def test_a_log_within_its_limit_is_left_alone(folder: JobFolder) -> None:
    grow(folder, MIB)
    LogLimit(folder, 1, max_bytes=MIB).enforce()
    assert folder.read_log_cut(1) is None


def test_a_log_over_its_limit_keeps_its_beginning_and_its_end_in_their_places(folder: JobFolder) -> None:
    limit = LogLimit(folder, 1, max_bytes=MIB)
    for _ in range(20):
        grow(folder, MIB // 4)
        limit.enforce()
        assert folder.log(1).stat().st_blocks * 512 <= MIB + 64 * 1024
    size = folder.log(1).stat().st_size
    assert size == 5 * MIB
    cut = folder.read_log_cut(1)
    assert cut is not None
    assert cut.start == MIB // 4
    assert size - cut.end >= MIB // 2
    content = folder.log(1).read_bytes()
    assert content[: cut.start] == lines(0, cut.start // 16)
    assert content[cut.end :] == lines(cut.end // 16, size // 16)
    assert not any(content[cut.start : cut.end])


def test_what_is_dropped_is_told_before(folder: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(folder, 2 * MIB)
    seen: list[LogCut | None] = []
    monkeypatch.setattr(log_limit, "punch_hole", lambda *_: seen.append(folder.read_log_cut(1)))
    LogLimit(folder, 1, max_bytes=MIB).enforce()
    assert seen == [folder.read_log_cut(1)]
    assert seen[0] is not None


SHOUT = """
import os, sys
from pathlib import Path
from workers import log_limit
from workers.output import log_to
from workers.spec import JobFolder

def refuse(*_):
    raise OSError(95, "Operation not supported")

log_limit.punch_hole = refuse
folder = JobFolder(Path(sys.argv[1]), "job-aaaaaaaaaa")
log_to(folder.log(1))
limit = log_limit.LogLimit(folder, 1, max_bytes=2**20)
for _ in range(40):
    os.write(1, b"x" * 2**16)
    limit.enforce()
"""


def test_where_nothing_can_be_dropped_the_log_ends_at_its_limit_and_says_so(folder: JobFolder, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", SHOUT, str(tmp_path)], check=True)
    content = folder.log(1).read_bytes()
    assert MIB < len(content) < MIB + 2**17
    assert content.endswith(b"the storage cannot drop a part of it ([Errno 95] Operation not supported)\n")
    cut = folder.read_log_cut(1)
    assert cut is None or cut.end == cut.start, "nothing of it was dropped"


def test_a_hole_takes_no_space(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(MIB))
    before = path.read_bytes()
    punch_hole(path, 4096, MIB - 4096)
    after = path.read_bytes()
    assert (after[:4096], after[-4096:], len(after)) == (before[:4096], before[-4096:], MIB)
    assert path.stat().st_blocks * 512 <= 32 * 1024
