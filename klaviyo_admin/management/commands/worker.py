"""`manage.py worker`: carries out what was approved, reads uploads, signs the audit, and picks up what a dead worker left."""

from typing import Any

from django.core.management.base import BaseCommand

from klaviyo_admin import api, jobs
from klaviyo_admin.audit import checkpoints, index
from klaviyo_admin.changes import expiry, purge
from klaviyo_admin.changes import sweep as changes
from klaviyo_admin.exports import collecting, stream
from klaviyo_admin.imports import sweep as imports
from klaviyo_admin.notices import delivering


class Command(BaseCommand):
    help = "Carry out approved changes and read uploads in the background until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        api.work_in_background()
        jobs.run_worker(every_second)


def every_second() -> None:
    changes.once()
    expiry.once()
    imports.once()
    checkpoints.once()
    index.once()
    purge.once()
    stream.once()
    collecting.sweep()
    delivering.once()
