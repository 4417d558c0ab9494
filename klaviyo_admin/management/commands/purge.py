"""`manage.py purge`: removes customers' data whose time of keeping is over; the worker does the same by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from klaviyo_admin.changes import purge


class Command(BaseCommand):
    help = "Remove customers' data from changes whose time of keeping is over. What happened stays on record."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge.due_now()} changes purged.")
