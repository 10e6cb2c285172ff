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
