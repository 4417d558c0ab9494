"""`manage.py operations`: what Klaviyo's API can do, by area, with limits, scopes and risk."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import Limits, Operation
from klaviyo_admin.management import showing, words
from klaviyo_admin.management.pipes import lines

_HEADINGS = ("operation", "method", "path", "limits", "scopes", "risk")


class Command(BaseCommand):
    help = "List the operations of Klaviyo's API, those of one AREA, or the facts of one OPERATION."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="?", metavar="AREA|OPERATION", help="an area, or the id of an operation")
        parser.add_argument("--names", action="store_true", help="only the ids, one a line (for shell completion)")

    def handle(self, *args: Any, **options: Any) -> None:
        what = (options["what"] or "").replace("-", "_").lower()
        if what and what not in catalogue.areas():
            try:
                found = words.operation(what)
            except words.Misuse as misuse:
                areas = ", ".join(catalogue.areas())
                raise CommandError(f"{misuse} The areas are {areas}.", returncode=2) from None
            return lines(self.stdout, _facts(found))
        listed = catalogue.operations(what or None)
        if options["names"]:
            return lines(self.stdout, (found.id for found in listed))
        return lines(self.stdout, showing.columns([_row(found) for found in listed], _HEADINGS, widest=1000))


def _row(found: Operation) -> list[str]:
    return [found.id, found.method, found.path, _limits(found.limits), " ".join(found.scopes), found.risk]


def _limits(limits: Limits) -> str:
    said = _rates(limits.burst, limits.minute, limits.day)
    return "; ".join([said, *(f"{_rates(low.burst, low.minute)} with {low.when}" for low in limits.reduced)])


def _rates(burst: int | None, minute: int | None, day: int | None = None) -> str:
    return " ".join(f"{number}/{unit}" for number, unit in ((burst, "s"), (minute, "m"), (day, "d")) if number)


def _facts(found: Operation) -> Iterator[str]:
    facts = {
        "operation": found.id,
        "also called": ", ".join(found.aliases),
        "request": f"{found.method} {found.path}",
        "path": ", ".join(p.name for p in found.parameters if p.place == "path"),
        "limits": _limits(found.limits),
        "scopes": " ".join(found.scopes),
        "risk": found.risk,
        "repeat": found.retry if found.writes else "",
        "undo": found.undo,
        "warning": found.warning,
        "page size": f"{found.page_default}, at most {found.page_max}" if found.page_max else "",
        "sort": ", ".join(found.sorts),
        "include": ", ".join(found.includes),
        "body": "yes" if found.body else "",
    }
    for name, said in facts.items():
        if said:
            yield f"{name:<12} {said}"
    for rule in found.filters:
        yield f"{'filter':<12} {rule.name}: {', '.join(rule.operators)}"
    for kind, names in found.fields.items():
        yield f"{'fields':<12} {kind}={','.join(names)}"
    for kind, names in found.additional_fields.items():
        yield f"{'additional':<12} {kind}={','.join(names)}"
