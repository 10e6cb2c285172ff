"""Logs of which the middle was dropped: read to their end, and what is missing is told in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.backup.copying import copy_file
from service.jobs.logs import read_piece
from workers.log_limit import punch_hole
from workers.spec import JobFolder, LogCut
from workers.storage.near import Shared

KIB = 1024


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    """A log of 64 KiB without the 32 KiB after its first 16."""
    made = JobFolder(tmp_path / "storage", "job-aaaaaaaaaa")
    made.log(1).parent.mkdir(parents=True)
    made.log(1).write_bytes(b"".join(b"%015d\n" % number for number in range(64 * KIB // 16)))
    made.write_log_cut(1, LogCut(start=16 * KIB, end=48 * KIB))
    punch_hole(made.log(1), 16 * KIB, 48 * KIB)
    return made


def read_from(folder: JobFolder, offset: int, *, limit: int = 10_000) -> tuple[str, int]:
    """All that comes from there on, and in how many pieces."""
    text, pieces = "", 0
    while True:
        piece, offset, at_end = read_piece(Shared(folder.path), folder, 1, offset=offset, limit_bytes=limit, ended=True)
        text += piece
        pieces += 1
        if at_end:
            return text, pieces
        assert pieces < 100


@pytest.mark.parametrize("limit", [1000, 10_000, 10**6])
def test_the_whole_log_has_a_line_where_something_is_missing(folder: JobFolder, limit: int) -> None:
    text, _ = read_from(folder, 0, limit=limit)
    assert "\x00" not in text
    before, notice, after = text.partition(
        "\n[32,768 bytes of this log were dropped: it is over the limit, STILLHOUSE_MAX_LOG_BYTES]\n"
    )
    assert notice
    assert len(before) == len(after) == 16 * KIB
    assert after.startswith(f"{48 * KIB // 16:015d}")


def test_who_was_in_the_middle_is_told_of_the_rest_of_it(folder: JobFolder) -> None:
    text, following, _ = read_piece(Shared(folder.path), folder, 1, offset=20 * KIB, limit_bytes=1000, ended=False)
    assert following == 48 * KIB
    assert f"{28 * KIB:,} bytes of this log were dropped" in text


def test_half_a_character_before_a_cut_does_not_hold_up_the_reader(folder: JobFolder) -> None:
    path = folder.log(1)
    path.write_bytes(b"a" * (16 * KIB - 1) + "\u20ac".encode() * KIB + b"z" * 48 * KIB)
    text, _ = read_from(folder, 0)
    assert text.startswith("a" * (16 * KIB - 1) + "\ufffd\n[")
    assert text.endswith("z")


def test_a_backup_of_a_cut_log_is_as_small_and_the_same(folder: JobFolder, tmp_path: Path) -> None:
    path = folder.log(1)
    with path.open("r+b") as file:
        file.truncate(8 * KIB * KIB)
    entry = copy_file(path, tmp_path / "copy", "log.txt")
    assert (tmp_path / "copy").read_bytes() == path.read_bytes()
    assert entry.size_bytes == 8 * KIB * KIB
    assert (tmp_path / "copy").stat().st_blocks * 512 <= 2 * KIB * KIB
