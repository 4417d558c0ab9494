"""The way from an account to Klaviyo: the only reader of an account's key."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.budgets import sharing
from klaviyo_admin.klaviyo.client import Reader, Writer
from klaviyo_admin.klaviyo.errors import Unauthorised, Unavailable
from klaviyo_admin.klaviyo.limits import Budget, Memory, Store
from klaviyo_admin.klaviyo.recall import Answers, Recall
from klaviyo_admin.klaviyo.session import Session
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.sealing import Unreadable, unseal

# Seconds that one read may wait in all: somebody at a screen would rather be told when to come back.
AT_THE_SCREEN = 3.0
IN_THE_BACKGROUND = 10.0


class _Instead(NamedTuple):
    """What a test has in place of the network, of the shared budgets and answers, and of waiting."""

    transport: Any
    store: Store
    answers: Answers
    wait: Callable[[float], object]


_instead_of_the_network: list[_Instead] = []
_answers = Answers()
# How old what is read may be: "recent" some seconds, "fresh" not at all; "" reads anew and keeps nothing either.
_may_be: ContextVar[str] = ContextVar("may_be", default="")
_process = {"background": False}


def work_in_background() -> None:
    """From here on this process, with its children, is nobody's screen: it leaves a reserve of every budget of reads to
    people, and waits longer for its turn."""
    _process["background"] = True


def reader(account: Account, *, patience: float | None = None) -> Reader:
    """Asks, changes nothing. Raises Unauthorised if the account's key cannot be had.

    `patience` is how many seconds one read may wait in all; whoever names it is in the background as well.
    """
    usual = IN_THE_BACKGROUND if _process["background"] else AT_THE_SCREEN
    budget = _budget(account.place, account.klaviyo_id, background=patience is not None)
    key = _key(account)
    recall = None if budget.background else _recall(budget.account, key)
    return Reader(_session(account.place, key), budget, usual if patience is None else patience, recall)


@contextmanager
def looking(*, fresh: bool = False) -> Iterator[None]:
    """Inside, somebody only looks: what Klaviyo lets be asked rarely may be some seconds old, unless they want it `fresh`.
    Whoever decides or writes reads outside of this."""
    token = _may_be.set("fresh" if fresh else "recent")
    try:
        yield
    finally:
        _may_be.reset(token)


def writer(account: Account) -> Writer:
    """Sends writes: for klaviyo_admin.changes.execution alone. Raises Unauthorised as `reader` does."""
    return Writer(_session(account.place, _key(account)), _budget(account.place, account.klaviyo_id))


def probe(place: str, key: str) -> Item:
    """The Klaviyo account that a key belongs to. Raises KlaviyoError; Forbidden where the key lacks accounts:read."""
    # Whose key it is turns out only now, so what it may ask is counted by the key.
    return _whose(Reader(_session(place, key), _budget(place, f"key {sha256(key.encode()).hexdigest()[:12]}")))


def ask(account: Account) -> Item:
    """What Klaviyo says of a connected account, with its own key. Raises as `probe` and `reader` do."""
    return _whose(reader(account))


def _whose(reader: Reader) -> Item:
    accounts = reader.page("get_accounts").items
    if not accounts:
        raise Unavailable("Klaviyo answered without saying which account the key belongs to.", operation="get_accounts")
    return accounts[0]


def revision() -> str:
    """The version of the API that every request names."""
    return str(settings.KLAVIYO_REVISION)


@contextmanager
def use_transport(
    transport: Any, now: Callable[[], float] = time.time, wait: Callable[[float], object] = time.sleep
) -> Iterator[None]:
    """For tests: every request of this process goes to an httpx transport (the sandbox in process) instead of the net,
    with fresh budgets that go by the clock `now` (seconds since 1970), on which `wait` lets seconds pass."""
    instead = _Instead(transport, Memory(now), Answers(), wait)
    _instead_of_the_network.append(instead)
    try:
        yield
    finally:
        _instead_of_the_network.remove(instead)
        instead.transport.close()


def _session(place: str, key: str) -> Session:
    host = settings.KLAVIYO_HOSTS[place]
    if not _instead_of_the_network:
        return Session(host, key, revision=revision())
    instead = _instead_of_the_network[-1]
    return Session(host, key, transport=instead.transport, revision=revision(), wait=instead.wait)


def _budget(place: str, whose: str, *, background: bool = False) -> Budget:
    """What an account may still ask of its host: a sandbox at another address is another Klaviyo."""
    store = _instead_of_the_network[-1].store if _instead_of_the_network else sharing.store()
    return Budget(store, f"{settings.KLAVIYO_HOSTS[place]} {whose}", background=background or _process["background"])


def _recall(whose: str, key: str) -> Recall | None:
    """What one key was answered: another key of the account may not see the same."""
    if not _may_be.get():
        return None
    answers = _instead_of_the_network[-1].answers if _instead_of_the_network else _answers
    owner = f"{whose} {sha256(key.encode()).hexdigest()[:16]}"
    return Recall(answers, owner, fresh=_may_be.get() == "fresh")


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
