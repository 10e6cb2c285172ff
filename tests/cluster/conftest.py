"""One cluster for all tests of this folder: the compose file's commands, each machine in namespaces of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.sdk import Client
from tests.composed.cluster import Cluster
from tests.composed.cluster import cluster as running_cluster
from tests.composed.running import Composed, missing


@pytest.fixture(scope="session")
def shared_cluster() -> Iterator[Cluster]:
    if reason := missing():
        pytest.skip(reason)
    with running_cluster() as found:
        yield found


@pytest.fixture
def cluster(shared_cluster: Cluster) -> Cluster:
    """With all its nodes, whatever the test before did to them."""
    shared_cluster.wait_until_whole()
    return shared_cluster


@pytest.fixture(scope="session")
def composed(shared_cluster: Cluster) -> Composed:
    return shared_cluster.composed


@pytest.fixture(scope="session")
def client(shared_cluster: Cluster) -> Client:
    return shared_cluster.client
