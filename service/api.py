"""`python -m service.api`: serves the API and the dashboard."""

from __future__ import annotations

import sys

import uvicorn

from service.app import create_app
from service.settings import Settings, SettingsError

GRACE_S = 2


def main() -> int:
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        timeout_graceful_shutdown=GRACE_S,
        access_log=False,
        log_level="info",
        server_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
