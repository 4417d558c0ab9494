"""A shop to look at: the sandbox in this process, two accounts, and a person for each role."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
from django.test import Client

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes.models import Step
from klaviyo_admin.klaviyo.catalogue import match
from tests.accounts import given
from tests.fakes import InProcess, Json, sandbox_in_process
from tests.side_by_side import COMMON

START = 1_795_000_000.0  # November 2026


@pytest.fixture(scope="session")
def klaviyo() -> Iterator[InProcess]:
    """A sandbox that many tests read. Its clock leaps between calls, so that no limit is ever used up by accident."""
    ticks = count()
    with sandbox_in_process(120, now=lambda: START + next(ticks) * 0.5) as sandbox:
        yield sandbox


@dataclass
class Shop:
    klaviyo: InProcess
    account: Account
    people: dict[str, Person] = field(default_factory=dict)
    looks: Counter[str] = field(default_factory=Counter)  # what the tests themselves read, by operation

    def url(self, rest: str = "") -> str:
        return f"/a/{self.account.pk}/{rest}"

    def browser(self, role: str = "marketer") -> Client:
        """A browser in which somebody with this role is logged in."""
        if role not in self.people:
            self.people[role] = given.member(self.account, role)
        client = Client()
        client.force_login(self.people[role])
        return client

    def read(self, path: str) -> Json:
        """A document straight from the sandbox."""
        matched = match("GET", path)
        self.looks[matched[0].id if matched else ""] += 1
        with self.klaviyo.client() as client:
            found: Json = client.get(path).json()
            return found

    def asked(self, operation: str) -> bool:
        """Whether this operation was asked of Klaviyo since the log was last forgotten."""
        return any(request["operation"] == operation for request in self.klaviyo.requests())

    def profiles(self, size: int = 3) -> list[Json]:
        return list(self.read(f"/api/profiles?page[size]={size}")["data"])

    def lists(self) -> list[Json]:
        return list(self.read("/api/lists")["data"])


class Screens:
    """Which tests reached which operations on a screen: asked by a page, or proposed from one."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, None]] = {}

    def remember(self, test: str, shop: Shop) -> None:
        if any(word in test for word in ("test_console", "test_coverage", "test_palette")):
            return  # they lead everywhere, which is no screen of its own
        asked = Counter(line["operation"] for line in shop.klaviyo.requests() if line["operation"])
        proposed = Step.objects.order_by().values_list("operation", flat=True).distinct()
        for name in {*(asked - shop.looks), *proposed}:
            self.found.setdefault(name, {})[test.partition("[")[0]] = None


@pytest.fixture(scope="session")
def screens() -> Iterator[Screens]:
    """Writes at the end what was reached, for `manage.py coverage --keep`."""
    found = Screens()
    yield found
    folder = COMMON / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: list(tests) for name, tests in sorted(found.found.items())}
    (folder / f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json").write_text(json.dumps(kept, indent=1))


class Leaping:
    """A clock that leaps at every look; whoever waits moves it on, and the sandbox's with it."""

    def __init__(self, klaviyo: InProcess) -> None:
        self._klaviyo, self._now = klaviyo, START

    def __call__(self) -> float:
        self._now += 0.5
        return self._now

    def wait(self, seconds: float) -> None:
        self._now += seconds
        self._klaviyo.advance(seconds)


@pytest.fixture
def shop(db: None, klaviyo: InProcess, screens: Screens, request: pytest.FixtureRequest) -> Iterator[Shop]:
    klaviyo.clear_faults()
    klaviyo.forget_requests()
    clock = Leaping(klaviyo)  # our own budgets go by a clock that leaps too, or tests would wait for them
    with api.use_transport(klaviyo.transport, clock, clock.wait):
        found = Shop(klaviyo, given.account())
        yield found
    screens.remember(request.node.nodeid, found)
    klaviyo.clear_faults()
