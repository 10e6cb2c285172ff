"""A service whose attempts are real ones without a training, and can be made odd: several drills use the same one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.drills.cluster import LocalCluster
from tests.drills.odd_worker import program
from tests.drills.service import Service
from tests.unit.service.factories import settings_in

STOP_S = 3.0
MIB = 2**20
# A short form has to come to the limit, too.
MAX_LOG_BYTES_SHORT, MAX_LOG_BYTES_LONG = 4 * MIB, 256 * MIB


@dataclass
class LightService:
    """API and reconciler on SQLite, with attempts as processes of this machine."""

    service: Service
    cluster: LocalCluster
    url: str
    _worker: Path

    def make_odd(self, **oddities: Any) -> None:
        """What the attempts that start from now on do besides."""
        program(self._worker, {"light": True, **oddities})


@contextmanager
def light_service(folder: Path, *, is_long: bool) -> Iterator[LightService]:
    folder.mkdir(parents=True)
    worker = folder / "worker"
    settings: Mapping[str, str] = {
        "worker_python": program(worker, {"light": True}),
        "stop_timeout_s": str(STOP_S),
        "max_log_bytes": str(MAX_LOG_BYTES_LONG if is_long else MAX_LOG_BYTES_SHORT),
    }
    cluster = LocalCluster(cpus=2.0, storage=folder / "storage")
    with cluster.serving() as ray_url, Service(settings_in(folder, ray_url=ray_url, **settings)) as service:
        service.start_reconciler()
        yield LightService(service, cluster, service.start_api(), worker)
