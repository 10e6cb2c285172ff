"""The database: engine, sessions and migrations."""

from service.db.engine import Database
from service.db.migrate import migrate, pending_migrations

__all__ = ["Database", "migrate", "pending_migrations"]
