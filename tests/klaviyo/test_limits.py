"""Budgets: which one a request spends from, how long it waits for its turn, and what an answer teaches."""

from collections.abc import Callable
from typing import Any, TypeVar

import httpx
import pytest

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.catalogue import operation, operations
from klaviyo_admin.klaviyo.client import Reader, Writer
from klaviyo_admin.klaviyo.ledger import DAY, MINUTE, SECOND
from klaviyo_admin.klaviyo.limits import Budget, Memory, StoreDown, budget_of
from klaviyo_admin.klaviyo.session import Session
from klaviyo_admin.klaviyo.values import Query
from tests.klaviyo.network import BASE, KEY, Network, answer, one, throttle

T = TypeVar("T")
ID = {"id": "01HZ"}


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Shop:
    """A network with a clock and a budget. More than one Shop may share a store."""

    def __init__(self, *plays: Any, store: Memory | None = None, clock: Clock | None = None, background: bool = False):
        self.network, self.clock = Network(*(plays or [one()])), clock or Clock()
        self.store = store or Memory(self.clock)
        self.budget = Budget(self.store, "SBXJP1", background=background)
        self.session = Session(BASE, KEY, transport=httpx.MockTransport(self.network), wait=self.clock.wait)

    def reader(self, patience: float = 3.0) -> Reader:
        return Reader(self.session, self.budget, patience)

    @property
    def writer(self) -> Writer:
        return Writer(self.session, self.budget)

    @property
    def sent(self) -> int:
        return len(self.network.requests)


RENAME = operation("update_list").write(
    {"id": "AbC123"}, {"data": {"type": "list", "id": "AbC123", "attributes": {"name": "VIPs"}}}
)
NEW_LIST = operation("create_list").write({}, {"data": {"type": "list", "attributes": {"name": "VIPs"}}})


def accounts(shop: Shop, times: int, patience: float = 3.0) -> None:
    for _ in range(times):
        shop.reader(patience).page("get_accounts")


@pytest.mark.parametrize(
    ("name", "path", "query", "variant", "burst"),
    [
        ("get_list", ID, Query(), "", 75),
        ("get_list", ID, Query(additional_fields={"list": ("profile_count",)}), "additional-fields[list]=", 1),
        ("get_segment", ID, Query(additional_fields={"segment": ("profile_count",)}), "additional-fields[segment]=", 1),
        ("get_profile", ID, Query(include=("lists",)), "include=list", 1),
        ("get_profile", ID, Query(include=("push-tokens", "segments")), "include=segment", 1),
        ("get_profile", ID, Query(include=("push-tokens",)), "", 75),
        ("get_profiles", {}, Query(additional_fields={"profile": ("subscriptions",)}), "", 75),
        (
            "get_profiles",
            {},
            Query(additional_fields={"profile": ("subscriptions", "predictive_analytics")}),
            "add",
            10,
        ),
    ],
)
def test_the_query_decides_which_budget_a_request_spends_from(
    name: str, path: dict[str, str], query: Query, variant: str, burst: int
) -> None:
    found = operation(name)
    budget, windows = budget_of(found, found.url(path, query))
    assert budget.startswith(f"{name} {variant}".rstrip())
    assert (variant == "") == (budget == name)
    assert windows[0] == (SECOND, burst)


def test_every_operation_has_a_budget() -> None:
    for found in operations():
        name, windows = budget_of(found, found.path)
        assert name == found.id
        assert [seconds for seconds, _ in windows] in ([SECOND, MINUTE], [SECOND, MINUTE, DAY])


def test_a_read_waits_for_its_turn_and_is_not_refused() -> None:
    shop = Shop(answer(200, {"data": []}))
    accounts(shop, 3)
    assert shop.sent == 3
    assert sum(shop.clock.waits) == pytest.approx(2, abs=0.1)


def test_a_page_that_would_wait_too_long_is_told_when_to_come_back() -> None:
    shop = Shop(answer(200, {"data": []}))
    accounts(shop, 15, patience=30)
    with pytest.raises(errors.Throttled, match=r"free again in 4\d s") as caught:
        accounts(shop, 1)
    assert 40 < caught.value.retry_after < 50
    assert shop.sent == 15
    shop.clock.now += caught.value.retry_after
    accounts(shop, 1)


def test_all_attempts_at_one_read_share_its_patience() -> None:
    shop = Shop(throttle("2"), throttle("2"), answer(200, {"data": []}))
    with pytest.raises(errors.Throttled):
        accounts(shop, 1)
    assert sum(shop.clock.waits) <= 3
    assert shop.sent == 2


def test_each_attempt_takes_a_place() -> None:
    shop = Shop(answer(503), answer(503), answer(200, {"data": []}))
    accounts(shop, 1, patience=30)
    assert shop.sent == 3
    assert sum(shop.clock.waits) > 1.9


def test_a_request_that_found_no_connection_costs_nothing() -> None:
    shop = Shop(httpx.ConnectError("refused"), httpx.ConnectError("refused"), answer(200, {"data": []}))
    accounts(shop, 1, patience=30)
    assert len([wait for wait in shop.clock.waits if wait >= 0.9]) <= 2
    accounts(shop, 14, patience=30)
    assert shop.sent == 17


def test_a_refusal_is_remembered_for_everybody_who_shares_the_store() -> None:
    first = Shop(throttle("30"))
    with pytest.raises(errors.Throttled):
        accounts(first, 1)
    second = Shop(answer(200, {"data": []}), store=first.store, clock=first.clock)
    with pytest.raises(errors.Throttled) as caught:
        accounts(second, 1)
    assert (second.sent, round(caught.value.retry_after)) == (0, 30)
    second.reader().page("get_lists")
    first.clock.now += 30.1
    accounts(second, 1)


def test_hours_of_waiting_are_the_end_of_the_day_and_not_a_sleep() -> None:
    shop = Shop(throttle("67608"), answer(201, {"data": {"type": "list", "id": "AbC123"}}))
    for _ in range(2):
        with pytest.raises(errors.Throttled, match=r"daily budget .* is used up; it is free again at \d\d:\d\d UTC"):
            shop.writer.send(NEW_LIST)
    assert (shop.sent, shop.clock.waits) == (1, [])


def test_a_day_that_we_spent_ourselves_needs_no_refusal() -> None:
    shop = Shop(answer(201, {"data": {"type": "list", "id": "AbC123"}}))
    for _ in range(150):
        shop.writer.send(NEW_LIST)
        shop.clock.now += 1
    with pytest.raises(errors.Throttled, match="daily budget") as caught:
        shop.writer.send(NEW_LIST)
    assert shop.sent == 150
    assert 23 * 3600 < caught.value.retry_after <= 24 * 3600


def test_a_write_waits_a_moment_but_not_for_the_next_minute() -> None:
    shop = Shop(answer(200, {"data": {"type": "list", "id": "AbC123"}}))
    for _ in range(150):
        shop.writer.send(RENAME)
    with pytest.raises(errors.Throttled) as caught:
        shop.writer.send(RENAME)
    assert shop.sent == 150
    assert max(shop.clock.waits) < 1.1
    assert 40 < caught.value.retry_after < 60


def test_background_reading_leaves_a_reserve_and_background_writing_needs_none() -> None:
    shop = Shop(answer(200, {"data": []}), background=True)
    accounts(shop, 12, patience=30)
    with pytest.raises(errors.Throttled):
        accounts(shop, 1, patience=10)
    person = Shop(answer(200, {"data": []}), store=shop.store, clock=shop.clock)
    accounts(person, 3)
    writing = Shop(answer(200, {"data": {"type": "list", "id": "AbC123"}}), background=True)
    for _ in range(10):
        writing.writer.send(RENAME)
    assert writing.clock.waits == []


@pytest.mark.parametrize("told", ["3, 3;w=1, 60;w=60", "3, 3;w=1,60;w=60 , 9;w=7", " 3, 3 ; w=1, 60;w=60"])
def test_limits_that_an_answer_names_are_kept(told: str) -> None:
    shop = Shop(answer(200, {"data": []}, {"RateLimit-Limit": told}))
    shop.reader().page("get_lists")
    shop.clock.now += 10
    for _ in range(4):
        shop.reader().page("get_lists")
    assert len(shop.clock.waits) == 1


@pytest.mark.parametrize("told", ["", "75", "nonsense", "75, x;w=1", "75, 0;w=1", "75, 5;w=-1"])
def test_limits_that_cannot_be_read_change_nothing(told: str) -> None:
    shop = Shop(answer(200, {"data": []}, {"RateLimit-Limit": told}))
    for _ in range(75):
        shop.reader().page("get_lists")
    assert shop.clock.waits == []


class Broken:
    def change(self, name: str, move: Callable[[bytes, float], tuple[bytes | None, T]]) -> T:
        raise StoreDown("the disk is full")


def test_without_a_store_the_work_goes_on() -> None:
    shop = Shop()
    reader = Reader(shop.session, Budget(Broken(), "SBXJP1"))
    assert reader.item("get_profile", ID).id == "01HZ"
