"""Secrets that we hand out: tokens, sessions and sign-in codes.

Each holds 256 random bits, so there is nothing to guess and nothing to slow down: SHA-256 is the right hash for
them, where a password would need a slow one. Only the hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets

TOKEN_MARK = "still_"  # lets people and secret scanners recognise a token
SHOWN_LETTERS = 6


def new_token() -> str:
    return TOKEN_MARK + secrets.token_urlsafe(32)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", errors="surrogatepass")).hexdigest()


def shown_prefix(token: str) -> str:
    """The beginning of a token, by which people tell their tokens apart."""
    return token[: len(TOKEN_MARK) + SHOWN_LETTERS]
