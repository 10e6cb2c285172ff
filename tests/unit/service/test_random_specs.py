"""No spec, however odd, makes the API fail."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.unit.service.factories import distillation, job_spec, sweep_spec, training

VALID = [job_spec(training=training(distillation=distillation())), sweep_spec()]
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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=mutated(), path=st.sampled_from(["jobs", "sweeps"]))
def test_no_spec_makes_the_api_fail(http: TestClient, spec: dict[str, Any], path: str) -> None:
    body = json.dumps(spec)
    response = http.post(f"/api/v1/{path}", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (201, 400, 422), response.text
    if response.status_code == 422:
        assert response.json()["errors"], response.text
