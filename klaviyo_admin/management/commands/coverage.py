"""`manage.py coverage`: how much of Klaviyo's API the sandbox implements, the contract tests, and the screens reach."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin.areas import reach
from klaviyo_admin.management import showing
from klaviyo_admin.management.pipes import lines
from klaviyo_admin.management.reach import Covered, covered, recorded, totals

RECORD = "contract-record.json"  # in DATA_DIR, written by tests/contract whenever it runs
SCREENS = "screens"  # a folder in DATA_DIR, written by tests/pages whenever they run
_HEADINGS = ("operation", "implemented", "contract tested", "screens")


class Command(BaseCommand):
    help = "Count which operations of Klaviyo's API are implemented, contract-tested and reachable from the dashboard."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")
        parser.add_argument("--keep", action="store_true", help="write down which tests reached which screens last")

    def handle(self, *args: Any, **options: Any) -> None:
        record = settings.DATA_DIR / RECORD
        if options["keep"]:
            return self._keep()
        if not record.exists():
            self.stderr.write(
                f"No contract test has run here yet ({record} is not there): contract_tested counts none."
            )
        found = covered(record)
        if options["json"]:
            document = {
                "totals": totals(found),
                "operations": [asdict(one) for one in found],
                "tools": [asdict(tool) for tool in reach.old_tools()],
            }
            return lines(self.stdout, [json.dumps(document, indent=1)])
        table = showing.columns([_row(one) for one in found], _HEADINGS, widest=1000)
        counts = (f"{name.replace('_', ' ')}: {number}" for name, number in totals(found).items())
        return lines(self.stdout, [*table, "", *counts])

    def _keep(self) -> None:
        found = recorded(settings.DATA_DIR / SCREENS)
        if not found:
            raise CommandError(f"No tests of pages have run here yet ({settings.DATA_DIR / SCREENS} is not there).")
        reach.keep(found)
        lines(self.stdout, [f"{len(found)} operations were reached on screens; {reach.TABLE} says by which tests."])


def _row(one: Covered) -> list[str]:
    flags = ["yes" if said else "-" for said in (one.implemented, one.contract_tested)]
    return [one.id, *flags, "; ".join(f"{spot.area}: {spot.label}" for spot in one.screens) or "console only"]
