"""MLflow's tracking server in one process, behind a token where one is set.

`mlflow server` imports all of MLflow once in a parent and again in a uvicorn child: 24 s of CPU before the first
answer, where this takes 13. It serves the same app with the same settings, handed over as MLflow's own command does.
Addresses with passwords come in the variables that MLflow's own command reads, where no list of processes shows them.
"""

from __future__ import annotations

import argparse
import os
import sys

from service.stack.mlflow_places import PlaceError, provide_bucket, provide_database
from service.stack.token_guard import TokenGuard

STORE = "MLFLOW_BACKEND_STORE_URI"
ARTIFACTS = "MLFLOW_ARTIFACTS_DESTINATION"
TOKEN = "STILLHOUSE_MLFLOW_TOKEN"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--store", default=os.environ.get(STORE), help=f"SQLAlchemy URL of MLflow's database ({STORE})")
    parser.add_argument(
        "--artifacts", default=os.environ.get(ARTIFACTS), help=f"folder or URI where artifacts are kept ({ARTIFACTS})"
    )
    given = parser.parse_args()
    for option, variable in (("store", STORE), ("artifacts", ARTIFACTS)):
        if not getattr(given, option):
            parser.error(f"give --{option}, or set {variable}")
    try:
        provide_database(given.store)
        provide_bucket(given.artifacts)
    except PlaceError as error:
        print(error, file=sys.stderr)
        return 1
    serve(given.host, given.port, store=given.store, artifacts=given.artifacts, token=os.environ.get(TOKEN, ""))
    return 0


def serve(host: str, port: int, *, store: str, artifacts: str, token: str) -> None:
    """Serve until SIGTERM or SIGINT."""
    os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"

    import uvicorn
    from mlflow.server import constants
    from mlflow.server.handlers import initialize_backend_stores

    artifact_root = "mlflow-artifacts:/"
    os.environ[constants.BACKEND_STORE_URI_ENV_VAR] = store
    os.environ[constants.REGISTRY_STORE_URI_ENV_VAR] = store
    os.environ[constants.ARTIFACT_ROOT_ENV_VAR] = artifact_root
    os.environ[constants.ARTIFACTS_DESTINATION_ENV_VAR] = artifacts
    os.environ[constants.SERVE_ARTIFACTS_ENV_VAR] = "true"
    initialize_backend_stores(store, store, artifact_root)

    from mlflow.server.fastapi_app import app

    uvicorn.run(TokenGuard(app, token) if token else app, host=host, port=port, log_level="warning")


if __name__ == "__main__":
    sys.exit(main())
