"""What may be asked rarely is kept for some seconds, until a write; what may be asked often is asked each time."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader, Session, Writer
from klaviyo_admin.klaviyo.limits import Budget, Memory
from klaviyo_admin.klaviyo.recall import Answers, Recall, seconds
from klaviyo_admin.klaviyo.values import Query

RARELY, OFTEN = "get_accounts", "get_profiles"
DOCUMENT = {"data": [{"type": "thing", "id": "1", "attributes": {}}], "links": {}}


class Shop:
    """A Klaviyo that counts what it is asked, and a clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.asked: list[str] = []
        self.status = 200
        self.store = Memory(lambda: self.now)
        self.answers = Answers()

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.raw_path.decode())
        return httpx.Response(self.status, json=DOCUMENT)

    def session(self) -> Session:
        return Session("https://a.klaviyo.com", "key", transport=httpx.MockTransport(self.answer), wait=self.wait)

    def wait(self, pause: float) -> None:
        self.now += pause

    def reader(self, owner: str = "me", *, fresh: bool = False) -> Reader:
        return Reader(self.session(), Budget(self.store, "acme"), recall=Recall(self.answers, owner, fresh))

    def writer(self) -> Writer:
        return Writer(self.session(), Budget(self.store, "acme"))


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_only_what_may_be_asked_rarely_is_kept(shop: Shop) -> None:
    for name in (RARELY, OFTEN):
        for _ in range(3):
            shop.reader().page(name)
    assert len(shop.asked) == 1 + 3
    assert seconds(operation(RARELY), "") == 20
    assert seconds(operation(OFTEN), "") == 0
    assert seconds(operation("get_list"), "/api/lists/1?additional-fields%5Blist%5D=profile_count") == 20


def test_an_answer_says_when_it_was_really_read(shop: Shop) -> None:
    first = shop.reader().page(RARELY).as_of
    assert shop.reader().page(RARELY).as_of == first
    assert shop.reader().hear(RARELY).attempts == 0


def test_an_answer_is_good_for_some_seconds(shop: Shop) -> None:
    shop.reader().page(RARELY)
    shop.now += 19
    shop.reader().page(RARELY)
    assert len(shop.asked) == 1
    shop.now += 2
    shop.reader().page(RARELY)
    assert len(shop.asked) == 2


def test_a_fresh_look_goes_past_and_is_kept_for_others(shop: Shop) -> None:
    shop.reader().page(RARELY)
    shop.now += 5
    fresh = shop.reader(fresh=True).page(RARELY)
    assert len(shop.asked) == 2
    assert shop.reader().page(RARELY).as_of == fresh.as_of


@pytest.mark.parametrize(
    "other",
    [
        lambda shop: shop.reader("somebody else's key").page(RARELY),
        lambda shop: shop.reader().page(RARELY, query=Query(fields={"account": ("locale",)})),
        lambda shop: Reader(shop.session(), Budget(shop.store, "acme")).page(RARELY),
    ],
)
def test_another_question_another_key_and_who_decides_ask_anew(shop: Shop, other: Callable[[Shop], object]) -> None:
    shop.reader().page(RARELY)
    other(shop)
    assert len(shop.asked) == 2


@pytest.mark.parametrize("status", [200, 500])
def test_nothing_outlives_a_write_not_even_one_of_unknown_end(shop: Shop, status: int) -> None:
    shop.reader().page(RARELY)
    shop.status, before = status, shop.now
    shop.now += 1
    write = operation("delete_list").write({"id": "1"})
    try:
        shop.writer().send(write)
    except Exception as error:
        assert status == 500, error  # noqa: PT017  # an unclear end is the point
    shop.status = 200
    shop.now = max(shop.now, before) + 1
    shop.asked.clear()
    shop.reader().page(RARELY)
    assert len(shop.asked) == 1


def test_a_refusal_is_not_kept(shop: Shop) -> None:
    shop.status = 404
    for _ in range(2):
        with pytest.raises(Exception, match="does not have this"):
            shop.reader().page(RARELY)
        shop.now += 2
    assert len(shop.asked) == 2


def test_the_least_looked_at_goes_first_when_room_is_short(shop: Shop) -> None:
    shop.answers = Answers(room=3 * len(httpx.Response(200, json=DOCUMENT).content))
    idents = ["a", "b", "c"]
    for ident in idents:
        shop.reader().item("get_account", {"id": ident})
        shop.now += 1
    shop.reader().item("get_account", {"id": "a"})
    shop.reader().item("get_account", {"id": "d"})
    shop.asked.clear()
    shop.reader().item("get_account", {"id": "a"})
    assert not shop.asked
    shop.now += 1
    shop.reader().item("get_account", {"id": "b"})
    assert shop.asked


REPORT = "query_segment_values"


def figures(shop: Shop, timeframe: str = "last_30_days", **who: Any) -> None:
    attributes = {"statistics": ["total_members"], "timeframe": {"key": timeframe}}
    document = {"data": {"type": operation(REPORT).kind, "attributes": attributes}}
    # Each has answers of its own, as processes do; what they share is the store of the budgets.
    shop.answers = Answers()
    shop.reader(**who).ask(REPORT, document)


def test_a_report_is_kept_for_all_processes_and_no_write_ends_that(shop: Shop) -> None:
    figures(shop)
    shop.now += 300
    shop.writer().send(operation("delete_list").write({"id": "1"}))
    shop.now += 299
    figures(shop)
    assert shop.asked == ["/api/segment-values-reports", "/api/lists/1"]
    shop.now += 2
    figures(shop)
    assert len(shop.asked) == 3


def test_another_report_another_key_and_a_fresh_look_are_asked_anew(shop: Shop) -> None:
    figures(shop)
    for more in ({"timeframe": "today"}, {"owner": "somebody else's key"}, {"fresh": True}):
        shop.now += 60
        figures(shop, **more)
        figures(shop, **more | {"fresh": False})
    assert len(shop.asked) == 4
    figures(shop)
    assert len(shop.asked) == 4


def test_reports_that_are_too_old_leave_the_store(shop: Shop) -> None:
    for timeframe in ("today", "yesterday", "last_7_days"):
        shop.now += 500
        figures(shop, timeframe)
    entries = orjson.loads(shop.store.change(f"acme answers to {REPORT}", lambda kept, now: (None, kept)))
    assert len(entries) == 2
