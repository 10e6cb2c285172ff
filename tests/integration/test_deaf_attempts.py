"""The drill of attempts on Ray that do not hear SIGTERM and have forked, on the stack that all tests share."""

from __future__ import annotations

import pytest

from tests.drills import stubborn
from tests.stack import RunningStack

pytestmark = pytest.mark.stack


def test_a_cancel_ends_an_attempt_that_does_not_hear_it_and_what_that_has_forked(stack: RunningStack) -> None:
    outcome = stubborn.run_on(stack)
    print(outcome.figures)
    assert outcome.wrong == []
