"""Which store of budgets this installation shares."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from klaviyo_admin.budgets.embedded import File
from klaviyo_admin.budgets.server import Table
from klaviyo_admin.klaviyo.limits import Store

FILE = "budgets.sqlite3"


@cache
def store() -> Store:
    """One for the process: in PostgreSQL where that is the database, else in a file beside it."""
    if connection.vendor == "postgresql":
        return Table(connection.get_connection_params)
    return File(Path(settings.DATA_DIR) / FILE)
