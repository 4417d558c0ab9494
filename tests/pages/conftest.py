"""A shop to look at: the sandbox in this process, two accounts, and a person for each role."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
from django.test import Client

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account, Person
from tests.accounts import given
from tests.fakes import InProcess, Json, sandbox_in_process

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


@pytest.fixture
def shop(db: None, klaviyo: InProcess) -> Iterator[Shop]:
    klaviyo.clear_faults()
    klaviyo.forget_requests()
    with api.use_transport(klaviyo.transport):
        yield Shop(klaviyo, given.account())
    klaviyo.clear_faults()
