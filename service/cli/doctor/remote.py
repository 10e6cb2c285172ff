"""How the service fares, as its client sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import httpx

from service.cli.doctor.finding import Finding, fail, ok, warn
from service.sdk import ApiError, Client, Cluster, ForbiddenError, ServerUnreachable, SignInError, StillhouseError
from service.version import installed_version

LARGEST_SKEW_S = 5.0


def examine(client: Client) -> Iterator[Finding]:
    """Everything else waits for an answer of the service at all."""
    try:
        health = client.cluster.health()
    except StillhouseError as error:
        yield fail("service", str(error), "start it with `stillhouse up`, or point --server or STILLHOUSE_URL to it")
        return
    yield _version(client.url, health.version)
    yield from _token(client)
    yield from _readiness(client)


def clock(url: str, http: httpx.Client | None = None) -> Iterator[Finding]:
    """Times that people see, and when tokens end, are told by the clocks of several machines."""
    try:
        sent = time.time()
        response = (http or httpx).get(f"{url}/healthz", timeout=5)
        middle = (sent + time.time()) / 2
        there = parsedate_to_datetime(response.headers["Date"]).timestamp() + 0.5  # it is cut to whole seconds
    except (httpx.HTTPError, KeyError, ValueError):
        return  # no answer, or one without a date, is not about clocks
    skew_s = there - middle
    if abs(skew_s) > LARGEST_SKEW_S:
        words = f"the service's is {abs(skew_s):.0f} s {'ahead of' if skew_s > 0 else 'behind'} this machine's"
        yield warn("clock", words, "synchronise both (chrony, systemd-timesyncd)")
    else:
        yield ok("clock", "as the service's, to the second" if abs(skew_s) < 1.5 else f"{skew_s:+.0f} s")


def _version(url: str, found: str) -> Finding:
    here = installed_version()
    if found != here:
        words = f"version {found} at {url}, this client is {here}"
        return warn("service", words, f"pip install 'stillhouse=={found}'")
    return ok("service", f"version {found} at {url}")


def _token(client: Client) -> Iterator[Finding]:
    try:
        client.jobs.list(limit=1)
    except SignInError as error:
        yield fail("token", str(error), "set STILLHOUSE_TOKEN to one that `stillhouse tokens` made")
    except ForbiddenError as error:
        yield fail("token", str(error), "ask an admin for a role in a project")
    except StillhouseError as error:
        yield fail("jobs", str(error), "look at the service's log")
    else:
        yield ok("token", "jobs can be read")


def _readiness(client: Client) -> Iterator[Finding]:
    try:
        client.cluster.ready()
        yield ok("readiness", "everything that the service needs answers it")
    except ServerUnreachable as error:
        yield fail("readiness", str(error), "look at the service's log")
    except StillhouseError as error:
        words = error.problem.detail if isinstance(error, ApiError) else str(error)
        yield fail("readiness", words, "start what is missing; logs/ in the state folder says why it ended")
    try:
        yield from _systems(client.cluster.get())
    except StillhouseError as error:
        yield warn("cluster", str(error), "ask with a token that may look at the cluster")


def _systems(cluster: Cluster) -> Iterator[Finding]:
    if cluster.ray_state == "up":
        used = f"{cluster.cpus_used:g} of {cluster.cpus_total:g} CPUs"
        yield ok("Ray", f"{used} and {cluster.gpus_used:g} of {cluster.gpus_total:g} GPUs in use")
    else:
        yield fail(
            "Ray", "does not answer the service; jobs wait until it does", "see logs/ray.log, STILLHOUSE_RAY_URL"
        )
    if cluster.mlflow_state == "up":
        yield ok("MLflow", "answers the service")
    else:
        remedy = "see logs/mlflow.log, STILLHOUSE_MLFLOW_URL"
        yield fail("MLflow", "does not answer the service; there are no curves until it does", remedy)
    if cluster.reconciler_state == "up":
        yield ok("reconciler", "one is active")
    else:
        yield fail("reconciler", "none is active, so nothing is started", "python -m service.reconciler")
