"""All state of an installation in one folder, and back again."""

from service.backup.errors import BackupError, NotEmpty
from service.backup.making import back_up
from service.backup.manifest import Manifest
from service.backup.places import Places
from service.backup.restoring import restore, verify

__all__ = ["BackupError", "Manifest", "NotEmpty", "Places", "back_up", "restore", "verify"]
