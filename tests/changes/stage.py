"""A stage for the change engine: people, an account, a sandbox in this process, and a line that can be cut."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account, Membership, Person
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import execution, review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.sandbox.keys import FULL_ACCESS
from klaviyo_admin.sandbox.service import Sandbox
from klaviyo_admin.sealing import seal
from tests.fakes import SandboxTransport, planted


class Killed(BaseException):
    """Stands for a worker that dies: nothing may catch it."""


class Line(SandboxTransport):
    """Carries requests to a sandbox in this process. `before` and `after` may raise what a dying worker would."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.before: Callable[[httpx.Request], None] = lambda _: None
        self.after: Callable[[httpx.Request], None] = lambda _: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.before(request)
        try:
            return super().handle_request(request)
        finally:
            self.after(request)


@dataclass
class Stage:
    account: Account
    marketer: Person
    admin: Person
    colleague: Person
    viewer: Person
    auditor: Person
    sandbox: Sandbox
    line: Line

    def lists(self) -> list[Item]:
        """All lists as Klaviyo has them now."""
        return [item for page in api.reader(self.account).pages("get_lists") for item in page.items]

    def renaming(self, count: int = 1, to: str = "Renamed") -> Intent:
        """One rename for each of the first `count` lists."""
        intents = [lists.edit([item], {"name": f"{to} {n}"}) for n, item in enumerate(self.lists()[:count], start=1)]
        requests = tuple(request for intent in intents for request in intent.requests)
        if count == 1:
            return intents[0]
        return Intent("lists.rename_many", f"Rename {count} lists.", requests)

    def editing(self, profile: Item, answers: dict[str, Any]) -> Intent:
        return profiles.edit([profile], answers)

    def proposed(self, intent: Intent | None = None) -> Change:
        return review.propose(self.marketer, self.account, intent or self.renaming(), "Agreed with sales.")

    def approved(self, intent: Intent | None = None) -> Change:
        change = self.proposed(intent)
        return review.approve(self.admin, change, change.digest)

    def carried_out(self, change: Change, rounds: int = 30) -> Change:
        """Delivers the task until the change ends, whatever it waits for."""
        for _ in range(rounds):
            execution.carry_out(change.pk)
            change = Change.objects.get(pk=change.pk)
            if change.status not in ("approved", "running"):
                break
            self.time_passes(change)
        return change

    def time_passes(self, change: Change) -> None:
        """Every lease has run out and every moment to wait for has come, here and in the sandbox."""
        past = timezone.now() - timedelta(seconds=1)
        Change.objects.filter(pk=change.pk).exclude(not_before=None).update(not_before=past)
        Change.objects.filter(pk=change.pk).exclude(lease_until=None).update(lease_until=past)
        self.sandbox.advance(61)

    def writes(self) -> list[dict[str, Any]]:
        """What the sandbox received that was no read, in order."""
        with self.sandbox.store.look() as db:
            rows = [dict(row) for row in db.execute("SELECT * FROM request ORDER BY n")]
        return [row for row in rows if row["method"] != "GET" and not row["path"].startswith("/_sandbox")]


def people(*roles: str, account: Account | None = None, key: str = FULL_ACCESS) -> tuple[Account, list[Person]]:
    """An account of the sandbox and a person for each role, named after it."""
    made = [
        Person.objects.create_user(f"{role}{n}@example.com", "correct horse", name=role.title())
        for n, role in enumerate(roles)
    ]
    account = account or Account.objects.create(
        name="Juniper & Pine",
        klaviyo_id="SBXJP1",
        colour="teal",
        place="sandbox",
        sealed_key=seal(key.encode()),
        key_added_by=made[0],
    )
    for person, role in zip(made, roles, strict=True):
        Membership.objects.create(person=person, account=account, role=role)
    return account, made


@contextmanager
def set_up(profiles: int = 30) -> Iterator[Stage]:
    account, made = people("marketer", "admin", "admin", "viewer", "auditor")
    sandbox = Sandbox(profiles=profiles, image=planted(profiles))
    line = Line(sandbox)
    with api.use_transport(line, lambda: sandbox.now / 1_000_000, sandbox.advance):
        yield Stage(account, *made, sandbox, line)
    sandbox.close()


def actions(change: Change) -> list[str]:
    """What the audit says of a change, in order."""
    return list(Entry.objects.filter(change_id=change.pk).order_by("id").values_list("action", flat=True))


def statuses(change: Change) -> list[str]:
    return list(Step.objects.filter(change=change).order_by("number").values_list("status", flat=True))
