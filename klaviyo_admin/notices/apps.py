"""Notices are an app of their own, because changes of every kind write them and know nothing of how they leave."""

from django.apps import AppConfig


class Notices(AppConfig):
    name = "klaviyo_admin.notices"
