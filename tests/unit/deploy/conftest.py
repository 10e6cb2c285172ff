"""The service of tests/unit/service, for what watches it."""

from tests.unit.service.conftest import (  # noqa: F401
    app,
    database,
    http,
    mlflow,
    owner,
    ray,
    run,
    settings,
    shared_app,
)
