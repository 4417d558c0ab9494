"""Keeps the database's own four-eyes rule in place around every migration."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from klaviyo_admin.changes import protection


def lift(using: str, **_: Any) -> None:
    protection.lift(connections[using])


def protect(using: str, **_: Any) -> None:
    protection.protect(connections[using])


class Changes(AppConfig):
    name = "klaviyo_admin.changes"

    def ready(self) -> None:
        # A migration that rebuilds a SQLite table fails on triggers that name it, and loses its own.
        pre_migrate.connect(lift, sender=self)
        post_migrate.connect(protect, sender=self)
