"""What schemathesis has to know about this API that no schema can say."""

from __future__ import annotations

import os
from typing import Any

import schemathesis
from hypothesis import strategies as st

OWN_TOKEN = os.environ.get("STILLHOUSE_FUZZ_TOKEN", "")
WITH_EXAMPLES = bool(os.environ.get("STILLHOUSE_FUZZ_WITH_EXAMPLES"))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Whoever revokes their own token has nothing more to ask."""
    if (case.path_parameters or {}).get("token_id") == OWN_TOKEN:
        case.path_parameters["token_id"] = "tok-aaaaaaaaaa"


@schemathesis.hook
def before_generate_body(context: Any, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Sequences of calls get somewhere by bodies that are taken: half of them are the documented examples."""
    described = context.operation.definition.raw if WITH_EXAMPLES and context.operation else {}
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = [one["value"] for one in body.get("examples", {}).values()]
    return st.one_of(st.sampled_from(examples), strategy) if examples else strategy
