"""The table of states."""

from __future__ import annotations

import pytest

from service.jobs.lifecycle import (
    ACTIONS,
    FINAL,
    TRANSITIONS,
    Action,
    JobState,
    Refusal,
    TransitionError,
    check_transition,
)


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
    for state in (JobState.STARTING, JobState.RUNNING):
        assert TRANSITIONS[state] >= FINAL
    assert TRANSITIONS[JobState.PAUSING] >= {JobState.PAUSED, JobState.SUCCEEDED, JobState.FAILED}
    assert TRANSITIONS[JobState.CANCELLING] == {JobState.CANCELLED, JobState.SUCCEEDED}


def test_only_a_retry_leads_out_of_a_final_state() -> None:
    assert {state: TRANSITIONS[state] for state in FINAL} == {
        JobState.SUCCEEDED: frozenset(),
        JobState.FAILED: {JobState.QUEUED},
        JobState.CANCELLED: {JobState.QUEUED},
    }


def test_every_action_has_a_row_for_every_state_and_keeps_to_the_transitions() -> None:
    assert set(ACTIONS) == set(Action)
    for action, row in ACTIONS.items():
        assert set(row) == set(JobState), action
        for state, wanted in row.items():
            assert isinstance(wanted, Refusal) or wanted == state or wanted in TRANSITIONS[state], (action, state)


def test_every_action_is_idempotent() -> None:
    for row in ACTIONS.values():
        for wanted in row.values():
            if not isinstance(wanted, Refusal):
                assert row[wanted] == wanted


def test_a_cancel_is_possible_until_a_job_has_ended() -> None:
    refused = {state for state, wanted in ACTIONS[Action.CANCEL].items() if isinstance(wanted, Refusal)}
    assert refused == {JobState.SUCCEEDED, JobState.FAILED}


def test_a_change_that_is_not_in_the_table_is_refused_in_words() -> None:
    with pytest.raises(TransitionError, match="a job that is succeeded cannot become running; possible: nothing"):
        check_transition(JobState.SUCCEEDED, JobState.RUNNING)
