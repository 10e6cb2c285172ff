"""`python -m service.reconciler`: makes the cluster match the database, until it is told to end."""

from __future__ import annotations

import asyncio
import sys

from service.observability.logs import configure_logs
from service.reconciler.process import serve
from service.settings import Settings


def main() -> int:
    settings = Settings.or_exit()
    configure_logs(settings.log_format)
    asyncio.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
