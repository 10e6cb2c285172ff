"""`python -m service.db`: bring the database of the settings to the tables of this version."""

from __future__ import annotations

from sqlalchemy.engine import make_url

from service.db.migrate import migrate
from service.settings import Settings

url = Settings.from_environment().database_url
migrate(url)
print(f"{make_url(url).render_as_string(hide_password=True)} is up to date")
