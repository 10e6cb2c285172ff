"""Every body of the API's description has examples, and they work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from service.app import create_app
from service.examples import EXAMPLES
from tests.unit.service.factories import SPLITS, job_spec, sweep_spec

DOCUMENT = create_app().openapi()


def bodies() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Operation, method, path and the description of its body, where that is JSON."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                yield operation["operationId"], method.upper(), path, content["application/json"]


BODIES = {operation: (method, path, content) for operation, method, path, content in bodies()}
CASES = [(operation, summary) for operation, examples in EXAMPLES.items() for summary in examples]


def test_every_body_has_examples_and_every_example_a_body() -> None:
    assert set(BODIES) == set(EXAMPLES)
    assert all(EXAMPLES.values())


@pytest.mark.parametrize("operation", BODIES)
def test_examples_fit_their_schemas(operation: str) -> None:
    content = BODIES[operation][2]
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    assert content["examples"]
    for example in content["examples"].values():
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(example["value"])


# What a made-up world cannot have: a winner, a student, an earlier holder of an alias, or a code that was handed out.
REFUSED = {
    "retrainSweep": {409, 404},
    "promoteModel": {404},
    "rollBackModel": {404, 409},
    "promoteStudent": {409},
    "promoteTrial": {404},
    "signIn": {401},
}


@pytest.fixture
def paths(http: TestClient) -> dict[str, str]:
    """Things on which every operation can work."""
    assert http.post("/api/v1/datasets", json={"name": "digits", **SPLITS}).status_code == 201
    assert http.post("/api/v1/models", json={"name": "digits", "weights": {"path": "a.safetensors"}}).status_code == 201
    return {
        "{job_id}": http.post("/api/v1/jobs", json=job_spec()).json()["id"],
        "{sweep_id}": http.post("/api/v1/sweeps", json=sweep_spec()).json()["id"],
        "{webhook_id}": http.post("/api/v1/webhooks", json={"url": "https://example.com/"}).json()["id"],
        "{name}": "digits",
        "{number}": "1",
    }


@pytest.mark.parametrize(("operation", "summary"), CASES)
def test_examples_are_taken_by_the_service(
    http: TestClient, paths: dict[str, str], operation: str, summary: str
) -> None:
    method, path, _ = BODIES[operation]
    for name, value in paths.items():
        path = path.replace(name, value)
    response = http.request(method, path, json=EXAMPLES[operation][summary])
    if operation in REFUSED:
        assert response.status_code in REFUSED[operation], response.text
    elif summary == "The student of a job":
        assert response.json()["errors"][0]["field"] == "weights.job", response.text
    else:
        assert response.is_success, response.text
