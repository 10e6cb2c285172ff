"""The short forms of the drills; `make drills` runs the long ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.drills import clock_skew, cut_off, database, full_database, full_storage, log_flood, mlflow_away, soak
from tests.drills.outcome import Drill, NotHere, Outcome, Shared

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with Shared(tmp_path_factory.mktemp("drills")) as found:
        yield found


@pytest.fixture
def passes(tmp_path: Path, shared: Shared) -> Callable[[Callable[[Drill], Outcome]], None]:
    def check(run: Callable[[Drill], Outcome]) -> None:
        try:
            outcome = run(Drill(tmp_path, None, print, shared))
        except NotHere as error:
            pytest.skip(f"it cannot be drilled here: {error}")
        for what, value in outcome.figures.items():
            print(f"{what}: {value}")
        assert outcome.wrong == []

    return check


Passes = Callable[[Callable[[Drill], Outcome]], None]


def test_a_training_does_not_wait_for_mlflow_which_has_each_point_once_afterwards(passes: Passes) -> None:
    passes(mlflow_away.run)


def test_a_full_storage_is_told_and_loses_nothing(passes: Passes) -> None:
    passes(full_storage.run)


def test_a_full_disk_of_the_database_is_told_and_loses_nothing(passes: Passes) -> None:
    passes(full_database.run)


def test_clocks_that_differ_by_an_hour_kill_and_keep_nothing(passes: Passes) -> None:
    passes(clock_skew.run)


def test_an_attempt_that_no_stop_reaches_ends_at_the_fence_with_all_that_it_forked(passes: Passes) -> None:
    passes(cut_off.run)


def test_a_database_that_restarts_or_takes_no_changes_loses_nothing_and_repeats_nothing(passes: Passes) -> None:
    passes(database.run)


def test_a_flood_of_log_lines_is_read_whole_within_bounds(passes: Passes) -> None:
    passes(log_flood.run)


def test_memory_and_answers_stay_as_they_are_under_steady_work(passes: Passes) -> None:
    passes(soak.run)
