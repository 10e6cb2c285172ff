"""The command lines of the embedded stack. The compose file runs the same programs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from service.stack.processes import Command


@dataclass(frozen=True)
class Layout:
    """Folders and ports of one embedded stack."""

    state: Path
    host: str
    port: int
    mlflow_port: int
    ray_port: int
    ray_dashboard_port: int
    ray_client_port: int
    ray_agent_port: int
    ray_temp: Path
    cpus: int
    gpus: int | None
    storage: str = ""  # a URI in place of a folder of the state

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def mlflow_url(self) -> str:
        return f"http://127.0.0.1:{self.mlflow_port}"

    @property
    def ray_url(self) -> str:
        return f"http://127.0.0.1:{self.ray_dashboard_port}"

    @property
    def data(self) -> Path:
        return self.state / "data"

    def environment(self) -> dict[str, str]:
        """Settings of the service's processes."""
        return {
            "STILLHOUSE_STATE": str(self.state),
            "STILLHOUSE_DATABASE_URL": f"sqlite+aiosqlite:///{self.state / 'stillhouse.db'}",
            "STILLHOUSE_STORAGE": self.storage or str(self.state / "storage"),
            "STILLHOUSE_DATA": str(self.data),
            "STILLHOUSE_MLFLOW_URL": self.mlflow_url,
            "STILLHOUSE_RAY_URL": self.ray_url,
            "STILLHOUSE_HOST": self.host,
            "STILLHOUSE_PORT": str(self.port),
        }


def commands(layout: Layout) -> list[Command]:
    """All processes of the stack; they may start in any order."""
    return [ray(layout), mlflow(layout), api(layout), reconciler(layout)]


def api(layout: Layout) -> Command:
    return Command("api", [sys.executable, "-m", "service.api"], layout.environment(), _log(layout, "api"))


def reconciler(layout: Layout) -> Command:
    arguments = [sys.executable, "-m", "service.reconciler"]
    return Command("reconciler", arguments, layout.environment(), _log(layout, "reconciler"))


def mlflow(layout: Layout) -> Command:
    arguments = [
        *(sys.executable, "-m", "service.stack.mlflow_server"),
        *("--host", "127.0.0.1", "--port", str(layout.mlflow_port)),
        *("--store", f"sqlite:///{layout.state / 'mlflow.db'}"),
        *("--artifacts", str(layout.state / "mlartifacts")),
    ]
    environment = {"MLFLOW_DISABLE_TELEMETRY": "true", "GIT_PYTHON_REFRESH": "quiet"}
    return Command("mlflow", arguments, environment, _log(layout, "mlflow"))


def ray(layout: Layout) -> Command:
    """A Ray head that stays on the loopback interface and takes jobs over REST."""
    arguments = [
        *(sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"),
        *("--node-ip-address", "127.0.0.1", "--port", str(layout.ray_port)),
        *("--include-dashboard", "true", "--dashboard-host", "127.0.0.1"),
        *("--dashboard-port", str(layout.ray_dashboard_port)),
        *("--ray-client-server-port", str(layout.ray_client_port)),
        # the agent's fixed default port would make a second Ray on this machine refuse every job
        *("--dashboard-agent-listen-port", str(layout.ray_agent_port)),
        *("--min-worker-port", "0", "--max-worker-port", "0"),
        *("--num-cpus", str(layout.cpus)),
        *("--object-store-memory", str(200 * 2**20)),
        *("--temp-dir", str(layout.ray_temp), "--disable-usage-stats"),
    ]
    if layout.gpus is not None:
        arguments += ["--num-gpus", str(layout.gpus)]
    environment = {
        # without it Ray replaces 127.0.0.1 by the network card's address and listens on every interface
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        # an earlier ray.init() on this machine may have left a token that would be asked from everybody
        "RAY_AUTH_MODE": "disabled",
        "RAY_TRAIN_V2_ENABLED": "1",
    }
    return Command("ray", arguments, environment, _log(layout, "ray"))


def _log(layout: Layout, name: str) -> Path:
    return layout.state / "logs" / f"{name}.log"
