"""What can go wrong with a backup, in words for the person who asked for it."""

from __future__ import annotations


class BackupError(Exception):
    """The backup or the restore could not be done; nothing was changed."""


class NotEmpty(BackupError):
    """There is something where the backup or the restored state should go."""
