"""What an attempt leaves is found by the next one, on another node, whatever happened in between."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.unit.workers.storage.failing import FailingObjects
from tests.unit.workers.storage.node import JOB, Node
from workers.spec import Fence, Heartbeat
from workers.storage.manifest import manifest_key, newest_manifest, read_manifest, work_key
from workers.storage.mirror import Superseded
from workers.storage.objects import Objects, StorageError


@pytest.fixture
def node(uri: str, tmp_path: Path) -> Callable[..., Node]:
    return lambda attempt, **how: Node(FailingObjects(uri), tmp_path, attempt, **how)


def test_an_attempt_on_an_empty_node_goes_on_from_what_the_one_before_has_left(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    assert first.files == {}
    first.write(first.folder.work / "spec.json", b"{}")
    first.log(1, 2)
    first.checkpoint(10)
    newest = first.checkpoint(20)
    first.mirror.sync()
    second = node(2).begin()
    assert second.files == {
        "spec.json": b"{}",
        "metrics.jsonl": first.folder.journal.read_bytes(),
        "checkpoints/step-00000020.pt": newest,
    }


def test_what_was_not_whole_is_not_there(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    kept = first.checkpoint(10)
    first.mirror.sync()
    first.checkpoint(20)
    first.objects.fails = lambda verb, key: verb == "put" and "step-00000020" in key
    with pytest.raises(StorageError):
        first.mirror.sync()
    second = node(2).begin()
    assert second.files["checkpoints/step-00000010.pt"] == kept
    assert "checkpoints/step-00000020.pt" not in second.files


def test_a_checkpoint_whose_manifest_was_not_written_is_not_there(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    kept = first.checkpoint(10)
    first.mirror.sync()
    first.checkpoint(20)
    first.checkpoint(30)
    first.objects.fails = lambda verb, key: verb == "put" and key.endswith("manifest.json")
    with pytest.raises(StorageError):
        first.mirror.sync()
    second = node(2).begin()
    assert second.files["checkpoints/step-00000010.pt"] == kept


def test_an_upload_that_failed_is_made_good_by_the_next(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.objects.fails = lambda verb, key: verb == "put"
    content = first.checkpoint(10)
    with pytest.raises(StorageError):
        first.mirror.sync()
    first.objects.fails = lambda verb, key: False
    first.mirror.sync()
    assert node(2).begin().files["checkpoints/step-00000010.pt"] == content


def damage(objects: Objects, part: str, content: bytes = b"something else") -> None:
    """Replace the object whose key has `part` in it."""
    [key] = [key for key in objects.keys(f"jobs/{JOB}") if part in key]
    objects.put(f"jobs/{JOB}/{key}", content)


@pytest.mark.parametrize("content", [b"", b"x" * 999, b"x" * 1000], ids=["empty", "cut off", "other bytes"])
def test_a_damaged_checkpoint_is_told_and_the_one_before_is_used(
    content: bytes, node: Callable[..., Node], caplog: pytest.LogCaptureFixture
) -> None:
    first = node(1).begin()
    kept = first.checkpoint(10)
    first.checkpoint(20)
    first.mirror.sync()
    damage(first.objects, "step-00000020", content)
    second = node(2).begin()
    assert second.files == {"checkpoints/step-00000010.pt": kept, "metrics.jsonl": b""}
    assert "step-00000020" in caplog.text
    assert "is damaged" in caplog.text


def test_after_a_damaged_manifest_the_attempt_before_is_gone_on_from(
    node: Callable[..., Node], caplog: pytest.LogCaptureFixture
) -> None:
    first = node(1).begin()
    kept = first.checkpoint(10)
    first.mirror.sync()
    second = node(2)
    second.mirror._let_go_of_older = lambda: None  # type: ignore[method-assign]  # killed before that
    second.begin().checkpoint(20)
    second.mirror.sync()
    damage(second.objects, "2/work/manifest.json")
    third = node(3).begin()
    assert third.files["checkpoints/step-00000010.pt"] == kept
    assert "manifest.json is damaged" in caplog.text


def test_a_damaged_journal_is_not_gone_on_with(node: Callable[..., Node], caplog: pytest.LogCaptureFixture) -> None:
    first = node(1).begin()
    first.log(1, 2, 3)
    first.checkpoint(10)
    first.mirror.sync()
    damage(first.objects, "grown/metrics.jsonl", b'{"step": 1, "at_ms": 1, "metrics": {"a": 1}}\n')
    assert "checkpoints/step-00000010.pt" not in node(2).begin().files
    assert "metrics.jsonl is damaged" in caplog.text


def test_the_journal_is_there_before_the_checkpoint_of_its_steps(node: Callable[..., Node]) -> None:
    """Whatever request is the last that a killed attempt made: no step of a checkpoint is missing in the journal."""
    requests: list[str] = []
    first = node(1).begin()
    first.objects.before = lambda verb, key: requests.append(verb)
    first.log(*range(1, 11))
    first.checkpoint(10)
    first.mirror.sync()
    for last in range(len(requests) + 1):
        attempt = 10 + 2 * last
        killed = node(attempt)
        killed.objects.remove_below(f"jobs/{JOB}")
        killed.begin()
        left = iter(range(last))
        killed.objects.fails = lambda verb, key, left=left: next(left, None) is None  # type: ignore[misc]
        killed.log(*range(1, 11))
        killed.checkpoint(10)
        try:
            killed.mirror.sync()
        except StorageError:
            assert last < len(requests)
        resumed = node(attempt + 1).begin()
        if "checkpoints/step-00000010.pt" in resumed.files:
            assert resumed.steps == list(range(1, 11))


def test_a_torn_line_of_the_journal_is_cut(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.log(1, 2)
    with first.folder.journal.open("a") as file:
        file.write('{"step": 3, "at_')
    first.mirror.sync()
    second = node(2).begin()
    assert second.steps == [1, 2]
    second.log(3)
    second.mirror.sync()
    assert node(3).begin().steps == [1, 2, 3]


def test_what_a_superseded_attempt_writes_is_seen_by_nobody(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.log(1)
    taken = first.checkpoint(10)
    first.mirror.sync()
    second = node(2).begin()
    first.log(2)
    first.checkpoint(20)
    first.mirror.sync()  # it was frozen and has not looked at the fence
    third_of_it = second.checkpoint(15)
    second.mirror.sync()
    third = node(3).begin()
    assert third.files["checkpoints/step-00000015.pt"] == third_of_it
    assert "checkpoints/step-00000020.pt" not in third.files
    assert third.steps == [1]
    assert taken


def test_a_superseded_attempt_ends_before_it_tells_mlflow_anything(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.log(1)
    first.mirror.settle()
    node(2).begin()
    first.log(2)
    with pytest.raises(Superseded):
        first.mirror.settle()
    assert first.ended.is_set()
    assert first.folder.read_fence() == Fence(attempt=2)


def test_what_mlflow_has_heard_of_is_known_to_whoever_comes_next(node: Callable[..., Node]) -> None:
    """However the two interleave: points that an attempt was allowed to send are in the journal of the next one."""
    count = 0
    while True:
        first = node(1)
        first.objects.remove_below(f"jobs/{JOB}")
        first.begin().log(1)
        first.mirror.sync()
        second = node(2)
        calls = iter(range(1000))

        def interrupt(verb: str, key: str, calls: Iterator[int], at: int, second: Node) -> None:
            if next(calls) == at:
                second.begin()

        first.log(2)
        first.objects.before = partial(interrupt, calls=calls, at=count, second=second)
        try:
            first.mirror.settle()
            sent = [1, 2]
        except Superseded:
            sent = [1]
        requests = next(calls)
        if requests <= count:
            return
        assert set(sent) <= set(second.steps), f"interrupted at request {count}"
        second.folder.journal.unlink()
        count += 1


def test_the_next_attempt_waits_for_nothing_and_misses_nothing_while_the_one_before_still_writes(
    node: Callable[..., Node],
) -> None:
    first = node(1).begin()
    first.checkpoint(10)
    first.checkpoint(20)
    first.mirror.sync()
    second = node(2)
    steps = iter((30, 40))

    def write_more(verb: str, key: str) -> None:
        if "step-" in key and (step := next(steps, None)) is not None:
            first.checkpoint(step)
            first.checkpoint(step + 5)
            first.mirror.sync()

    second.objects.before = write_more
    second.begin()
    assert "checkpoints/step-00000045.pt" in second.files
    assert len([name for name in second.files if "step-" in name]) == 1


def test_an_attempt_that_could_not_take_over_leaves_what_was_there(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    kept = first.checkpoint(10)
    first.mirror.sync()
    second = node(2)
    second.objects.fails = lambda verb, key: verb == "copy"
    with pytest.raises(StorageError):
        second.begin()
    second.mirror.finish(0.1)
    second.mirror.close(0.1)
    assert newest_manifest(second.objects, JOB).attempt == 1  # type: ignore[union-attr]
    assert node(3).begin().files["checkpoints/step-00000010.pt"] == kept


def test_what_was_taken_over_is_let_go_of(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.checkpoint(10)
    first.mirror.sync()
    second = node(2).begin()
    assert second.objects.keys(work_key(JOB, 1)) == {}
    for step in (20, 30, 40):
        second.checkpoint(step)
        second.mirror.sync()
    kept = [key for key in second.objects.keys(work_key(JOB, 2)) if "step-" in key]
    assert [key.rpartition(".")[0] for key in sorted(kept)] == [
        "files/checkpoints/step-00000030.pt",
        "files/checkpoints/step-00000040.pt",
    ]


def test_where_the_best_is_kept_all_checkpoints_are_taken_over(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    best, newest = first.checkpoint(10), first.checkpoint(20)
    first.mirror.sync()
    second = node(2, all_checkpoints=True).begin()
    assert second.files["checkpoints/step-00000010.pt"] == best
    assert second.files["checkpoints/step-00000020.pt"] == newest


def test_a_retry_from_scratch_takes_nothing_over_and_removes_nothing(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.checkpoint(10)
    first.log(1)
    first.mirror.sync()
    second = node(2, scratch_after=1).begin()
    assert second.files == {}
    content = second.checkpoint(5)
    second.log(1)
    second.mirror.sync()
    assert read_manifest(second.objects, JOB, 1) is not None
    third = node(3, scratch_after=1).begin()
    assert third.files["from-scratch/1/checkpoints/step-00000005.pt"] == content
    assert set(third.files) == {"from-scratch/1/checkpoints/step-00000005.pt", "from-scratch/1/metrics.jsonl"}
    assert read_manifest(third.objects, JOB, 1) is not None


def test_the_training_waits_for_no_upload(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    blocked, entered = threading.Event(), threading.Event()

    def slow(verb: str, key: str) -> None:
        if verb == "put" and "step-" in key:
            entered.set()
            assert blocked.wait(30)

    first.objects.before = slow
    first.mirror.start()
    first.mirror.carry()
    first.checkpoint(10)
    assert entered.wait(30)
    started = time.monotonic()
    first.checkpoint(20)
    content = first.checkpoint(30)
    first.folder.write_heartbeat(1, Heartbeat.model_validate({"at": "2026-01-01T00:00:00Z", "phase": "training"}))
    while first.objects.get(f"jobs/{JOB}/attempts/1/heartbeat.json") is None:
        assert time.monotonic() < started + 10, "an upload holds up the sign of life"
        time.sleep(0.05)
    blocked.set()
    first.mirror.finish(30)
    first.mirror.close(30)
    assert node(2).begin().files["checkpoints/step-00000030.pt"] == content


def test_the_end_waits_until_all_is_there(node: Callable[..., Node], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    first = node(1).begin()
    first.mirror.start()
    first.mirror.carry()
    away = time.monotonic() + 3
    first.objects.fails = lambda verb, key: time.monotonic() < away
    first.write(first.folder.work / "student.safetensors", b"the student")
    first.log(1)
    first.write(first.folder.log(1), b"the log")
    first.mirror.finish(30)
    first.mirror.close(30)
    assert time.monotonic() > away
    manifest = newest_manifest(first.objects, JOB)
    assert manifest is not None
    assert set(manifest.files) == {"student.safetensors"}
    assert first.objects.get(f"jobs/{JOB}/attempts/1/log.txt/00000000") == b"the log"


def test_it_is_told_that_an_attempt_lives_until_its_last_file_is_up(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.mirror.start()
    first.mirror.carry()
    blocked, entered = threading.Event(), threading.Event()

    def slow(verb: str, key: str) -> None:
        if verb == "put" and "student" in key:
            entered.set()
            assert blocked.wait(60)

    first.objects.before = slow
    first.write(first.folder.work / "student.safetensors", b"the student")
    ending = threading.Thread(target=first.mirror.finish, args=(60,))
    ending.start()
    assert entered.wait(60)
    first.folder.write_heartbeat(1, Heartbeat.model_validate({"at": "2026-01-01T00:00:00Z", "phase": "saving"}))
    deadline = time.monotonic() + 30
    while first.objects.get(f"jobs/{JOB}/attempts/1/heartbeat.json") is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    blocked.set()
    ending.join()
    first.mirror.close(30)


def test_an_end_that_cannot_be_kept_is_no_success(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    first.objects.fails = lambda verb, key: True
    first.write(first.folder.work / "student.safetensors", b"the student")
    with pytest.raises(StorageError):
        first.mirror.finish(0.2)
    with pytest.raises(StorageError):
        first.mirror.close(0.2)


def test_a_storage_that_is_away_is_told_once_and_gone_on_with(
    node: Callable[..., Node], caplog: pytest.LogCaptureFixture
) -> None:
    first = node(1).begin()
    first.objects.fails = lambda verb, key: True
    first.mirror.start()
    first.mirror.carry()
    content = first.checkpoint(10)
    time.sleep(3.5)
    first.objects.fails = lambda verb, key: False
    assert 1 <= caplog.text.count("the training goes on") <= 2
    first.mirror.finish(30)
    first.mirror.close(30)
    assert node(2).begin().files["checkpoints/step-00000010.pt"] == content


def test_the_manifest_says_what_it_is(node: Callable[..., Node]) -> None:
    first = node(1).begin()
    content = (first.objects.get(manifest_key(JOB, 1)) or b"").partition(b"\n")[2]
    assert b'"version":1' in content
    assert b'"attempt":1' in content
