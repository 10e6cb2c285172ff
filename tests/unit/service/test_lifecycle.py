"""The table of states."""

from __future__ import annotations

import pytest

from service.jobs.lifecycle import ACTIVE, FINAL, TRANSITIONS, JobState, TransitionError, check_transition


def test_every_state_has_a_row() -> None:
    assert set(TRANSITIONS) == set(JobState)


def test_exactly_three_states_are_final() -> None:
    assert {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED} == FINAL


def test_every_state_can_reach_an_end() -> None:
    for state in JobState:
        seen, todo = set(), [state]
        while todo:
            found = todo.pop()
            seen.add(found)
            todo += [following for following in TRANSITIONS[found] if following not in seen]
        assert seen & FINAL


def test_every_active_state_can_end_in_any_outcome_of_an_attempt() -> None:
    for state in ACTIVE - {JobState.PAUSING}:
        assert TRANSITIONS[state] >= {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


def test_a_change_that_is_not_in_the_table_is_refused_in_words() -> None:
    with pytest.raises(TransitionError, match="a job that is succeeded cannot become running; possible: nothing"):
        check_transition(JobState.SUCCEEDED, JobState.RUNNING)
