"""Files that grow arrive whole, whatever is cut off on the way."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.unit.workers.storage.failing import FailingObjects
from workers.storage.grown import PART_BYTES, GrownUpload, part_key, read_grown
from workers.storage.objects import Objects, StorageError


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


@pytest.mark.parametrize("pieces", [[10], [10, 20, 5], [PART_BYTES], [PART_BYTES - 1, 1, 1], [3 * PART_BYTES + 7, 11]])
def test_what_was_appended_is_read_from_any_place(pieces: list[int], objects: Objects, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    upload = GrownUpload(objects, path, "log.txt")
    upload.push()
    content = b""
    for size in pieces:
        content += (more := os.urandom(size))
        append(path, more)
        upload.push()
        assert (upload.size_bytes, upload.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        for offset in (0, 5, max(0, len(content) - 1), len(content)):
            assert b"".join(read_grown(objects, "log.txt", offset)) == content[offset:]


def test_nothing_is_sent_twice_where_nothing_has_changed(uri: str, tmp_path: Path) -> None:
    objects = FailingObjects(uri)
    upload = GrownUpload(objects, tmp_path / "log.txt", "log.txt")
    append(tmp_path / "log.txt", b"x" * (PART_BYTES + 5))
    upload.push()
    assert objects.written == [part_key("log.txt", 0), part_key("log.txt", 1)]
    upload.push()
    append(tmp_path / "log.txt", b"more")
    upload.push()
    assert objects.written == [part_key("log.txt", 0), part_key("log.txt", 1), part_key("log.txt", 1)]


def test_what_became_a_hole_is_let_go_of_and_all_else_keeps_its_place(objects: Objects, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    content = bytearray(b"x" * (5 * PART_BYTES + 10))
    append(path, bytes(content[: 3 * PART_BYTES]))
    upload = GrownUpload(objects, path, "log.txt")
    upload.push()
    start, end = PART_BYTES // 2, 4 * PART_BYTES + 7
    append(path, bytes(content[3 * PART_BYTES :]))
    upload.drop(start, end)
    upload.push()
    assert [objects.size(part_key("log.txt", number)) for number in range(6)] == [PART_BYTES, 0, 0, 0, PART_BYTES, 10]
    content[PART_BYTES : 4 * PART_BYTES] = bytes(3 * PART_BYTES)
    for offset in (0, PART_BYTES + 5, len(content) - 1):
        assert b"".join(read_grown(objects, "log.txt", offset)) == bytes(content[offset:])


def test_what_could_not_be_sent_is_sent_the_next_time(uri: str, tmp_path: Path) -> None:
    objects = FailingObjects(uri)
    upload = GrownUpload(objects, tmp_path / "log.txt", "log.txt")
    content = os.urandom(2 * PART_BYTES + 100)
    append(tmp_path / "log.txt", content)
    objects.fails = lambda verb, key: key.endswith("1")
    with pytest.raises(StorageError):
        upload.push()
    assert b"".join(read_grown(objects, "log.txt")) == content[:PART_BYTES]
    objects.fails = lambda verb, key: False
    upload.push()
    assert b"".join(read_grown(objects, "log.txt")) == content
