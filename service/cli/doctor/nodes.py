"""The nodes of the cluster, each looked at from itself: clock, storage, data, versions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from service.cli.doctor.finding import Finding, fail, ok, warn
from service.cli.doctor.remote import LARGEST_SKEW_S
from service.cluster.schemas import NodeCheck, NodeStatus
from service.sdk import Client, StillhouseError

WITHIN_S = 90.0
_LOOK_EVERY_S = 0.5
_GIB = 1024**3
_LOW_DISK_BYTES = 5 * _GIB
_ALIKE = ("python", "torch", "torchvision", "ray", "mlflow")


def examine(client: Client) -> Iterator[Finding]:
    """Findings on each node of a cluster that has more than one."""
    try:
        cluster = client.cluster.get()
        if len(cluster.nodes) < 2:
            return
        check = _wait(client)
    except StillhouseError as error:
        yield warn("nodes", f"could not be looked at: {error}", "ask with a token that may submit jobs")
        return
    if check.state != "done":
        why = check.reason or f"no answer within {WITHIN_S:.0f} s"
        yield warn("nodes", f"could not be looked at: {why}", "see checks/nodes/ in the storage, and Ray's dashboard")
    usual = _usual_versions(check.nodes)
    for node in check.nodes:
        troubles = list(_troubles(node, usual, service_version=cluster.version))
        yield from troubles or [ok(f"node {node.name}", _well(node))]


def _wait(client: Client) -> NodeCheck:
    check = client.cluster.check_nodes()
    deadline = time.monotonic() + WITHIN_S
    while check.ended_at is None and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_S)
        check = client.cluster.node_check(check.number)
    return check


def _troubles(node: NodeStatus, usual: dict[str, str], *, service_version: str) -> Iterator[Finding]:
    name = f"node {node.name}"
    if node.trouble is not None:
        yield fail(name, node.trouble, "look at the machine and its network; Ray drops it if it stays away")
        return
    if node.storage_trouble is not None:
        remedy = "mount the shared storage there under the same path, writable for Ray's user"
        yield fail(name, f"does not share the storage: {node.storage_trouble}", remedy)
    if node.data_trouble is not None:
        yield fail(name, f"does not see the data: {node.data_trouble}", "mount the data root there under the same path")
    if node.clock_ahead_s is not None and abs(node.clock_ahead_s) > LARGEST_SKEW_S:
        words = f"its clock is {abs(node.clock_ahead_s):.0f} s {'ahead' if node.clock_ahead_s > 0 else 'behind'}"
        yield warn(
            name, f"{words}, by which log lines and curves are off", "synchronise it (chrony, systemd-timesyncd)"
        )
    if node.free_bytes is not None and node.free_bytes < _LOW_DISK_BYTES:
        yield warn(name, f"{node.free_bytes / _GIB:.1f} GiB free in the storage", "free space there")
    yield from _other_versions(node, usual, service_version=service_version)


def _other_versions(node: NodeStatus, usual: dict[str, str], *, service_version: str) -> Iterator[Finding]:
    found = node.versions.get("stillhouse", "missing")
    if found != service_version:
        words = f"stillhouse is {found} there, the service is {service_version}"
        yield warn(f"node {node.name}", words, "bring both to the same version")
    other = {name: version for name, version in usual.items() if node.versions.get(name) != version}
    if other:
        words = "; ".join(
            f"{name} is {node.versions.get(name)}, elsewhere {version}" for name, version in other.items()
        )
        remedy = "the same versions on all nodes: a job that moves goes on bit by bit only then"
        yield warn(f"node {node.name}", words, remedy)


def _usual_versions(nodes: list[NodeStatus]) -> dict[str, str]:
    """Of each package the version that most nodes have."""
    counts = {name: Counter(node.versions[name] for node in nodes if name in node.versions) for name in _ALIKE}
    return {name: found.most_common(1)[0][0] for name, found in counts.items() if found}


def _well(node: NodeStatus) -> str:
    clock = "" if node.clock_ahead_s is None else f"clock {node.clock_ahead_s:+.1f} s, "
    free = "" if node.free_bytes is None else f" ({node.free_bytes / _GIB:.0f} GiB free)"
    return f"{clock}shares the storage{free}, torch {node.versions.get('torch')}, Ray {node.versions.get('ray')}"
