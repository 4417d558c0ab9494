"""Switches SQLite to write-ahead logging once, after migration: the mode is a property of the file."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def use_write_ahead_log(using: str, **_: Any) -> None:
    connection = connections[using]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")


class KlaviyoAdmin(AppConfig):
    name = "klaviyo_admin"

    def ready(self) -> None:
        post_migrate.connect(use_write_ahead_log, sender=self)
