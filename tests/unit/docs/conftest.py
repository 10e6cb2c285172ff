"""The service of tests/unit/service, for the commands that pages show."""

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
