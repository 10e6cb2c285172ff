"""The compose file's very commands, with its networks, names, volumes and health checks, on a real PostgreSQL."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.jobs.schemas import Job
from service.sdk import Client
from tests.composed.cluster import WORKER
from tests.composed.running import Composed
from tests.factories import small_job
from tests.stack import wait_for
from tests.weights import digest, trained_alone
from workers.spec import JobFolder, JobSpec

pytestmark = pytest.mark.stack


SPEC = small_job("composed")


@pytest.fixture(scope="module")
def job(client: Client) -> Job:
    return wait_for(client, client.jobs.submit(SPEC).id, "succeeded")


@pytest.fixture
def mlflow(composed: Composed) -> Iterator[httpx.Client]:
    """Asks MLflow from a worker's machine, by default with the token that workers have."""
    headers = {"Authorization": f"Bearer {composed.secrets['MLFLOW_TOKEN']}"}
    with (
        composed.transport(WORKER, "mlflow", 5000) as transport,
        httpx.Client(base_url="http://mlflow:5000", transport=transport, headers=headers, timeout=60) as client,
    ):
        yield client


@pytest.fixture
def ray(composed: Composed) -> Iterator[httpx.Client]:
    """Asks Ray from a worker's machine, with no token."""
    with (
        composed.transport(WORKER, "ray-head", 8265) as transport,
        httpx.Client(base_url="http://ray-head:8265", transport=transport, timeout=60) as client,
    ):
        yield client


def python(composed: Composed, name: str, script: str, **how: object) -> str:
    """What a script prints that runs in the machine of a service."""
    done = composed.inside(name, [sys.executable, "-c", textwrap.dedent(script)], **how)  # type: ignore[arg-type]
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_job_ends_with_the_same_weights_as_the_trainer_alone(composed: Composed, job: Job, tmp_path: Path) -> None:
    assert job.attempt == 1
    student = JobFolder(composed.state / "storage", job.id).work / "student.safetensors"
    assert isinstance(job.spec, JobSpec)
    assert job.spec == SPEC, "the spec is the one that was sent"
    alone = trained_alone(SPEC.training, tmp_path / "alone", data_root=composed.state / "data")
    assert digest(student) == digest(alone)


def test_its_metrics_are_in_mlflow_and_its_student_in_the_bucket(
    composed: Composed, job: Job, mlflow: httpx.Client
) -> None:
    run = mlflow.get("/api/2.0/mlflow/runs/get", params={"run_id": job.mlflow_run_id}).raise_for_status().json()["run"]
    metrics = {one["key"]: one["value"] for one in run["data"]["metrics"]}
    assert run["info"]["status"] == "FINISHED"
    assert metrics["val/AP"] == pytest.approx(job.metrics["val/AP"])
    assert metrics["teacher/AP"] == pytest.approx(job.metrics["teacher/AP"])
    copy = composed.folder / "from-the-bucket.safetensors"
    keys = python(
        composed,
        "mlflow",
        f"""
        import boto3, os
        client = boto3.client("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"])
        listed = client.list_objects_v2(Bucket="mlflow", Prefix="artifacts/")["Contents"]
        wanted = "{job.mlflow_run_id}/artifacts/student/student.safetensors"
        [key] = [one["Key"] for one in listed if one["Key"].endswith(wanted)]
        client.download_file("mlflow", key, "{copy}")
        print(key)
        """,
    )
    assert keys.startswith("artifacts/")
    assert digest(copy) == digest(JobFolder(composed.state / "storage", job.id).work / "student.safetensors")


def test_all_that_belongs_to_it_is_ready(client: Client) -> None:
    client.cluster.ready()
    cluster = client.cluster.get()
    assert (cluster.ray_state, cluster.mlflow_state, cluster.reconciler_state) == ("up", "up", "up")
    assert sorted((node.is_head, node.cpus) for node in cluster.nodes) == [(False, 1), (False, 1), (True, 0)]


def test_nobody_is_served_without_a_token(composed: Composed, mlflow: httpx.Client, ray: httpx.Client) -> None:
    with (
        composed.transport("api", "127.0.0.1", 8470) as transport,
        httpx.Client(base_url="http://127.0.0.1:8470", transport=transport) as stranger,
    ):
        assert stranger.get("/api/v1/jobs").status_code == 401
    search = {"url": "/api/2.0/mlflow/experiments/search", "params": {"max_results": "1"}}
    assert mlflow.get(**search).status_code == 200
    assert mlflow.get(**search, headers={"Authorization": ""}).status_code == 401
    assert mlflow.get(**search, headers={"Authorization": "Bearer guessed"}).status_code == 401
    assert mlflow.get("/api/2.0/mlflow-artifacts/artifacts", headers={"Authorization": ""}).status_code == 401
    assert mlflow.get(**search, headers={"Host": "elsewhere"}).status_code == 403, "no rebinding of names"
    order = {"entrypoint": "touch /tmp/run-by-a-stranger"}
    assert ray.get("/api/jobs/").status_code == 401
    assert ray.post("/api/jobs/", json=order).status_code == 401
    guessed = {"Authorization": "Bearer guessed"}
    assert ray.post("/api/jobs/", json=order, headers=guessed).status_code == 403
    known = {"Authorization": f"Bearer {composed.secrets['RAY_TOKEN']}"}
    assert ray.get("/api/jobs/", headers=known).status_code == 200


def test_ray_lets_no_driver_in_without_the_token(composed: Composed) -> None:
    """Its own protocol asks for the token as its web pages do."""
    script = """
    import ray
    try:
        ray.init(address="ray-head:6379", log_to_driver=False)
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print("let in")
    """
    for token, wanted in (("guessed", "ConnectionError"), (composed.secrets["RAY_TOKEN"], "let in")):
        said = python(composed, WORKER, script, environment={"RAY_AUTH_TOKEN": token}, timeout_s=180)
        assert wanted in said, said


def test_databases_and_objects_cannot_be_reached_from_where_trainings_run(composed: Composed) -> None:
    script = """
    import socket, sys
    for host, port in (("db", 5432), ("objects", 8333), ("10.77.1.10", 5432), ("10.77.2.11", 8333)):
        try:
            socket.create_connection((host, port), timeout=2).close()
        except OSError:
            print("no", host)
        else:
            print("yes", host)
    """
    for name in (WORKER, "ray-head"):
        assert "yes" not in python(composed, name, script)
    assert "yes objects" not in python(composed, "api", script)
    known = json.loads(python(composed, "mlflow", "import socket, json; print(json.dumps(socket.gethostbyname('db')))"))
    assert known == "10.77.1.10", "the addresses above are those of the database and the objects"


def test_the_bucket_wants_its_keys(composed: Composed) -> None:
    said = python(
        composed,
        "mlflow",
        """
        import boto3, os
        from botocore import UNSIGNED
        from botocore.config import Config
        from botocore.exceptions import ClientError
        where = os.environ["MLFLOW_S3_ENDPOINT_URL"]
        guessed = {"aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": "guessed"}
        for given in ({"config": Config(signature_version=UNSIGNED)}, guessed):
            try:
                boto3.client("s3", endpoint_url=where, **given).list_objects_v2(Bucket="mlflow")
            except ClientError:
                print("refused")
            else:
                print("listed")
        """,
    )
    assert said.split() == ["refused", "refused"]
