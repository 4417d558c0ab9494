"""The way from an account to Klaviyo: the only reader of an account's key."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.klaviyo.client import Reader, Writer
from klaviyo_admin.klaviyo.errors import Unauthorised, Unavailable
from klaviyo_admin.klaviyo.session import Session, client_over
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.sealing import Unreadable, unseal

_instead_of_the_network: list[Any] = []


def reader(account: Account) -> Reader:
    """Asks, changes nothing. Raises Unauthorised if the account's key cannot be had."""
    return Reader(_session(account.place, _key(account)))


def writer(account: Account) -> Writer:
    """Sends writes: for klaviyo_admin.changes.execution alone. Raises Unauthorised as `reader` does."""
    return Writer(_session(account.place, _key(account)))


def probe(place: str, key: str) -> Item:
    """The Klaviyo account that a key belongs to. Raises KlaviyoError; Forbidden where the key lacks accounts:read."""
    accounts = Reader(_session(place, key)).page("get_accounts").items
    if not accounts:
        raise Unavailable("Klaviyo answered without saying which account the key belongs to.", operation="get_accounts")
    return accounts[0]


def ask(account: Account) -> Item:
    """What Klaviyo says of a connected account, with its own key. Raises as `probe` and `reader` do."""
    return probe(account.place, _key(account))


def revision() -> str:
    """The version of the API that every request names."""
    return str(settings.KLAVIYO_REVISION)


@contextmanager
def use_transport(transport: Any) -> Iterator[None]:
    """For tests: every request of this process goes to an httpx transport (the sandbox in process) instead of the net."""
    client = client_over(transport)
    _instead_of_the_network.append(client)
    try:
        yield
    finally:
        _instead_of_the_network.remove(client)
        client.close()


def _session(place: str, key: str) -> Session:
    client = _instead_of_the_network[-1] if _instead_of_the_network else None
    return Session(settings.KLAVIYO_HOSTS[place], key, client=client, revision=revision())


def _key(account: Account) -> str:
    if account.sealed_key is None:
        raise Unauthorised(f"{account} is archived, and its key was forgotten.", status=401)
    try:
        return unseal(account.sealed_key).decode()
    except Unreadable:
        raise Unauthorised(
            f"The key of {account} was sealed under one of the SEALING_KEYS that is gone: put that one back, or "
            "replace the account's key.",
            status=401,
        ) from None
