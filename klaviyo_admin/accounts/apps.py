"""Sees to it, as a process starts, that keys can be unsealed and that logins are witnessed."""

from importlib import import_module

from django.apps import AppConfig

from klaviyo_admin import sealing


class Accounts(AppConfig):
    name = "klaviyo_admin.accounts"

    def ready(self) -> None:
        sealing.check_keys()
        # Loaded by name: it speaks of models, which exist only from here on.
        import_module("klaviyo_admin.accounts.login")
