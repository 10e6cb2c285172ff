"""Fixtures that several folders of tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack import RunningStack, make_data, start_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The whole stack, started once for all tests that need it; ends without a process left."""
    state = tmp_path_factory.mktemp("stack")
    make_data(state / "data")
    running = start_stack(state)
    yield running
    left = running.stop()
    assert left == [], f"these processes outlived the stack: {left}"
