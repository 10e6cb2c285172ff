"""What Prometheus asks and Grafana shows is what `/metrics` really has, and each alert is told of in the runbook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from service.db import Database
from service.jobs.lifecycle import JobState
from service.reconciler import settle
from tests.unit.service.test_jobs_api import add_attempt, submit

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "monitoring"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana" / "dashboards" / "stillhouse.json").read_text())
# What Prometheus has by itself.
ITS_OWN = {"up": {"job", "instance"}, "ALERTS": {"alertname", "alertstate"}}


def expressions() -> Iterator[tuple[str, str]]:
    yield from ((rule["alert"], rule["expr"]) for rule in RULES)
    yield from ((panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"])


ASKED = list(expressions())


def selectors(expression: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each metric that is asked for, with its conditions on labels."""
    for name, conditions in re.findall(r"\b(stillhouse_\w+|up|ALERTS)\b(?:\{([^}]*)\})?", expression):
        yield name, dict(re.findall(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"', conditions))


@pytest.fixture
async def exported(http: TestClient, database: Database) -> dict[str, set[str]]:
    """The names of all samples of `/metrics` with their labels, after something has happened."""
    await add_attempt(database, submit(http), ended=True)
    await add_attempt(database, submit(http))
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(http.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found | {"stillhouse_reconcile_lag_seconds": set()}  # there once a reconciler has ended a round


@pytest.mark.parametrize(("name", "expression"), ASKED, ids=[name for name, _ in ASKED])
def test_what_is_asked_is_promql(name: str, expression: str) -> None:
    promql_parser.parse(expression)


def test_what_is_asked_is_exported_with_these_labels(exported: dict[str, set[str]]) -> None:
    for name, expression in ASKED:
        asked = list(selectors(expression))
        assert asked, name
        for metric, conditions in asked:
            labels = (exported | ITS_OWN).get(metric)
            assert labels is not None, f"{name} asks for {metric}, which nobody exports"
            assert set(conditions) <= labels, f"{name}: {metric} has the labels {sorted(labels)}"
        grouped = {label.strip() for part in re.findall(r"by \(([^)]*)\)", expression) for label in part.split(",")}
        there = set[str]().union(*((exported | ITS_OWN)[metric] for metric, _ in asked))
        assert grouped <= there, f"{name} groups by {grouped}"


def test_everything_that_is_exported_is_shown(exported: dict[str, set[str]]) -> None:
    shown = {metric for _, expression in ASKED for metric, _ in selectors(expression)}
    assert {name for name in exported if not name.endswith(("_created", "_sum"))} <= shown


def test_states_and_outcomes_that_are_asked_for_exist() -> None:
    outcomes = set(re.findall(r'_end\(attempt, "(\w+)"', Path(settle.__file__).read_text())) | {"starting", "running"}
    for name, expression in ASKED:
        for _, conditions in selectors(expression):
            assert set(filter(None, conditions.get("state", "").split("|"))) <= {state.value for state in JobState}, (
                name
            )
            assert set(filter(None, conditions.get("outcome", "").split("|"))) <= outcomes, name


def test_the_runbook_has_a_section_for_each_alert_and_no_other() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text()
    sections = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert [title for title, _ in sections] == [rule["alert"] for rule in RULES]
    assert len(RULES) == 10
    for title, section in sections:
        for part in ("**Means**", "**Look at**", "**Do**"):
            assert part in section, f"{title} lacks {part}"
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in ("warning", "critical")


def test_prometheus_and_grafana_find_what_the_compose_file_mounts() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    targets = {volume.split(":")[1]: volume.split(":")[0] for volume in services["prometheus"]["volumes"]}
    prometheus = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    assert set(prometheus["rule_files"]) <= set(targets)
    [job] = prometheus["scrape_configs"]
    assert job["static_configs"] == [{"targets": [f"api:{services['api']['environment']['STILLHOUSE_PORT']}"]}]
    assert job["authorization"] == {"credentials_file": f"/run/secrets/{services['prometheus']['secrets'][0]}"}
    provisioning = FOLDER / "grafana" / "provisioning"
    [provider] = yaml.safe_load((provisioning / "dashboards" / "stillhouse.yml").read_text())["providers"]
    mounted = [volume.split(":")[1] for volume in services["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounted
    [source] = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {source["uid"]}
