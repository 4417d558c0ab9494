"""Registers the budgets."""

from django.apps import AppConfig


class Budgets(AppConfig):
    name = "klaviyo_admin.budgets"
