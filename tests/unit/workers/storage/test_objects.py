"""Objects behind a URI: what the rest of the storage is built on holds for folders, for memory and for S3."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.s3 import S3
from workers.storage.objects import Objects, StorageError, check_uri


def test_what_was_written_is_read_and_replaced_and_removed(objects: Objects) -> None:
    assert objects.get("a/b.json") is None
    assert objects.size("a/b.json") is None
    objects.put("a/b.json", b"first")
    objects.put("a/b.json", b"second one")
    assert objects.get("a/b.json") == b"second one"
    assert objects.size("a/b.json") == 10
    assert objects.get_range("a/b.json", 7, 10) == b"one"
    objects.remove("a/b.json")
    objects.remove("a/b.json")
    assert objects.get("a/b.json") is None


def test_files_go_there_and_back_and_are_copied(objects: Objects, tmp_path: Path) -> None:
    content = os.urandom(100_000)
    (tmp_path / "sent").write_bytes(content)
    objects.put_file(tmp_path / "sent", "files/one")
    objects.copy("files/one", "files/two")
    objects.get_file("files/two", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    for missing in (lambda: objects.get_file("nothing", tmp_path / "x"), lambda: objects.copy("nothing", "x")):
        with pytest.raises(FileNotFoundError):
            missing()


def test_what_is_there_is_listed_as_it_is_now(objects: Objects) -> None:
    assert objects.names("jobs") == []
    assert objects.keys("jobs") == {}
    for key in ("jobs/1/fence.json", "jobs/1/attempts/2/order.json", "jobs/10/x"):
        objects.put(key, b"x")
    assert objects.names("jobs") == ["1", "10"]
    assert objects.names("jobs/1") == ["attempts", "fence.json"]
    assert objects.keys("jobs/1") == {"fence.json": 1, "attempts/2/order.json": 1}
    Objects(objects.uri).put("jobs/1/more", b"by another process")
    assert "more" in objects.names("jobs/1")
    objects.remove_below("jobs/1")
    assert objects.keys("jobs") == {"10/x": 1}


def test_the_probe_leaves_nothing(objects: Objects) -> None:
    objects.put("x", b"x")
    objects.probe()
    assert objects.names("") == ["x"]


def test_a_large_file_goes_to_s3_in_parts(s3: S3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    uri = s3.bucket()
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(101 * 2**20)
    Objects(uri).put_file(path, "large")
    found = s3.client().head_object(Bucket=uri.removeprefix("s3://"), Key="large")
    assert found["ContentLength"] == 101 * 2**20
    assert found["ETag"].strip('"').endswith("-3")


def test_a_storage_that_does_not_answer_is_told_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret")
        objects = Objects("s3://bucket/folder")
        with pytest.raises(StorageError, match=r"cannot read s3://bucket/folder/jobs/1: ") as caught:
            objects.get("jobs/1")
    assert "the-key" not in str(caught.value)
    assert "the-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "uri", ["s3://key:secret@bucket/folder", "s3://bucket/folder?token=secret", "s3://bucket#secret"]
)
def test_a_uri_with_credentials_is_refused_without_repeating_them(uri: str) -> None:
    with pytest.raises(ValueError, match="credentials and options belong in the environment") as caught:
        check_uri(uri)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("uri", ["s3://", "://bucket", "file:///"])
def test_a_uri_without_a_place_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="names no place"):
        check_uri(uri)


def test_kinds_of_storage_that_cannot_be_opened_are_named() -> None:
    with pytest.raises(StorageError, match=r"nonsense:// is no kind of storage"):
        Objects("nonsense://bucket")
    with pytest.raises(StorageError, match=r"gs:// needs gcsfs: pip install 'gcsfs'"):
        Objects("gs://bucket")
