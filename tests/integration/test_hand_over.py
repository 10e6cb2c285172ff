"""Teachers that come from elsewhere and students that leave: through the real API, Ray, the trainer and MLflow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.sdk import Client, JobSpec
from tests.factories import small_job, small_sweep
from tests.stack import PATIENCE_S, RunningStack, wait_for, wait_until
from trainer.export import OnnxPredictor
from workers.spec.weights import file_sha256

pytestmark = pytest.mark.stack
SHIPPED = Path(__file__).parents[2] / "recipes/digits/teacher.safetensors"


@pytest.fixture
def client(stack: RunningStack) -> Iterator[Client]:
    with stack.client() as client:
        yield client


def test_an_uploaded_teacher_teaches_and_its_student_is_taken_home(client: Client, tmp_path: Path) -> None:
    splits = {
        name: {"images": f"digit-scenes/{name}", "annotations": f"digit-scenes/annotations/{name}.json"}
        for name in ("train", "val")
    }
    client.datasets.register({"name": "hand-over", **splits})
    assert client.datasets.wait("hand-over", timeout_s=PATIENCE_S).state == "ready"
    client.models.upload("brought", SHIPPED, evaluate_on="hand-over", max_images=8)
    teacher = client.models.wait("brought", timeout_s=PATIENCE_S)
    assert (teacher.version.state, teacher.version.reason) == ("ready", "")
    assert teacher.version.metrics["sample/AP"] > 20

    spec = small_job("hand over").model_dump(mode="json")
    spec["training"]["distillation"]["teacher"] = {"model": "brought"}
    spec["export"] = {"onnx": True}
    job = wait_for(client, client.jobs.submit(JobSpec.model_validate(spec)).id, "succeeded")
    assert {"student/student.safetensors", "student/student.onnx"} <= {
        artifact.path for artifact in client.jobs.artifacts(job.id).items
    }
    for name in ("student.safetensors", "student.onnx"):
        client.jobs.download(job.id, f"student/{name}", tmp_path / name)
    OnnxPredictor.load(tmp_path / "student.onnx")
    # the reconciler registers the student after the job has ended
    wait_until(lambda: client.jobs.lineage(job.id).model is not None, lambda: "a job without a registered student")
    origin = client.jobs.lineage(job.id)
    assert origin.model is not None
    assert origin.model.sha256 == file_sha256(tmp_path / "student.safetensors")
    assert origin.teacher is not None
    assert origin.teacher.model is not None
    assert origin.teacher.model.name == "brought"


def test_the_student_of_a_trial_is_promoted_into_mlflow(client: Client) -> None:
    sweep = wait_for(client, client.sweeps.submit(small_sweep("to promote", trials=1)).id, "succeeded")
    client.models.promote_trial(sweep.id, 1, model="of-a-trial")
    wait_until(lambda: client.models.get("of-a-trial").version.registration.state != "pending")
    version = client.models.get("of-a-trial").version
    assert (version.registration.state, version.aliases) == ("done", ["production"])
