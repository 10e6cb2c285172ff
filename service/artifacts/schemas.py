"""What the API says about artifacts."""

from __future__ import annotations

from pydantic import Field

from service.jobs.schemas import Reply
from trainer.spec import DetectionComparison


class Artifact(Reply):
    """A file of a job's run in MLflow."""

    path: str = Field(examples=["student/student.safetensors"])
    size_bytes: int
    sha256: str | None = Field(description="Known of a student's weights; null of other files.")
    url: str = Field(description="Where to download it.", examples=["/api/v1/jobs/job-k3v9x2m7qa/artifacts/spec.json"])


class Artifacts(Reply):
    """All files of a job's run, by path; none while there is no run."""

    items: list[Artifact]


class Detections(Reply):
    """Teacher and student side by side on some validation images."""

    steps: list[int] = Field(description="Evaluations that left one, in order.", examples=[[200, 400, 800]])
    comparison: DetectionComparison | None = Field(description="Null where the job has left none yet.")
