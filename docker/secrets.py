"""`make secrets`: a value for every password and token that docker-compose.yml asks for, into `.env` beside it.

What stands in `.env` already, or is in the environment, stays as it is: a new version may ask for more than the last.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def wanted(compose: str) -> list[str]:
    """The variables without which the file does not start; in the order of the file."""
    return list(dict.fromkeys(re.findall(r"\$\{(\w+):\?", compose)))


def complete(env: Path, names: list[str]) -> list[str]:
    """Add what is missing to the file, which its user alone may read; returns the names that were added."""
    present = env.read_text(encoding="utf-8") if env.exists() else ""
    known = {*re.findall(r"^\s*(?:export\s+)?(\w+)=", present, re.MULTILINE), *os.environ}
    missing = [name for name in names if name not in known]
    if missing:
        break_before = "\n" if present and not present.endswith("\n") else ""
        lines = "".join(f"{name}={secrets.token_hex(24)}\n" for name in missing)
        with os.fdopen(os.open(env, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(break_before + lines)
        env.chmod(0o600)
    return missing


def main() -> int:
    names = wanted((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    added = complete(ROOT / ".env", names)
    print(f"added to .env: {', '.join(added)}" if added else "nothing to add: .env or the environment has all secrets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
