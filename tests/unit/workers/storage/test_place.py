"""Where attempts work: what they need is there when they begin, and nothing stays on the node when they end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers.spec import AttemptOrder, Fence, Heartbeat, JobSpec, Terminal
from workers.storage.grown import read_grown
from workers.storage.mirror import Superseded
from workers.storage.objects import Objects, StorageError
from workers.storage.place import Scratch, SharedFolder, place_of
from workers.storage.scratch import hold, lock_of, remove_abandoned, scratch_root

JOB = "job-aaaaaaaaaa"
SPLIT = {"images": "nothing", "annotations": "nothing.json"}
END = Terminal(at=datetime.now(UTC), outcome="succeeded", reason="")


def an_order(attempt: int, data_root: Path = Path("/nowhere")) -> AttemptOrder:
    spec = JobSpec.model_validate({"name": "j", "training": {"data": {"train": SPLIT, "val": SPLIT}}})
    return AttemptOrder(
        job_id=JOB, attempt=attempt, spec=spec, mlflow_tracking_uri="http://127.0.0.1:9", data_root=str(data_root)
    )


def leave_order(objects: Objects, order: AttemptOrder) -> None:
    objects.put(f"jobs/{JOB}/attempts/{order.attempt}/order.json", order.model_dump_json().encode())
    objects.put(f"jobs/{JOB}/fence.json", Fence(attempt=order.attempt).model_dump_json().encode())


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STILLHOUSE_SCRATCH", str(tmp_path / "scratch"))
    return tmp_path / "scratch"


def begun(uri: str, attempt: int) -> Scratch:
    order = an_order(attempt)
    leave_order(Objects(uri), order)
    place = Scratch(uri, JOB, attempt, on_superseded=lambda: None)
    place.open()
    assert place.folder().read_order(attempt) == order
    place.take_over(order)
    return place


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_an_attempt_leaves_its_files_in_the_storage_and_nothing_on_its_node(uri: str, scratch: Path) -> None:
    place = begun(uri, 1)
    folder = place.folder()
    folder.write_heartbeat(1, Heartbeat(at=datetime.now(UTC), phase="training"))
    (folder.work / "student.safetensors").write_bytes(b"the student")
    place.finish()
    place.close(END)
    assert files_in(scratch) == []
    objects = Objects(uri)
    assert Terminal.model_validate_json(objects.get(f"jobs/{JOB}/attempts/1/terminal.json") or b"") == END
    assert Heartbeat.model_validate_json(objects.get(f"jobs/{JOB}/attempts/1/heartbeat.json") or b"")
    again = begun(uri, 2)
    assert (again.folder().work / "student.safetensors").read_bytes() == b"the student"
    again.finish()
    again.close(END)


def test_what_a_killed_attempt_left_on_the_node_is_removed_by_the_next_one_there(uri: str, scratch: Path) -> None:
    code = (
        "import os, sys; from workers.storage.place import Scratch; "
        f"place = Scratch(sys.argv[1], {JOB!r}, 1, on_superseded=lambda: None); "
        "(place.folder().path.parent / 'left').mkdir(parents=True); print('left', flush=True); os._exit(9)"
    )
    outside = f"file://{scratch.parent}/elsewhere" if uri.startswith("memory") else uri
    subprocess.run([sys.executable, "-c", code, outside], check=False, timeout=120)
    [folder] = (scratch).glob("*/attempts/*/")
    assert folder.is_dir()
    living = Scratch(outside, JOB, 2, on_superseded=lambda: None)
    another = Scratch(outside, JOB, 3, on_superseded=lambda: None)
    assert not folder.exists()
    assert living.folder().path.parents[1].is_dir()
    assert another.folder().path.parents[1].is_dir()


def test_files_that_a_spec_names_by_the_storage_are_fetched(uri: str, scratch: Path) -> None:
    place = begun(uri, 1)
    Objects(uri).put("uploads/teacher.safetensors", b"a teacher")
    named = f"{uri}/uploads/teacher.safetensors"
    found = place.files([named, "teachers/below-the-data-root.safetensors"])
    assert {name: path.read_bytes() for name, path in found.items()} == {named: b"a teacher"}
    with pytest.raises(FileNotFoundError):
        place.files([f"{uri}/uploads/nothing.safetensors"])
    place.close(END)


def test_a_superseded_attempt_is_told_when_it_begins(uri: str, scratch: Path) -> None:
    ended = threading.Event()
    leave_order(Objects(uri), an_order(2))
    place = Scratch(uri, JOB, 1, on_superseded=ended.set)
    with pytest.raises(Superseded):
        place.take_over(an_order(1))
    assert ended.is_set()


def test_a_folder_stays_what_it_was(tmp_path: Path) -> None:
    place = place_of(str(tmp_path), JOB, 1, on_superseded=lambda: None)
    assert isinstance(place, SharedFolder)
    assert place.folder().path == tmp_path / "jobs" / JOB
    assert place.files([f"{tmp_path}/x.safetensors"]) == {}
    place.close(END)
    assert place.folder().read_terminal(1) == END


def test_a_scratch_folder_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STILLHOUSE_SCRATCH", raising=False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(StorageError, match="belongs to somebody else"):
        scratch_root()


def test_a_failed_attempt_is_told_through_the_storage(tmp_path: Path, scratch: Path) -> None:
    uri = f"file://{tmp_path}/objects"
    objects = Objects(uri)
    leave_order(objects, an_order(1, tmp_path))
    command = [sys.executable, "-m", "workers.entrypoint", uri, JOB, "1"]
    assert subprocess.run(command, check=False, timeout=300).returncode == 1
    end = Terminal.model_validate_json(objects.get(f"jobs/{JOB}/attempts/1/terminal.json") or b"")
    assert (end.outcome, end.cause) == ("failed", "bad_input")
    assert "nothing.json" in end.reason
    assert "nothing.json" in b"".join(read_grown(objects, f"jobs/{JOB}/attempts/1/log.txt")).decode()
    assert files_in(scratch) == []


def test_folders_taken_while_others_clean_up_keep_their_locks(tmp_path: Path) -> None:
    """Trials begin by the dozen on a node, and each first removes what was left behind."""
    stop = threading.Event()

    def clean() -> None:
        while not stop.is_set():
            remove_abandoned(tmp_path)

    cleaners = [threading.Thread(target=clean) for _ in range(2)]
    for cleaner in cleaners:
        cleaner.start()
    try:
        for number in range(200):
            lock = hold(tmp_path / str(number))
            assert lock_of(tmp_path / str(number)).exists()
            assert (tmp_path / str(number)).is_dir()
            os.close(lock)
    finally:
        stop.set()
        for cleaner in cleaners:
            cleaner.join()
