"""No spec or other body, however odd, makes the API fail, and none that is not allowed is taken."""

from __future__ import annotations

import copy
import json
import os
from functools import cache
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from service.app import create_app
from tests.unit.service.factories import distillation, job_spec, sweep_spec, training
from workers.spec import JobSpec, SweepSpec

VALID = [job_spec(training=training(distillation=distillation())), sweep_spec()]
SPECS = {"jobs": ("JobSpec", JobSpec), "sweeps": ("SweepSpec", SweepSpec)}
OTHER_BODIES = [
    ("POST", "jobs/bulk"),
    ("PUT", "projects/cars"),
    ("POST", "datasets"),
    ("POST", "models"),
    ("POST", "tokens"),
    ("POST", "session"),
    ("POST", "webhooks"),
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True),
    st.text(max_size=20),
    st.sampled_from(["nan", "inf", "-1", "kind", "rank_mimicking", "a.b", "\x00", "\ud800"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


def places(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in children:
        found += places(value, (*path, key))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    spec = copy.deepcopy(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 3))):
        *parents, last = draw(st.sampled_from(places(spec) or [("name",)]))
        node: Any = spec
        for part in parents:
            node = node[part]
        match draw(st.sampled_from(["replace", "delete", "add"])):
            case "replace":
                node[last] = draw(ODD)
            case "delete":
                node.pop(last, None) if isinstance(node, dict) else node.pop(last)
            case "add" if isinstance(node, dict):
                node[draw(st.text(max_size=8))] = draw(ODD)
    return spec


@cache
def described(name: str) -> Draft202012Validator:
    """Tells what the API's document says about a body."""
    components = create_app().openapi()["components"]
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})


# Found again and again rather than now and then; STILLHOUSE_FUZZ_EXAMPLES looks further.
EXAMPLES = settings(
    max_examples=10 * int(os.environ.get("STILLHOUSE_FUZZ_EXAMPLES", "10")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def send(http: TestClient, path: str, body: object) -> httpx.Response:
    return http.post(f"/api/v1/{path}", content=json.dumps(body), headers={"Content-Type": "application/json"})


@EXAMPLES
@given(spec=mutated(), path=st.sampled_from(["jobs", "sweeps"]))
def test_a_spec_that_the_document_does_not_allow_is_refused_with_its_fields(
    http: TestClient, spec: dict[str, Any], path: str
) -> None:
    response = send(http, path, spec)
    problem = response.json()
    if response.status_code == 201:
        schema, model = SPECS[path]
        assert [error.message for error in described(schema).iter_errors(spec)] == []
        assert problem["spec"] == model.model_validate(spec).model_dump(mode="json")
        return
    assert response.status_code in (400, 422), response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["errors"], response.text
    assert all(error["field"] and error["message"] for error in problem["errors"])


UNSTORABLE = {
    "NaN": "found NaN",
    "Infinity": "found Infinity",
    "-Infinity": "found -Infinity",
    "1e400": "too large",
    str(2**63): "too large",
    str(-(2**70)): "too large",
    '"a\\u0000b"': "NUL",
    '"\\ud800"': "surrogate",
    '"\\udfff\\ud800"': "surrogate",
}


@EXAMPLES
@given(spec=st.sampled_from(VALID), data=st.data(), value=st.sampled_from(sorted(UNSTORABLE)))
def test_what_no_database_can_keep_is_refused_wherever_it_stands(
    http: TestClient, spec: dict[str, Any], data: st.DataObject, value: str
) -> None:
    place = data.draw(st.sampled_from(places(spec)))
    body, mark = copy.deepcopy(spec), "the value goes here"
    *parents, last = place
    node: Any = body
    for part in parents:
        node = node[part]
    node[last] = mark
    text = json.dumps(body).replace(json.dumps(mark), value)
    path = "sweeps" if spec.get("kind") == "sweep" else "jobs"
    response = http.post(f"/api/v1/{path}", content=text, headers={"Content-Type": "application/json"})
    assert response.status_code == (400 if "found" in UNSTORABLE[value] else 422)  # NaN is no JSON at all
    (error,) = response.json()["errors"]
    assert error["field"] == ".".join(map(str, place))
    assert UNSTORABLE[value] in error["message"]
    assert error["wanted"]


@EXAMPLES
@given(body=st.recursive(ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner)))
def test_no_body_makes_any_operation_fail(http: TestClient, body: object) -> None:
    for method, path in OTHER_BODIES:
        sent = json.dumps(body)
        response = http.request(method, f"/api/v1/{path}", content=sent, headers={"Content-Type": "application/json"})
        assert response.status_code < 500, f"{method} {path} {sent}: {response.text}"
