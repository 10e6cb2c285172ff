"""The committed description of the API."""

from __future__ import annotations

from service.openapi import TARGET, render


def test_openapi_json_is_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == render(), "run: make openapi"


def test_operations_have_ids_and_problems_have_their_type(shared_app) -> None:
    document = shared_app.openapi()
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["operationId"].isalpha()
            assert list(operation["responses"]["500"]["content"]) == ["application/problem+json"]
    assert not any(path.startswith("/mlflow") for path in document["paths"])
