"""`manage.py audit verify`: whether any line of the audit log was changed, removed or slipped in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin.audit.models import Head
from klaviyo_admin.audit.verify import verify


class Command(BaseCommand):
    help = "Check the chain of the audit log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify()
        if not verdict.holds:
            raise CommandError(f"The audit log is broken. {verdict.problem} ({verdict.lines} lines before it hold.)")
        head = Head.objects.first()
        end = f" It ends with {head.hash}: note that elsewhere, and a log rewritten as a whole shows." if head else ""
        self.stdout.write(f"All {verdict.lines} lines hold.{end}")
