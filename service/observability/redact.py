"""Keeps secrets out of what is written down or sent back: logs, problems and the audit log."""

from __future__ import annotations

import re

# Tokens and the secrets of webhooks say what they are; an address may hold a password before its host.
_MARKED = re.compile(r"\b(still_|whsec_)[A-Za-z0-9_+/=-]{12,}")
_PASSWORD = re.compile(r"(?<=://)[^/\s\"'@]*:[^/\s\"'@]*@")
_BEARER = re.compile(r"\b(bearer|basic) +[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with everything hidden that looks like a secret of ours, or like a password in an address."""
    text = _MARKED.sub(r"\1(hidden)", text)
    text = _BEARER.sub(r"\1 (hidden)", text)
    return _PASSWORD.sub("(hidden)@", text)
