"""`manage.py rotate_sealing_key`: puts everything that is sealed under the first of the SEALING_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin import sealing
from klaviyo_admin.changes import bodies


class Command(BaseCommand):
    help = "Reseal every sealed column and file under the first key of SEALING_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for model, field in sealing.sealed_columns():
                count = sealing.reseal_column(model, field)
                self.stdout.write(f"{model._meta.label}.{field.name}: {count} resealed")
            self.stdout.write(f"files: {bodies.reseal()} resealed")
        except (sealing.Unreadable, bodies.Damaged) as error:
            raise CommandError(f"Stopped, and nothing is lost: {error} Keep every old key in SEALING_KEYS.") from None
        self.stdout.write("Every sealed value opens with the first of the SEALING_KEYS; the others can go.")
