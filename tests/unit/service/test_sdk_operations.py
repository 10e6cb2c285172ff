"""The SDK against the OpenAPI document: every operation can be called, with everything that it can be asked."""

from __future__ import annotations

import inspect
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import httpx
import pytest
from fastapi import FastAPI

from service.sdk import Client, NotFoundError, Problem
from service.sdk._operation import Operation, Resource, Stream
from tests.unit.service.factories import SPLITS, job_spec

# Operation id -> why the SDK has no method for it.
NOT_IN_THE_SDK: dict[str, str] = {
    "getMetrics": "text for Prometheus",
    "signIn": "begins a browser's session; a program sends its token",
    "signOut": "ends a browser's session",
    "getDatasetSampleImage": "a picture for the dashboard; its path is in samples()",
}
# Query parameters that no method of the SDK sends, and why.
NOT_ASKED: dict[tuple[str, str], str] = dict.fromkeys(
    ((stream, "last_event_id") for stream in ("streamJobs", "streamJob", "streamJobLogs")), "it is sent as a header"
)
# What methods are called with here, by the name of the parameter.
SAMPLES: dict[str, Any] = {
    "spec": job_spec(),
    "new_dataset": {"name": "digits", "train": SPLITS["train"], "val": SPLITS["val"]},
    "new_model": {"name": "teacher", "weights": {"path": "teacher.safetensors"}},
    "alias": "production",
    "model": "digits",
    "number": 3,
    "version": 2,
    "keys": ["val/AP"],
    "state": ["queued"],
    "max_points": 100,
    "since_step": 5,
    "offset": 1,
    "attempt": 1,
    "limit_bytes": 100,
    "limit": 10,
    "file": __file__,
    "path": "spec.json",
    "to": "/tmp/stillhouse-nothing-is-written-here",
    "max_images": 5,
    "edits": {"name": "other"},
    "max_jobs": 1,
    "max_cpus": 1,
    "max_gpus": 1,
    "job_ids": ["job-aaaaaaaaaa"],
    "tags": ["a"],
    "priority": 5,
    "from_scratch": True,
    "since": datetime(2026, 1, 1, tzinfo=UTC),
    "until": datetime(2026, 2, 1, tzinfo=UTC),
    "refused": True,
    "enabled": True,
    "states": ["failed"],
    "roles": {"cars": "viewer"},
    "expires_at": datetime(2030, 1, 1, tzinfo=UTC),
}


def methods() -> list[Any]:
    """Every method of every resource, as a test's parameter."""
    with Client("http://x") as client:
        found = [(name, resource) for name, resource in vars(client).items() if isinstance(resource, Resource)]
    return [
        pytest.param(name, method, described, id=f"client.{name}.{method}")
        for name, resource in found
        for method, described in vars(type(resource)).items()
        if isinstance(described, Operation | Stream)
    ]


def sample_arguments(described: Any) -> dict[str, Any]:
    given: dict[str, Any] = {}
    hints = get_type_hints(described._function)
    for parameter in list(inspect.signature(described._function).parameters.values())[1:]:
        if parameter.kind == parameter.VAR_KEYWORD:
            (filters,) = get_args(hints[parameter.name])
            given |= {name: SAMPLES.get(name, "text") for name in get_type_hints(filters)}
        elif parameter.name not in ("on_update", "on_progress", "timeout_s", "poll_s"):
            given[parameter.name] = SAMPLES.get(parameter.name, "text")
    return given


def request_of(resource: str, method: str, described: Any) -> httpx.Request:
    """The first request that a method sends."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        problem = Problem(type="x", title="x", status=404, detail="x", instance="/", request_id="req-1", errors=[])
        return httpx.Response(404, json=problem.model_dump())

    with Client("http://x", transport=httpx.MockTransport(answer)) as client:
        call = getattr(getattr(client, resource), method)
        with suppress(NotFoundError):
            next(call(**sample_arguments(described)))
    return sent[0]


def operations(app: FastAPI) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Operation id to HTTP method, path and description."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


def asked(operation: dict[str, Any]) -> set[str]:
    return {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}


def test_every_operation_is_in_the_sdk_or_has_a_reason_not_to_be(shared_app: FastAPI) -> None:
    reachable = {parameter.values[2].operation_id for parameter in methods()}
    known = set(operations(shared_app))
    missing = known - reachable - set(NOT_IN_THE_SDK)
    assert not missing, (
        f"{missing}: add a method to a resource in service/sdk (an @operation of a few lines, see _jobs.py), "
        "or a line with the reason to NOT_IN_THE_SDK here"
    )
    assert reachable <= known
    assert not set(NOT_IN_THE_SDK) & reachable


@pytest.mark.parametrize(("resource", "method", "described"), methods())
def test_a_method_sends_what_its_operation_takes(
    shared_app: FastAPI, resource: str, method: str, described: Any
) -> None:
    http_method, path, operation = operations(shared_app)[described.operation_id]
    request = request_of(resource, method, described)
    assert request.method == http_method
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.url.path)
    assert set(request.url.params) <= asked(operation)
    assert bool(request.content) == ("requestBody" in operation)


def test_everything_that_an_operation_can_be_asked_can_be_asked_from_python(shared_app: FastAPI) -> None:
    sent: dict[str, set[str]] = {}
    for parameter in methods():
        resource, method, described = parameter.values
        request = request_of(resource, method, described)
        sent.setdefault(described.operation_id, set()).update(request.url.params)
    missing = {
        (operation_id, name)
        for operation_id, (_, _, operation) in operations(shared_app).items()
        if operation_id in sent
        for name in asked(operation) - sent[operation_id]
    }
    assert missing == set(NOT_ASKED), "add the parameter to the method in service/sdk, or a reason to NOT_ASKED here"
