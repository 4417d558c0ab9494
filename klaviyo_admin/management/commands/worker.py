"""`manage.py worker`: carries out what was approved, and picks up what a dead worker left."""

from typing import Any

from django.core.management.base import BaseCommand

from klaviyo_admin import jobs
from klaviyo_admin.changes import sweep


class Command(BaseCommand):
    help = "Carry out approved changes in the background until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        jobs.run_worker(sweep.once)
