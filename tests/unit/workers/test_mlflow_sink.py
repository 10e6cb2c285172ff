"""What is sent to MLflow, and how long it is tried."""

from __future__ import annotations

import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE
from mlflow.utils.validation import _validate_metric_name

from workers import mlflow_sink
from workers.mlflow_sink import insist, metric_name


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("val/AP/hair drier", "val/AP/hair drier"),
        ("val/AP/bow_(decorative_ribbons)", "val/AP/bow__decorative_ribbons_"),
        ("val/AP/Fußgänger", "val/AP/Fußgänger"),
        ("val/AP/../x", "val/AP/_/x"),
        ("val/AP/", "val/AP/_"),
    ],
)
def test_metrics_of_any_class_get_a_name_that_mlflow_takes(key: str, wanted: str) -> None:
    assert metric_name(key) == wanted
    _validate_metric_name(metric_name(key))


class Server:
    """Fails with `errors`, one after the other, and then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def __call__(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlflow_sink, "RETRY_EVERY_S", 0.01)


def test_a_server_that_is_away_for_a_while_is_waited_for() -> None:
    assert insist(Server(MlflowException("away"), ConnectionError("away")), patience_s=5) == "done"


def test_waiting_ends_when_patience_does() -> None:
    with pytest.raises(MlflowException, match="away"):
        insist(Server(*[MlflowException("away")] * 1000), patience_s=0.05)


def test_a_refusal_is_not_tried_again() -> None:
    server = Server(MlflowException("wrong", INVALID_PARAMETER_VALUE))
    with pytest.raises(MlflowException, match="wrong"):
        insist(server, patience_s=5)
    assert insist(server, patience_s=5) == "done"
