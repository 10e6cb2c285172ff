"""`python -m tests.raylet ADDRESS CPUS`: one more node of the Ray cluster at ADDRESS, on the loopback interface alone.

`ray start` refuses to join a cluster there; the parts it is made of do not.
"""

from __future__ import annotations

import signal
import sys

from ray._private.node import Node
from ray._private.parameter import RayParams


def main(address: str, cpus: float) -> None:
    given = RayParams(
        gcs_address=address, node_ip_address="127.0.0.1", num_cpus=cpus, num_gpus=0,
        object_store_memory=100 * 2**20, min_worker_port=0, max_worker_port=0, include_log_monitor=False,
    )  # fmt: skip
    given.dashboard_agent_listen_port = None  # any: the head has the fixed one
    Node(given, head=False, shutdown_at_exit=True, spawn_reaper=False)
    signal.pause()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
