"""`python -m service.reconciler`: makes the cluster match the database, until it is told to end."""

from __future__ import annotations

import asyncio
import sys

from service.observability.logs import configure_logs
from service.reconciler.process import serve
from service.settings import Settings, SettingsError


def main() -> int:
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    configure_logs(settings.log_format)
    asyncio.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
