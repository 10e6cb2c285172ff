"""A sweep behind a URI: what a driver and its trials leave is found by the next ones, on other nodes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.unit.workers.storage.failing import FailingObjects
from trainer.errors import InputError
from trainer.folders import checkpoint_path
from workers.journal import Journal
from workers.spec import AttemptOrder, Fence, JobFolder, SweepSpec, TrialRecord
from workers.spec.layout import JOURNAL, write_whole
from workers.spec.steering import Steering
from workers.storage import remote_trials, trial_place
from workers.storage.changes import Changes, replay
from workers.storage.mirror import Mirror, Superseded
from workers.storage.objects import StorageError
from workers.storage.remote_trials import RemoteTrials
from workers.storage.trials import SETTLED, Found

SWEEP = "sweep-aaaaaaaaaa"
SPLIT = {"images": "nothing", "annotations": "nothing.json"}
NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Driver:
    """The driver of an attempt, on a node of its own."""

    def __init__(self, uri: str, root: Path, attempt: int, *, scratch_after: int = 0) -> None:
        self.objects = FailingObjects(uri)
        self.folder = JobFolder(root / f"driver-{attempt}", SWEEP, scratch_after=scratch_after)
        self.ended = False
        self.objects.put(f"jobs/{SWEEP}/fence.json", Fence(attempt=attempt).model_dump_json().encode())
        self.mirror = Mirror(
            self.objects, self.folder, SWEEP, attempt, on_superseded=self.end,
            journal=self.folder.changes, has_files=False, followed=[self.folder.steering],
        )  # fmt: skip
        self.mirror.take_over()
        replay(self.folder.changes)
        self.trials = RemoteTrials(self.objects, self.mirror, self.folder, SWEEP, attempt)

    def end(self) -> None:
        self.ended = True

    def write(self, record: TrialRecord, *, at_once: bool = True) -> TrialRecord:
        self.trials.write(self.folder.trial_record(record.number), record, at_once=at_once)
        return record

    @property
    def states(self) -> dict[int, str]:
        return {record.number: record.state for record in self.folder.read_trials()}


def a_record(number: int = 1, state: str = "running", **fields: Any) -> TrialRecord:
    ended_at = None if state == "running" else NOW
    document = {"number": number, "state": state, "parameters": {}, "started_at": NOW, "ended_at": ended_at, **fields}
    return TrialRecord.model_validate(document)


def an_order(attempt: int, *, scratch_after: int = 0) -> AttemptOrder:
    training = {"data": {"train": SPLIT, "val": SPLIT}}
    space = {"num_steps": {"kind": "integer", "low": 100, "high": 900}}
    spec = SweepSpec.model_validate({"kind": "sweep", "name": "s", "training": training, "space": space})
    return AttemptOrder(
        job_id=SWEEP, attempt=attempt, spec=spec, mlflow_tracking_uri="http://127.0.0.1:9", data_root="/nowhere",
        scratch_after=scratch_after,
    )  # fmt: skip


@pytest.fixture
def driver(uri: str, tmp_path: Path) -> Callable[..., Driver]:
    return lambda attempt, **how: Driver(uri, tmp_path, attempt, **how)


Start = Callable[..., Any]


@pytest.fixture
def start(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a trial on a node of its own, which stays until it is closed or the test is over."""
    monkeypatch.setattr(trial_place, "end_process", lambda: None)
    with ExitStack() as stack:

        def begin(attempt: int, start: int, *, number: int = 1, exploits: int = 0, scratch_after: int = 0) -> Any:
            monkeypatch.setenv("STILLHOUSE_SCRATCH", str(tmp_path / f"node-{attempt}-{number}-{exploits}-{start}"))
            order = an_order(attempt, scratch_after=scratch_after)
            place = trial_place.trial_place(uri, order, number, exploits=exploits, start=start)
            return stack.enter_context(place)

        yield begin


def log(out: Path, *steps: int) -> None:
    journal = Journal(out / JOURNAL)
    for step in steps:
        journal.append({"loss": float(step)}, step=step)
    journal.close()


def steps(out: Path) -> list[int]:
    journal = Journal(out / JOURNAL)
    found = [point.step for point in journal.points()]
    journal.close()
    return found


def checkpoint(out: Path, step: int) -> bytes:
    path, content = checkpoint_path(out, step=step), os.urandom(1000)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return content


def test_lines_give_the_newest_of_each_file_and_what_was_removed(tmp_path: Path) -> None:
    changes = Changes(tmp_path / "changes.jsonl")
    for number in (1, 2):
        changes.note(tmp_path / f"trials/{number:05d}.json", f"{number}")
    offset = replay(tmp_path / "changes.jsonl")
    assert (tmp_path / "trials/00002.json").read_text() == "2"
    changes.note(tmp_path / "trials/00002.json", "two")
    changes.note(tmp_path / "trials/00001.json", None)
    with (tmp_path / "changes.jsonl").open("a") as file:
        file.write('{"name": "trials/00003.json", "con')
    assert replay(tmp_path / "changes.jsonl", offset) > offset
    assert [path.name for path in (tmp_path / "trials").iterdir()] == ["00002.json"]
    assert (tmp_path / "trials/00002.json").read_text() == "two"


@pytest.mark.parametrize("name", ["../x.json", "/etc/x", "trials/1/../../x", "trials/00001/student.safetensors"])
def test_a_line_that_names_another_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "changes.jsonl").write_text(f'{{"name": "{name}", "content": "x"}}\n')
    with pytest.raises(ValueError, match="no file of a sweep's driver"):
        replay(tmp_path / "changes.jsonl")


def test_the_next_driver_finds_what_was_kept_at_once_and_all_before_it(driver: Callable[..., Driver]) -> None:
    first = driver(1)
    first.write(a_record(1))
    first.write(a_record(1, "succeeded"), at_once=False)
    first.write(a_record(2))
    first.write(a_record(2, "failed"), at_once=False)
    second = driver(2)
    assert second.states == {1: "succeeded", 2: "running"}
    second.write(a_record(3))
    assert driver(3).states == {1: "succeeded", 2: "running", 3: "running"}


def test_what_a_cut_off_driver_writes_is_seen_by_nobody_and_it_starts_no_trial(driver: Callable[..., Driver]) -> None:
    first = driver(1)
    first.write(a_record(1))
    second = driver(2)
    with pytest.raises(Superseded):
        first.write(a_record(2))
    assert first.ended
    second.write(a_record(2, "failed"))
    assert driver(3).states == {1: "running", 2: "failed"}


def test_a_retry_from_scratch_begins_without_records(driver: Callable[..., Driver]) -> None:
    driver(1).write(a_record(1))
    second = driver(2, scratch_after=1)
    assert second.states == {}
    second.write(a_record(7))
    assert driver(3, scratch_after=1).states == {7: "running"}


def test_a_storage_that_is_away_is_waited_for(driver: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.storage.mirror.FREIGHT_S", 0.01)
    first = driver(1)
    left = iter(range(3))
    first.objects.fails = lambda verb, key: verb == "put" and next(left, None) is not None
    first.write(a_record(1))
    assert driver(2).states == {1: "running"}


def test_what_is_asked_of_a_sweep_comes_to_its_driver(driver: Callable[..., Driver]) -> None:
    first = driver(1)
    first.objects.put(f"jobs/{SWEEP}/steering.json", Steering(more_trials=3).model_dump_json().encode())
    first.mirror.follow()
    assert Steering.model_validate_json(first.folder.steering.read_text()).more_trials == 3


@pytest.mark.parametrize("scratch_after", [0, 1])
def test_a_start_goes_on_from_what_the_one_before_had_sent(start: Start, scratch_after: int) -> None:
    first = start(2, 1, scratch_after=scratch_after)
    log(first.out, 1, 2)
    content = checkpoint(first.out, 2)
    first.settle(with_files=True)
    log(first.out, 3)
    first.settle(with_files=False)
    checkpoint(first.out, 3)
    second = start(2, 2, scratch_after=scratch_after)
    assert steps(second.out) == [1, 2, 3]
    assert checkpoint_path(second.out, step=2).read_bytes() == content
    assert not checkpoint_path(second.out, step=3).exists()
    third = start(3, 2, scratch_after=scratch_after)
    assert steps(third.out) == [1, 2, 3], "starts of a later attempt count on from its records"


def test_a_report_is_there_before_the_checkpoint_of_its_step(start: Start, uri: str) -> None:
    """What a killed trial had reported before a checkpoint is not reported by whoever goes on from that."""
    first = start(1, 1)
    reports = first.out / "reports.json"
    reports.write_text("[]")
    first.settle(with_files=True)
    objects = first._mirror._objects
    put_file, changed = objects.put_file, []

    def change_meanwhile(path: Path, key: str) -> None:
        put_file(path, key)
        if path == reports and not changed:
            changed.append(reports.write_text("[1, 2]"))

    objects.put_file = change_meanwhile
    reports.write_text("[1]")
    checkpoint(first.out, 1)
    first._mirror.sync()
    second = start(1, 2)
    assert checkpoint_path(second.out, step=1).exists() <= (second.out / "reports.json").read_text().startswith("[1")


def test_a_start_ends_once_its_trial_was_started_again(
    start: Start, driver: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(trial_place, "end_process", lambda: ended.append(True))
    first_driver = driver(1)
    first_driver.trials.begin(1, exploits=0, start=1)
    first = start(1, 1)
    first.settle(with_files=False)
    first_driver.trials.begin(1, exploits=0, start=2)
    with pytest.raises(Superseded):
        first.settle(with_files=False)
    second = start(1, 2)
    second.settle(with_files=False)
    driver(2)
    with pytest.raises(Superseded):
        second.settle(with_files=False)
    assert len(ended) == 2


def test_mlflow_hears_of_a_running_trial_what_the_newest_start_has_sent(
    start: Start, driver: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_trials, "LOOK_EVERY_S", 0.0)
    first = start(1, 1)
    (first.out / "spec.json").write_text("{}")
    log(first.out, 1)
    first.settle(with_files=True)
    one = driver(1)
    out = one.folder.trial(1)
    assert one.trials.bring(a_record(1, starts=1), exploits=0) is Found.THERE
    assert steps(out) == [1]
    assert one.trials.bring(a_record(1, starts=2), exploits=0) is Found.NOTHING, "it has not taken over yet"
    second = start(1, 2)
    log(first.out, 2, 3)
    first._mirror._append()  # it was cut off and does not know
    log(second.out, 20)
    second.settle(with_files=True)
    log(out, 2)  # what of it was fetched before the second one had its place, and told to nobody
    assert one.trials.bring(a_record(1, starts=2), exploits=0) is Found.THERE
    assert steps(out) == [1, 20]


def test_the_run_of_a_trial_ends_when_its_last_files_are_there(
    start: Start, driver: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = driver(1)
    record = a_record(1, "stopped", starts=2)
    monkeypatch.setattr(remote_trials, "LOOK_AT_END_EVERY_S", 0.0)
    first = start(1, 1)
    (first.out / "spec.json").write_text("{}")
    log(first.out, 1)
    first.finish()
    second = start(1, 2)
    assert not (second.out / "over").exists()
    assert one.trials.bring(record, exploits=0) is Found.LATER, "the start before was over, this one is not"
    (second.out / "student.safetensors").write_bytes(b"the student")
    checkpoint(second.out, 1)
    second.finish()
    assert one.trials.bring(record, exploits=0) is Found.THERE
    out = one.folder.trial(1)
    assert {path.name for path in out.iterdir()} >= {"spec.json", JOURNAL, "student.safetensors"}
    assert not (out / "checkpoints").exists()
    (out / SETTLED).write_text("the run")
    one.trials.settled(1, exploits=0)
    assert [path.name for path in out.iterdir()] == [SETTLED]
    one.write(a_record(2))
    two = driver(2)
    assert (two.folder.trial(1) / SETTLED).read_text() == "the run"
    two.objects.fails = lambda verb, key: True
    assert two.trials.bring(record, exploits=0) is Found.THERE, "and nothing is asked of the storage"


def test_the_last_files_of_a_lost_trial_are_not_waited_for(
    start: Start, driver: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_trials, "LAST_FILES_WITHIN_S", -1.0)
    first = start(1, 1)
    (first.out / "spec.json").write_text("{}")
    first.settle(with_files=True)
    one = driver(1)
    assert one.trials.bring(a_record(1, "failed", starts=1), exploits=0) is Found.THERE
    assert one.trials.bring(a_record(2, "failed", starts=1), exploits=0) is Found.NOTHING


def test_a_trial_takes_over_the_checkpoint_of_another(start: Start, driver: Callable[..., Driver]) -> None:
    strong = start(1, 1, number=2)
    (strong.out / "spec.json").write_text('{"of": "the strong"}')
    log(strong.out, 1, 2)
    content = checkpoint(strong.out, 2)
    strong.settle(with_files=True)
    one = driver(1)
    out = one.folder.trial(1, exploits=1)
    for _ in range(2):  # a driver that was killed meanwhile does it again
        one.trials.branch(one.folder.trial(2), out, step=2)
    with pytest.raises(InputError, match="no checkpoint of step 3"):
        one.trials.branch(one.folder.trial(2), out, step=3)
    weak = start(1, 2, number=1, exploits=1)
    assert (weak.out / "spec.json").read_text() == '{"of": "the strong"}'
    assert checkpoint_path(weak.out, step=2).read_bytes() == content
    assert not (weak.out / JOURNAL).exists()


def test_nothing_of_a_trial_stays_on_its_node(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLHOUSE_SCRATCH", str(tmp_path / "scratch"))
    with trial_place.trial_place(uri, an_order(1), 1, exploits=0, start=1) as place:
        log(place.out, 1)
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []


def test_a_trial_that_cannot_send_its_student_has_not_finished(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_place, "STOPPED_WITHIN_S", 0.1)
    first = start(1, 1)

    def away(*_: object) -> None:
        raise StorageError("made to fail")

    first._mirror._objects.put_file = away
    (first.out / "student.safetensors").write_bytes(b"the student")
    with pytest.raises(StorageError):
        first.finish(0.1)


def test_no_thread_of_a_trial_outlives_it(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLHOUSE_SCRATCH", str(tmp_path / "scratch"))
    monkeypatch.setattr(trial_place, "STOPPED_WITHIN_S", 0.1)
    before = set(threading.enumerate())
    with trial_place.trial_place(uri, an_order(1), 1, exploits=0, start=1) as place:
        log(place.out, 1)
        monkeypatch.setattr(place._mirror._objects, "_doing", lambda *_: _Away())  # type: ignore[attr-defined]
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.name.startswith("storage")]
    assert left == []


class _Away:
    def __enter__(self) -> None:
        raise StorageError("made to fail")

    def __exit__(self, *_: object) -> None:
        """It was never entered."""


def test_a_shared_folder_is_worked_in_itself(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path, SWEEP)
    write_whole(folder.fence, Fence(attempt=1))
    with trial_place.trial_place(str(tmp_path), an_order(1), 1, exploits=0, start=1) as place:
        assert place.out == folder.trial(1)
        assert place.fence is not None
        place.settle(with_files=True)
        place.finish()
    assert not folder.trials.exists()
