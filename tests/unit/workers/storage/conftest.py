"""The same tests over every kind of storage."""

from __future__ import annotations

import pytest

from workers.storage.objects import Objects


@pytest.fixture
def objects(uri: str) -> Objects:
    return Objects(uri)
