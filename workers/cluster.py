"""Being a driver on the Ray cluster on which this process was started."""

from __future__ import annotations

import logging

import ray
from ray.exceptions import RayError

from workers.failures import Failure, FailureError


def connect() -> None:
    """Join the cluster; what its processes print comes to ours. Ray sets handlers of signals of its own.

    Raises:
        FailureError: Ray does not answer, which is nobody's fault.
    """
    try:
        ray.init(address="auto", log_to_driver=True, logging_level=logging.WARNING)
    except (ConnectionError, RayError) as error:
        first_line = str(error).strip().partition("\n")[0]
        raise FailureError(Failure("infrastructure", f"Ray does not answer its own attempt: {first_line}")) from error


def own_address() -> str:
    """The address of the node that this driver runs on.

    Not what `ray.util.get_node_ip_address` says: that goes by the raylets among all processes that can be seen, and is
    the head's where the containers of several nodes share their process ids.
    """
    here = ray.get_runtime_context().get_node_id()
    return next(str(node["NodeManagerAddress"]) for node in ray.nodes() if node["NodeID"] == here)
