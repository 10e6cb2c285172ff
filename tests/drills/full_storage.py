"""The storage runs full during a training: people are told, nothing is lost, and all goes on when there is space."""

from __future__ import annotations

import time

from service.sdk import Client
from tests.crash.trainings import student_digest
from tests.drills.cluster import LocalCluster
from tests.drills.disks import SmallDisk, small_disk
from tests.drills.outcome import Drill, Outcome
from tests.drills.service import Service, lives, wait_until
from tests.factories import small_training
from tests.stack import wait_for
from tests.unit.service.factories import settings_in
from workers.spec import JobFolder, JobSpec

PURPOSE = (
    "No space is left on the storage while a training writes its checkpoints there, and later there is space again."
)
MIB = 2**20
DISK_BYTES, MIN_FREE_BYTES = 96 * MIB, 24 * MIB
SHORT_S = 3.0  # how long it stays full after people were told
STEPS, CHECKPOINT_EVERY = 50, 10


def run(drill: Drill) -> Outcome:
    outcome = Outcome()
    with small_disk(drill.folder / "disk", DISK_BYTES) as disk:
        storage = disk.path / "storage"
        cluster = LocalCluster(cpus=2.0, storage=storage)
        with cluster.serving() as ray_url:
            settings = settings_in(
                drill.folder, storage=str(storage), data=str(drill.shared.data()), ray_url=ray_url,
                mlflow_url=drill.shared.mlflow().url, min_free_bytes=str(MIN_FREE_BYTES),
            )  # fmt: skip
            with Service(settings) as service:
                reconciler = service.start_reconciler()
                url = service.start_api()
                with service.client(url) as client:
                    _FullStorage(drill, outcome, service, url, client, disk).carry_out()
                outcome.expect(lives(reconciler), "the reconciler ended on a full storage")
                wait_until(lambda: not cluster.alive(), 300, "the processes of all attempts have ended")
    return outcome


class _FullStorage:
    def __init__(
        self, drill: Drill, outcome: Outcome, service: Service, url: str, client: Client, disk: SmallDisk
    ) -> None:
        self._drill, self._outcome, self._service = drill, outcome, service
        self._url, self._client, self._disk = url, client, disk
        self._storage = service.settings.storage

    def carry_out(self) -> None:
        hit = self._client.jobs.submit(_a_job("hit")).id
        checkpoints = JobFolder(self._storage, hit).checkpoints
        wait_until(lambda: any(checkpoints.glob("step-*.pt")), 900, "there is a checkpoint")
        self._drill.tell("the storage is filled")
        self._disk.fill()
        self._wait_until_told(hit)
        later = self._client.jobs.submit(_a_job("later")).id
        self._watch(hit, later)
        self._drill.tell("there is space again")
        self._disk.make_space()
        made = time.monotonic()
        wait_until(lambda: self._client.jobs.get(hit).state == "running", 300, "the job runs again")
        self._outcome.figures["runs again after there is space"] = f"{time.monotonic() - made:.1f} s"
        self._expect_whole(hit, later)

    def _wait_until_told(self, hit: str) -> None:
        filled = time.monotonic()
        jobs = self._client.jobs
        wait_until(lambda: jobs.get(hit).state == "queued", 300, "the job is queued again")
        self._outcome.figures["the job is queued again after"] = f"{time.monotonic() - filled:.1f} s"
        wait_until(lambda: "STILLHOUSE_MIN_FREE_BYTES" in jobs.get(hit).reason, 30, "the job says what it waits for")
        job = jobs.get(hit)
        self._outcome.figures["why the attempt ended"] = job.attempts[0].reason
        self._outcome.figures["what the job waits for"] = job.reason
        self._outcome.expect(
            job.attempts[0].reason.startswith("the storage is full at step"),
            f"the attempt ended with {job.attempts[0].reason!r}",
        )

    def _watch(self, hit: str, later: str) -> None:
        until = time.monotonic() + self._drill.seconds(SHORT_S)
        while time.monotonic() < until:
            for path in ("/healthz", "/api/v1/jobs", f"/api/v1/jobs/{hit}", f"/api/v1/jobs/{hit}/metrics"):
                answer = self._service.asked(self._url, "GET", path)
                self._outcome.expect(answer.is_success, f"{path} was answered with {answer.status_code}: {answer.text}")
            log = self._client.jobs.logs(hit, attempt=1).text
            self._outcome.expect("attempt 1 of" in log, f"the log on a full storage is {log[:200]!r}")
            time.sleep(0.5)
        both = [(job.state, job.attempt) for job in map(self._client.jobs.get, (hit, later))]
        self._outcome.expect(both == [("queued", 1), ("queued", 0)], f"state and attempts on a full storage: {both}")

    def _expect_whole(self, hit: str, later: str) -> None:
        for job_id in (hit, later):
            wait_for(self._client, job_id, "succeeded", timeout_s=600)
        weights = [JobFolder(self._storage, job_id).path / "student.safetensors" for job_id in (hit, later)]
        same = student_digest(weights[0]) == student_digest(weights[1])
        self._outcome.figures["the student is that of a training left alone, to the bit"] = "yes" if same else "no"
        self._outcome.expect(same, "the student is not that of a training that was left alone")
        attempts = self._client.jobs.get(hit).attempt
        self._outcome.expect(attempts == 2, f"the job took {attempts} attempts, wanted 2")
        drafts = [path.name for path in self._storage.rglob(".*") if path.is_file()]
        self._outcome.expect(not drafts, f"drafts were left: {drafts[:5]}")


def _a_job(name: str) -> JobSpec:
    cadence = {"log_every_steps": 5, "evaluate_every_steps": STEPS, "checkpoint_every_steps": CHECKPOINT_EVERY}
    training = small_training(steps=STEPS, distil=False, device="cpu", seed=5, **cadence)
    return JobSpec.model_validate({"name": name, "training": training})
