"""The Helm chart: lint, schema, and that it runs what the compose file runs, shut off in the same way."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from tests.unit.deploy.chart import CHART, NEEDED, ROOT, Manifest, only, pods, rendered, run_helm

COMPOSE: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
EVERYTHING = (
    *("--set", "ingress.enabled=true", "--set", "ingress.host=still.example.com", "--set", "ingress.className=nginx"),
    *("--set", "ingress.tlsSecret=still-tls", "--set", "image.pullSecrets={one}", "--set", "settings.PREEMPTION=true"),
    *("--set-string", "settings.PREEMPTION=true", "--set", "state.storageClassName=nfs"),
    *("--set", "mlflow.s3Endpoint=http://objects:8333"),
)
OBJECTS = (
    *("--set", "storage.uri=s3://still/jobs", "--set", "storage.existingSecret=still-objects"),
    *("--set", "storage.s3Endpoint=http://objects:8333"),
)
# What KubeRay's reference (ray.io/v1) has at these places; its definition is in no package.
RAY_FIELDS = {
    "spec": {
        *(
            "autoscalerOptions",
            "enableInTreeAutoscaling",
            "headGroupSpec",
            "rayVersion",
            "workerGroupSpecs",
        )
    },
    "head": {"rayStartParams", "serviceType", "template"},
    "worker": {"groupName", "replicas", "minReplicas", "maxReplicas", "rayStartParams", "template"},
    "autoscaler": {"idleTimeoutSeconds", "upscalingMode", "securityContext", "env"},
}


@pytest.fixture(scope="module")
def manifests() -> list[Manifest]:
    return rendered(*EVERYTHING)


def test_helm_finds_nothing_to_say_against_it() -> None:
    done = run_helm("lint", "--strict", str(CHART), *NEEDED)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("database.existingSecret=", "existingSecret"),
        ("tokens.existingSecret=", "existingSecret"),
        ("mlflow.artifacts=/a/folder", "artifacts"),
        ("ingress.enabled=true", "host"),
        ("nonsense=1", "nonsense"),
        ("api.replicas=0", "replicas"),
        ("ray.workerGroups=", "workerGroups"),
        ("settings.PREEMPTION=true", "PREEMPTION"),
        ("storage.uri=/var/somewhere", "uri"),
        ("storage.uri=s3://key:secret@still/jobs", "uri"),
    ],
)
def test_values_that_make_no_sense_are_refused_by_name(setting: str, words: str) -> None:
    done = run_helm("template", "still", str(CHART), *NEEDED, "--set", setting)
    assert done.returncode != 0
    assert words in done.stderr


@pytest.mark.parametrize(
    "arguments", [(), EVERYTHING, (*EVERYTHING, *OBJECTS), ("--set", "networkPolicy.enabled=false")], ids=len
)
def test_every_manifest_is_valid_by_the_schemas_of_kubernetes(arguments: tuple[str, ...]) -> None:
    """A RayCluster has no schema there: its pods are checked as pods, the rest against KubeRay's names of fields."""
    for manifest in rendered(*arguments):
        if manifest["kind"] == "RayCluster":
            spec = manifest["spec"]
            assert manifest["apiVersion"] == "ray.io/v1"
            assert set(spec) <= RAY_FIELDS["spec"]
            assert set(spec["headGroupSpec"]) <= RAY_FIELDS["head"]
            assert set(spec["autoscalerOptions"]) <= RAY_FIELDS["autoscaler"]
            assert all(set(group) <= RAY_FIELDS["worker"] for group in spec["workerGroupSpecs"])
            starts = [spec["headGroupSpec"], *spec["workerGroupSpecs"]]
            assert all(isinstance(value, str) for one in starts for value in one["rayStartParams"].values())
        else:
            kubernetes_validate.validate(manifest, "1.34", strict=True)
    for name, template in pods(rendered(*arguments)):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", **template["metadata"]}, **template}
        pod["metadata"] = {"name": "one", **template["metadata"]}
        kubernetes_validate.validate(pod, "1.34", strict=True), name


# The same as the compose file


def composed(name: str) -> list[str]:
    command = COMPOSE[name]["command"]
    return command if isinstance(command, list) else shlex.split(command)


@pytest.mark.parametrize(
    ("kind", "name", "service"),
    [
        ("Deployment", "still-api", "api"),
        ("Deployment", "still-reconciler", "reconciler"),
        ("Deployment", "still-mlflow", "mlflow"),
        ("Job", "still-migrate", "migrate"),
    ],
)
def test_the_commands_are_those_of_the_compose_file(
    kind: str, name: str, service: str, manifests: list[Manifest]
) -> None:
    [container] = only(manifests, kind, name)["spec"]["template"]["spec"]["containers"]
    assert container["command"] == composed(service)


def options(words: list[str]) -> dict[str, str]:
    """Of `ray start`; --head, --block and --address are KubeRay's own doing."""
    found: dict[str, str] = {}
    for word, following in zip(words, [*words[1:], "--"], strict=True):
        if word.startswith("--"):
            found[word[2:]] = "true" if following.startswith("--") else following
    return {name: value for name, value in found.items() if name not in ("head", "block", "address")}


def test_ray_is_started_as_by_the_compose_file(manifests: list[Manifest]) -> None:
    spec = only(manifests, "RayCluster", "still-ray")["spec"]
    assert spec["headGroupSpec"]["rayStartParams"] == options(composed("ray-head"))
    for group in spec["workerGroupSpecs"]:
        assert group["rayStartParams"] == options(composed("ray-worker-gpu"))


def environment(manifest: Manifest) -> dict[str, Any]:
    [container] = manifest["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}


def test_the_settings_are_those_of_the_compose_file(manifests: list[Manifest]) -> None:
    for kind, part in (("Deployment", "api"), ("Deployment", "reconciler"), ("Job", "migrate")):
        name, wanted = f"still-{part}", COMPOSE[part]["environment"]
        found = environment(only(manifests, kind, name))
        assert found.pop("STILLHOUSE_PREEMPTION") == "true", "what the values add"
        assert set(found) == set(wanted)
        for same in ("STILLHOUSE_STORAGE", "STILLHOUSE_DATA", "STILLHOUSE_HOST", "STILLHOUSE_PORT"):
            assert found[same] == wanted[same]
        assert found["STILLHOUSE_MLFLOW_URL"] == "http://still-mlflow:5000"
        assert found["STILLHOUSE_RAY_URL"] == "http://still-ray-head-svc:8265"
    found, wanted = environment(only(manifests, "Deployment", "still-mlflow")), COMPOSE["mlflow"]["environment"]
    assert set(found) == set(wanted)
    assert found["MLFLOW_SERVER_ALLOWED_HOSTS"] == wanted["MLFLOW_SERVER_ALLOWED_HOSTS"].replace(
        "mlflow", "still-mlflow"
    )


def test_ray_and_mlflow_want_the_tokens_that_the_service_sends(manifests: list[Manifest]) -> None:
    def token(key: str) -> dict[str, Any]:
        return {"secretKeyRef": {"name": "stillhouse-tokens", "key": key}}

    for part in ("api", "reconciler"):
        found = environment(only(manifests, "Deployment", f"still-{part}"))
        assert (found["STILLHOUSE_RAY_TOKEN"], found["STILLHOUSE_MLFLOW_TOKEN"]) == (token("ray"), token("mlflow"))
    mlflow = environment(only(manifests, "Deployment", "still-mlflow"))
    assert mlflow["STILLHOUSE_MLFLOW_TOKEN"] == token("mlflow")
    ray = only(manifests, "RayCluster", "still-ray")["spec"]
    groups = [ray["headGroupSpec"], *ray["workerGroupSpecs"]]
    containers = [group["template"]["spec"]["containers"][0] for group in groups]
    for variables in (ray["autoscalerOptions"]["env"], *(container["env"] for container in containers)):
        named = {one["name"]: one.get("value", one.get("valueFrom")) for one in variables}
        assert (named["RAY_AUTH_MODE"], named["RAY_AUTH_TOKEN"]) == ("token", token("ray"))
    for container in containers:
        [sent] = [one["valueFrom"] for one in container["env"] if one["name"] == "MLFLOW_TRACKING_TOKEN"]
        assert sent == token("mlflow")


def test_service_and_trainings_open_the_same_object_storage() -> None:
    manifests = rendered(*OBJECTS)
    ray = only(manifests, "RayCluster", "still-ray")["spec"]
    groups = [ray["headGroupSpec"], *ray["workerGroupSpecs"]]
    variables = [group["template"]["spec"]["containers"][0]["env"] for group in groups]
    found = [{one["name"]: one.get("value", one.get("valueFrom")) for one in given} for given in variables]
    service = [environment(only(manifests, "Deployment", f"still-{part}")) for part in ("api", "reconciler")]
    for each in (*found, *service):
        assert each["AWS_ENDPOINT_URL"] == "http://objects:8333"
        for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            assert each[key] == {"secretKeyRef": {"name": "still-objects", "key": key}}
    assert {each["STILLHOUSE_STORAGE"] for each in service} == {"s3://still/jobs"}


def test_without_a_uri_nothing_has_rights_to_an_object_storage() -> None:
    manifests = rendered("--set", "storage.existingSecret=still-objects")
    assert "AWS_ACCESS_KEY_ID" not in environment(only(manifests, "Deployment", "still-api"))


def test_the_images_are_those_of_the_compose_file(manifests: list[Manifest]) -> None:
    images = {container["image"] for _, pod in pods(manifests) for container in pod["spec"]["containers"]}
    assert images == {service["image"] for service in COMPOSE.values() if "build" in service}


def test_the_ray_of_the_chart_is_the_one_that_is_installed() -> None:
    pinned = re.search(r"^ray==(.*)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert pinned is not None
    assert yaml.safe_load((CHART / "values.yaml").read_text())["ray"]["version"] == pinned[1]


# Shut off


def test_no_pod_is_root_or_may_become_more(manifests: list[Manifest]) -> None:
    for name, template in pods(manifests):
        assert template["spec"]["securityContext"]["runAsNonRoot"] is True, name
        assert template["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in template["spec"]["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False, name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
            assert set(container["resources"]) == {"requests", "limits"}, name
            assert "memory" in container["resources"]["limits"], name
        tells = template["spec"]["automountServiceAccountToken"]
        assert tells is (name == "RayCluster/still-ray head"), "the autoscaler alone asks Kubernetes"


def test_secrets_are_named_and_never_written(manifests: list[Manifest]) -> None:
    assert not [one for one in manifests if one["kind"] == "Secret"]
    wanted = {"secretKeyRef": {"name": "stillhouse-database", "key": "url"}}
    assert environment(only(manifests, "Deployment", "still-api"))["STILLHOUSE_DATABASE_URL"] == wanted


def component(selector: Manifest) -> str:
    return str(selector["podSelector"]["matchLabels"]["app.kubernetes.io/component"])


def test_ray_and_mlflow_answer_the_service_and_each_other_alone(manifests: list[Manifest]) -> None:
    ray = only(manifests, "NetworkPolicy", "still-ray")["spec"]
    inside, outside = ray["ingress"]
    assert ("ports" in inside, [component(one) for one in inside["from"]]) == (False, ["ray"])
    assert [component(one) for one in outside["from"]] == ["api", "reconciler"]
    assert outside["ports"] == [{"port": 8265, "protocol": "TCP"}]
    [mlflow] = only(manifests, "NetworkPolicy", "still-mlflow")["spec"]["ingress"]
    assert [component(one) for one in mlflow["from"]] == ["api", "reconciler", "ray"]
    assert "ingress" not in only(manifests, "NetworkPolicy", "still-closed")["spec"]
    [ingress] = [one for one in manifests if one["kind"] == "Ingress"]
    [path] = ingress["spec"]["rules"][0]["http"]["paths"]
    assert path["backend"]["service"]["name"] == "still-api"
    assert ingress["spec"]["tls"] == [{"hosts": ["still.example.com"], "secretName": "still-tls"}]


def test_policies_services_and_budgets_select_pods_that_exist(manifests: list[Manifest]) -> None:
    labels = [template["metadata"]["labels"] for _, template in pods(manifests)]
    selectors = [one["spec"]["selector"] for one in manifests if one["kind"] == "Service"]
    selectors += [one["spec"]["selector"]["matchLabels"] for one in manifests if one["kind"] == "PodDisruptionBudget"]
    selectors += [one["spec"]["podSelector"]["matchLabels"] for one in manifests if one["kind"] == "NetworkPolicy"]
    assert len(selectors) == 8
    for selector in selectors:
        assert any(selector.items() <= one.items() for one in labels), selector


def test_every_value_is_told_of() -> None:
    """Each value stands in the schema, so that a wrong name is refused."""
    import json

    schema = json.loads((CHART / "values.schema.json").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())

    def known(value: Any, part: dict[str, Any], path: str) -> None:
        part = schema["definitions"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        for key in value if isinstance(value, dict) and "properties" in part else ():
            assert key in part["properties"], f"{path}{key} is not in the schema"
            known(value[key], part["properties"][key], f"{path}{key}.")

    known(values, schema, "")


def test_the_secret_of_the_database_is_asked_for_first() -> None:
    done = run_helm("template", "still", str(CHART))
    assert done.returncode != 0
    assert "existingSecret" in done.stderr


def test_the_chart_has_the_version_of_the_project() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    text = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{chart["appVersion"]}"' in text
    assert Path(CHART / "templates" / "NOTES.txt").is_file()
