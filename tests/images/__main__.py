"""`make images`: build the project's images without a registry of images, run the compose file on them, send a job.

A Debian made by debootstrap takes the place of the public base images. An engine of its own is started by hand, in
namespaces of its own, and is ended with all that it started; its data goes with its folder. Needs Linux, root and some
packages of Debian, and 20 GB for ten minutes or more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import conditions
from tests.composed.file import ROOT, read
from tests.composed.running import new_secrets
from tests.images import base, engine, plan
from tests.images.engine import Engine, Failed
from tests.images.services import PROFILE, SPEC, Services
from tests.weights import digest, trained_alone


@dataclass
class Step:
    """A line of the table; what came of it is said while it runs."""

    what: str
    seconds: float = 0.0
    result: str = ""

    def __str__(self) -> str:
        return f"| {self.what} | {self.seconds:.0f} | {self.result} |"


class Table:
    """Prints each step when it is done, as a line of a Markdown table."""

    def __init__(self) -> None:
        print("| step | seconds | result |\n| --- | ---: | --- |", flush=True)

    @contextmanager
    def step(self, what: str) -> Iterator[Step]:
        step, began = Step(what), time.monotonic()
        yield step
        step.seconds = time.monotonic() - began
        print(step, flush=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends too
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keep the engine's data and logs there, for a second run")
    given = parser.parse_args()
    if reason := engine.missing():
        print(reason, file=sys.stderr)
        return 2
    folder: Path = (given.folder or Path(tempfile.mkdtemp(prefix="stillhouse-images-", dir="/var/tmp"))).resolve()
    if folder.is_relative_to(ROOT) and not folder.is_relative_to(ROOT / ".stillhouse"):
        parser.error(f"{folder} would be sent to the builds; choose one outside the repository, or below .stillhouse")
    folder.mkdir(parents=True, exist_ok=True)
    before = engine.network_of_the_machine()
    succeeded = False
    try:
        carry_out(folder)
        succeeded = True
    except Failed as error:
        print(f"{error}\nthe logs are in {folder}", file=sys.stderr)
    finally:
        is_clean = nothing_left(folder, before)
        if is_clean and given.folder is None:
            shutil.rmtree(folder / "engine", ignore_errors=True)
            shutil.rmtree(folder / "debian", ignore_errors=True)
    if succeeded and is_clean and given.folder is None:
        shutil.rmtree(folder)
    return 0 if succeeded and is_clean else 1


def nothing_left(folder: Path, network: str) -> bool:
    """Whether the machine is as it was, but for the folder."""
    is_same = engine.network_of_the_machine() == network
    mounts, processes = engine.mounts_below(folder), engine.processes_of(folder)
    print("\nthe machine's network is as it was:", "yes" if is_same else "NO")
    print("mounts left:", *mounts or ["none"])
    print("processes left:", *processes or ["none"], flush=True)
    return is_same and not mounts and not processes


def carry_out(folder: Path) -> None:
    secrets = new_secrets()
    composition = read({**os.environ, **secrets}, profiles=[PROFILE])
    table = Table()
    with table.step("base: Debian by debootstrap") as step:
        root = base.make_root(folder, folder / "debootstrap.log")
        step.result = f"Debian {(root / 'etc/debian_version').read_text().strip()}"
    with engine.running(folder / "engine", alone=False) as builder:
        base.import_into(builder, root)
        build_all(builder, plan.builds(composition), folder, table)
    override = folder / "compose.host.yml"
    override.write_text(plan.override(composition), encoding="utf-8")
    with engine.running(folder / "engine", alone=True) as host:
        services = Services(host, folder, override, secrets)
        try:
            with table.step("compose up, until all are healthy") as step:
                services.up(composition)
                step.result = f"{len(services.containers())} containers"
            look(services, folder, table)
        finally:
            with table.step("compose down") as step:
                services.down()
                step.result = f"{len(services.containers())} containers left"
    print("\n".join(["", *conditions(), versions(folder)]))


def build_all(builder: Engine, builds: Sequence[plan.Build], folder: Path, table: Table) -> None:
    settings = plan.settings(os.environ, pip_index())
    for build in builds:
        name = build.image.partition(":")[0]
        with table.step(f"build {build.dockerfile.relative_to(ROOT)}") as step:
            log = folder / f"build-{name}.log"
            builder.build(*build.words(settings), log=log, environment=settings)
            refuse_kept(builder, build.image, settings)
            step.result = f"{builder.size_bytes(build.image) / 1e9:.2f} GB"


def refuse_kept(builder: Engine, image: str, settings: Mapping[str, str]) -> None:
    """Where the registries are reached is nobody's business who gets the image."""
    kept = builder.ask("image", "inspect", image) + builder.ask("history", "--no-trunc", image)
    told = [name for name in plan.MIRRORS if name in settings and settings[name] in kept]
    if told and not image.startswith("stillhouse-test-"):
        raise Failed(f"{image} keeps {', '.join(told)}")


def look(services: Services, folder: Path, table: Table) -> None:
    """What only images can get wrong, and a job."""
    with table.step("users of the containers") as step:
        users = {name: services.within(name, "id", "-u") for name in ("api", "reconciler", "mlflow", "ray-head")}
        step.result = f"uid {', '.join(sorted(set(users.values())))}"
    with table.step("dashboard from the service image") as step:
        page = services.dashboard()
        if "<title>" not in page:
            raise Failed(f"no dashboard: {page[:200]}")
        step.result = f"{len(page)} bytes of HTML"
    with table.step("a job through the API") as step:
        job = services.send_job()
        step.result = f"{job.state}, attempt {job.attempt}, the teacher's AP {job.metrics['teacher/AP']:.3f}"
    with table.step("the same training by `python -m trainer` outside") as step:
        shutil.rmtree(folder / "alone", ignore_errors=True)
        alone = trained_alone(SPEC.training, folder / "alone", data_root=services.state / "data")
        if digest(alone) != digest(services.student_of(job)):
            raise Failed("its student has other weights than that of the job")
        step.result = "the same weights, bit by bit"
    with table.step("its artifacts in the bucket") as step:
        found = services.artifacts_of(job)
        if not any(key.endswith("/student/student.safetensors") for key in found):
            raise Failed(f"the student is not in the bucket, which has {found}")
        step.result = f"{len(found)} objects, the student among them"
    with table.step("`stillhouse backup` in the container of the API") as step:
        services.within("api", "stillhouse", "backup", "/var/lib/stillhouse/backups/of-the-test")
        step.result = "pg_dump of the image reads the server"


def pip_index() -> str:
    """The index that pip is configured for; empty where that is the public one."""
    words = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def versions(folder: Path) -> str:
    asked = (["dockerd", "--version"], ["debootstrap", "--version"])
    said = [subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip() for words in asked]
    return f"- programs: {', '.join(said)}"


if __name__ == "__main__":
    sys.exit(main())
