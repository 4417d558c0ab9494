"""`manage.py klaviyo OPERATION`: any read of Klaviyo's API from a shell; a write becomes a proposal like any other.

Exit codes: 0 done, 1 refused (by Klaviyo or by a missing right), 2 wrong use, 3 not now: try again later.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.changes import review
from klaviyo_admin.console import wanting
from klaviyo_admin.klaviyo.catalogue import BadBody, BadQuery, Operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, Refused, Unavailable
from klaviyo_admin.klaviyo.filters import BadFilter
from klaviyo_admin.klaviyo.values import Item, Query
from klaviyo_admin.management import showing, words
from klaviyo_admin.management.pipes import lines

REFUSED, MISUSED, LATER = 1, 2, 3
PATIENCE = 90.0  # seconds: a shell may wait for the next minute's budget, and leaves the reserve to people


class Command(BaseCommand):
    help = "Ask Klaviyo anything the catalogue knows (`manage.py operations`), or propose a change."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("operation", help="its id or an alias, such as get_profiles or get-profiles")
        parser.add_argument("--account", help="the account's name or Klaviyo id; needed if there is more than one")
        many: dict[str, Any] = {"action": "append", "default": []}
        parser.add_argument("--path", **many, metavar="NAME=VALUE", help="a part of the address, such as id=01HZ…")
        parser.add_argument("--filter", **many, help='field=value, "field operator value", or Klaviyo\'s own form')
        parser.add_argument("--sort", default="", help="a field; with a minus before it the other way round")
        parser.add_argument("--include", **many, metavar="A,B", help="related things to read along")
        parser.add_argument("--fields", **many, metavar="TYPE=A,B", help="only these attributes")
        parser.add_argument(
            "--additional-fields", **many, metavar="TYPE=A,B", help="attributes that come only if asked"
        )
        parser.add_argument("--param", **many, metavar="NAME=VALUE", help="any other parameter of the address")
        parser.add_argument("--size", type=int, help="things on a page")
        parser.add_argument("--cursor", default="", help="where a page begins")
        parser.add_argument("--all", action="store_true", help="all pages")
        parser.add_argument(
            "--set", **many, metavar="NAME=TEXT", help="an attribute of the body; NAME:=JSON for the rest"
        )
        parser.add_argument("--body", default="", metavar="FILE", help="the whole body as JSON; - is standard input")
        form = parser.add_mutually_exclusive_group()
        for name in ("json", "table", "csv"):
            form.add_argument(f"--{name}", action="store_const", const=name, dest="form")
        parser.add_argument("--propose", action="store_true", help="needed for whatever changes something")
        parser.add_argument("--reason", default="", help="what the approver reads")
        parser.add_argument("--as", dest="person", default="", metavar="EMAIL", help="who proposes")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = words.operation(options["operation"])
            path = words.pairs(options["path"], "--path")
            reader = api.reader(_account(options["account"]), patience=PATIENCE)
            if found.writes:
                self._propose(found, path, reader, options)
            else:
                lines(self.stdout, _read(found, path, reader, options))
        except (words.Misuse, BadQuery, BadFilter, BadBody) as error:
            raise CommandError(str(error), returncode=MISUSED) from None
        except (NotAllowed, review.ReviewRefused) as error:
            raise CommandError(error.sentence, returncode=REFUSED) from None
        except KlaviyoError as error:
            raise CommandError(_told(error), returncode=_code(error)) from None

    def _propose(self, found: Operation, path: Mapping[str, str], reader: Reader, options: Mapping[str, Any]) -> None:
        """Puts the change into the inbox, where somebody else decides."""
        if not options["propose"]:
            raise words.Misuse(
                f"“{found.id}” changes something ({found.risk}). To put it before an approver, add"
                ' --propose --reason "why" --as you@example.com.'
            )
        if found.media:
            raise words.Misuse(f"“{found.id}” takes a file upload, which this command cannot make.")
        person = Person.objects.filter(email=options["person"].strip().lower(), is_active=True).first()
        if person is None:
            raise words.Misuse(f"Nobody here has the address “{options['person']}”; say --as EMAIL.")
        document = words.document(found, path, options["set"], options["body"])
        write = found.write(path, document, query=Query(others=words.pairs(options["param"], "--param")))
        action = f"{found.area}.{found.id}"
        intent = wanting.intent(found, path, write, document, reader, action=action, origin="from the command line")
        change = review.propose(person, _account(options["account"]), intent, options["reason"])
        lines(self.stdout, [f"Proposed change {change.pk}: {intent.aloud()} It waits for an approver."])


def _read(found: Operation, path: Mapping[str, str], reader: Reader, options: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the answer, each as soon as Klaviyo has given it."""
    query = words.query(found, options)
    form = options["form"] or ("table" if sys.stdout.isatty() else "json")
    if found.method != "GET":
        document = words.document(found, path, options["set"], options["body"])
        return showing.as_document(reader.ask(found.id, document, query))
    if options["set"] or options["body"]:
        raise words.Misuse(f"“{found.id}” takes no body.")
    every = options["all"] and found.paginated
    pages = reader.pages(found.id, path, query) if every else iter([reader.page(found.id, path, query)])
    return _shown((item for page in pages for item in page.items), form)


def _shown(items: Iterator[Item], form: str) -> Iterator[str]:
    if form == "table":
        return showing.as_table(list(items))
    return showing.as_csv(items) if form == "csv" else showing.as_json(items)


def _account(name: str | None) -> Account:
    accounts = Account.objects.filter(archived_at=None)
    named = accounts.filter(klaviyo_id=name) or accounts.filter(name__iexact=name) if name else accounts
    if len(named) == 1:
        return named[0]
    known = ", ".join(f"“{account.name}”" for account in accounts.order_by("name")) or "none yet"
    said = f"No account is called “{name}”." if name and not named else "Say --account NAME."
    raise words.Misuse(f"{said} There are: {known}.")


def _told(error: KlaviyoError) -> str:
    problems = error.problems if isinstance(error, Refused) else ()
    return "\n".join([error.summary, *(f"  {p.pointer or p.parameter}: {p.detail}" for p in problems if p.detail)])


def _code(error: KlaviyoError) -> int:
    if isinstance(error, Refused):
        return MISUSED if error.status == 400 and not error.body else REFUSED
    return LATER if isinstance(error, Unavailable) or error.status == 429 else REFUSED
