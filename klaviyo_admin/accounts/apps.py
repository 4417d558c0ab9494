"""Sees to it that logins are witnessed from the start of the process on."""

from importlib import import_module

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "klaviyo_admin.accounts"

    def ready(self) -> None:
        # Loaded by name: it speaks of models, which exist only from here on.
        import_module("klaviyo_admin.accounts.login")
