"""`python -m service.reconciler.alive`: whether the reconciler of this container goes round, for health checks.

It listens nowhere, so it touches a file instead: whether it holds the lease or stands by, and also while the database
is away, which starting it again would not mend. Rounds that lag are told by an alert, not by this.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from service.settings import Settings

SHOWN_EVERY_S = 5.0
_LONGEST_SILENCE_S = 60.0


def show_life(settings: Settings) -> None:
    if settings.alive_file:
        Path(settings.alive_file).touch()


def silence_s(settings: Settings) -> float:
    """Seconds since the last sign of life. Raises FileNotFoundError where there was none."""
    return max(0.0, time.time() - Path(settings.alive_file).stat().st_mtime)


def main() -> int:
    settings = Settings.or_exit()
    if not settings.alive_file:
        print("STILLHOUSE_ALIVE_FILE is not set: nothing shows whether the reconciler lives", file=sys.stderr)
        return 2
    try:
        silent = silence_s(settings)
    except FileNotFoundError:
        print(f"{settings.alive_file} is not there: no reconciler has begun", file=sys.stderr)
        return 1
    if silent > _LONGEST_SILENCE_S:
        print(f"the reconciler was last seen {silent:.0f} s ago", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
