"""Keeps the database's own refusals on the audit tables: they are put back after every migration."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from klaviyo_admin.audit import protection


def protect(using: str, **_: Any) -> None:
    protection.protect(connections[using])


class Audit(AppConfig):
    name = "klaviyo_admin.audit"

    def ready(self) -> None:
        # A migration that rebuilds a SQLite table loses its triggers.
        post_migrate.connect(protect, sender=self)
