"""Fixtures of the trainer's tests."""

from pathlib import Path

import pytest
import torch

from tests.unit.trainer.factories import write_data_root


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root with two small splits and a teacher, to be read only."""
    return write_data_root(tmp_path_factory.mktemp("data"))
