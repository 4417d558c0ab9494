"""Nothing is lost and nothing is made up: after thousands of chance writes the answers agree with a recount of the tables."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.fakes import InProcess, sandbox_in_process
from tests.sandbox.conftest import NOON, body, every_page
from tests.sandbox.crowd import BUSY, MIX, Crowd
from tests.sandbox.ledger import rows
from tests.sandbox.recount import FORM_STATISTICS, MESSAGE_STATISTICS, Recount

WRITES = 5000
FIRST, LAST = date(2026, 11, 1), date(2026, 12, 1)
TIMEFRAME = {"start": f"{FIRST}T00:00:00", "end": f"{LAST}T00:00:00"}
Json = dict[str, Any]


def table(box: InProcess, sql: str, *values: Any) -> list[Any]:
    with box.sandbox.store.change() as db:
        return [tuple(row) for row in db.execute(sql, values).fetchall()]


@pytest.fixture(scope="module")
def crowd() -> Any:
    with ExitStack() as stack, sandbox_in_process(60, now=lambda: NOON, speed=20) as box:
        hooks = {"request": [lambda request: box.sandbox.meter.forget()]}  # nobody is hurried by a limit
        client = box.client(event_hooks=hooks)
        stack.enter_context(client)
        found = Crowd(box, client)
        for number, what in enumerate(found.chance.choices(list(MIX), list(MIX.values()), k=WRITES)):
            found.act(what)
            if number % 100 == 99:
                found.settle(600)
        found.settle(3 * 86_400)
        yield found


def test_every_kind_of_write_took_part(crowd: Crowd) -> None:
    assert set(crowd.done) == set(MIX)
    assert min(crowd.done.values()) > 5


def test_members_are_who_joined_and_did_not_leave(crowd: Crowd) -> None:
    sql = "SELECT p.id FROM member m JOIN circle c ON c.n = m.circle JOIN profile p ON p.n = m.profile WHERE c.id = ?"
    for row in list(every_page(crowd.client, "/api/lists")):
        address = f"/api/lists/{row['id']}"
        told = [p["id"] for p in every_page(crowd.client, f"{address}/profiles", **{"page[size]": 100})]
        assert sorted(told) == sorted(ident for (ident,) in table(crowd.box, sql, row["id"]))
        shown = crowd.client.get(f"{address}?additional-fields[list]=profile_count").json()["data"]
        assert shown["attributes"]["profile_count"] == len(told)


@pytest.mark.parametrize(
    "owned", ["member", "event", "consent", "push_token", "list_suppression", "reaction", "recipient"]
)
def test_nothing_belongs_to_nobody(crowd: Crowd, owned: str) -> None:
    assert not table(crowd.box, f"SELECT * FROM {owned} WHERE profile NOT IN (SELECT n FROM profile)")


@pytest.mark.parametrize("of", ["member", "departure", "list_suppression"])
def test_nothing_is_kept_of_a_list_that_is_gone(crowd: Crowd, of: str) -> None:
    assert not table(crowd.box, f"SELECT * FROM {of} WHERE circle NOT IN (SELECT n FROM circle)")


@pytest.mark.parametrize("kind", ["list", "flow"])
def test_tags_are_on_what_is_there(crowd: Crowd, kind: str) -> None:
    there = {row["id"] for row in every_page(crowd.client, f"/api/{kind}s")}
    sql = "SELECT g.object FROM tagging g JOIN thing t ON t.n = g.tag WHERE t.id = ? AND g.kind = ?"
    for tag in crowd.tags:
        told = {r["id"] for r in crowd.client.get(f"/api/tags/{tag}/relationships/{kind}s").json()["data"]}
        # A tagging outlives its list, whose id is never given out again.
        assert told == {ident for (ident,) in table(crowd.box, sql, tag, kind)} & there


def test_jobs_did_all_that_they_were_given(crowd: Crowd) -> None:
    jobs = table(crowd.box, "SELECT n, total, done, failed, status FROM import_job")
    assert len(jobs) > 5
    for number, total, done, failed, status in jobs:
        assert (status, done + failed) == ("complete", total)
        assert table(crowd.box, "SELECT count(*) FROM import_row WHERE job = ? AND error IS NOT NULL", number) == [
            (failed,)
        ]


def test_what_was_asked_of_consent_suppression_and_sending_was_done(crowd: Crowd) -> None:
    """Held against the second pair of books each time that the clock moved."""
    assert set(crowd.ledger.agreed) == {"imports", "consents", "suppressions", "sends"}
    assert min(crowd.ledger.agreed.values()) > 20


def all_jobs(crowd: Crowd, kind: str) -> list[Json]:
    return [row["attributes"] for row in every_page(crowd.client, f"/api/{kind}s")]


@pytest.mark.parametrize(
    ("kind", "made", "gone"),
    [
        ("catalog-item", "catalog-item-bulk-create-job", "catalog-item-bulk-delete-job"),
        ("coupon-code", "coupon-code-bulk-create-job", ""),
    ],
)
def test_bulk_jobs_made_and_removed_as_many_as_they_say(crowd: Crowd, kind: str, made: str, gone: str) -> None:
    # The seed's own jobs lie before noon.
    begun = datetime.fromtimestamp(NOON, UTC).isoformat()
    jobs = {name: [j for j in all_jobs(crowd, name) if j["created_at"] >= begun] for name in (made, gone) if name}
    for job in (job for some in jobs.values() for job in some):
        assert job["status"] == "complete"
        assert job["completed_count"] + job["failed_count"] == job["total_count"]
        assert len({error["source"]["pointer"] for error in job["errors"]}) == job["failed_count"]
    left = [r for r in rows(crowd.box, "thing") if r["kind"] == kind and ("crowd" in r["id"] or "CROWD-" in r["id"])]
    counts = {name: sum(job["completed_count"] for job in some) for name, some in jobs.items()}
    assert len(left) == counts[made] - counts.get(gone, 0)
    assert sum(job["failed_count"] for job in jobs[made]) > 5


def test_suppression_jobs_tell_what_their_table_holds(crowd: Crowd) -> None:
    for verb in ("create", "delete"):
        told = all_jobs(crowd, f"profile-suppression-bulk-{verb}-job")
        kept = [row for row in rows(crowd.box, "suppression_job") if (row["verb"], row["account"]) == (verb, 1)]
        shown = Counter((job["total_count"], job["completed_count"], job["skipped_count"]) for job in told)
        assert shown == Counter((row["total"], row["done"], row["skipped"]) for row in kept)


def ask(crowd: Crowd, kind: str, statistics: list[str], **more: Any) -> list[Json]:
    """The results of a report."""
    given: Json = {"statistics": statistics, "timeframe": TIMEFRAME, **more}
    if kind.startswith(("campaign", "flow")):
        orders = (row["id"] for row in rows(crowd.box, "metric") if row["name"] == "Placed Order")
        given["conversion_metric_id"] = next(orders)
    answer = crowd.client.post(f"/api/{kind}-reports", json=body(f"{kind}-report", given))
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["data"]["attributes"]["results"]
    return found


def days(recount: Recount) -> Iterator[tuple[int, int]]:
    """Of the company, from the first to the last."""
    day = FIRST
    while day < LAST:
        after = day + timedelta(days=1)
        yield recount.moment(*day.timetuple()[:3]), recount.moment(*after.timetuple()[:3])
        day = after


def whole(recount: Recount) -> tuple[int, int]:
    spans = list(days(recount))
    return spans[0][0], spans[-1][1]


@pytest.fixture(scope="module")
def recount(crowd: Crowd) -> Recount:
    return Recount(crowd.box)


@pytest.mark.parametrize("kind", ["campaign", "flow"])
def test_reports_on_messages_agree_with_a_recount(crowd: Crowd, recount: Recount, kind: str) -> None:
    found = ask(crowd, f"{kind}-values", MESSAGE_STATISTICS)
    expected = recount.by_message(kind, "Placed Order", whole(recount))
    assert len(expected) > 3
    for name in ("opens", "clicks", "conversions"):
        assert sum(figures[name] for figures in expected.values()) > 5, name
    told = {row["groupings"][f"{kind}_message_id"]: row["statistics"] for row in found}
    assert set(told) == set(expected)
    for ident, figures in expected.items():
        assert told[ident] == pytest.approx(figures, abs=1e-5), ident


def test_a_series_of_flows_agrees_day_by_day(crowd: Crowd, recount: Recount) -> None:
    names = ["delivered", "opens_unique", "clicks", "conversions", "conversion_value", "open_rate"]
    found = ask(crowd, "flow-series", names, interval="daily")
    spans = list(days(recount))
    each = [recount.by_message("flow", "Placed Order", span) for span in spans]
    for row in found:
        ident = row["groupings"]["flow_message_id"]
        for name in names:
            expected = [day.get(ident, {}).get(name, 0) for day in each]
            assert row["statistics"][name] == pytest.approx(expected, abs=1e-5)


def test_reports_on_forms_agree_with_a_recount(crowd: Crowd, recount: Recount) -> None:
    found = {r["groupings"]["form_id"]: r["statistics"] for r in ask(crowd, "form-values", FORM_STATISTICS)}
    expected = recount.by_form(whole(recount))
    assert set(found) == set(expected)
    for ident, figures in expected.items():
        assert found[ident] == pytest.approx(figures, abs=1e-5)
    each = [recount.by_form(span) for span in days(recount)]
    for row in ask(crowd, "form-series", ["submits", "viewed_form_uniques"], interval="daily"):
        for name, told in row["statistics"].items():
            assert told == [day.get(row["groupings"]["form_id"], {}).get(name, 0) for day in each]


def test_totals_are_the_same_in_aggregates_events_and_reports(crowd: Crowd, recount: Recount) -> None:
    start, end = whole(recount)
    bounds = [f"{op}(datetime,{TIMEFRAME[key]})" for op, key in (("greater-or-equal", "start"), ("less-than", "end"))]
    rows_of = [ask(crowd, f"{kind}-values", ["delivered", "opens", "clicks"]) for kind in ("campaign", "flow")]
    wanted = {"Received Email": "delivered", "Opened Email": "opens", "Clicked Email": "clicks", "Placed Order": ""}
    for metric in (row for row in rows(crowd.box, "metric") if row["name"] in wanted and row["account"] == 1):
        there = [e for e in recount.events if e["metric"] == metric["name"] and start <= e["at"] < end]
        given = {"metric_id": metric["id"], "measurements": ["count", "unique", "sum_value"], "interval": "day"}
        more = {"timezone": recount.zone.key, "filter": bounds}
        answer = crowd.client.post("/api/metric-aggregates", json=body("metric-aggregate", {**given, **more}))
        told = answer.json()["data"]["attributes"]["data"][0]["measurements"]
        assert sum(told["count"]) == len(there) > 20
        assert sum(told["sum_value"]) == pytest.approx(sum(e["value"] or 0 for e in there), abs=0.01)
        by_day = [{e["profile"] for e in there if a <= e["at"] < b} for a, b in days(recount)]
        assert told["unique"] == [len(people) for people in by_day]
        listed = every_page(
            crowd.client, "/api/events", **{"filter": f'equals(metric_id,"{metric["id"]}")', "page[size]": 1000}
        )
        ids = [e["id"] for e in listed]
        assert sorted(ids) == sorted(e["id"] for e in recount.events if e["metric"] == metric["name"])
        statistic = wanted[metric["name"]]
        if statistic:
            named = [e for e in there if e["told"].get("$message")]
            assert sum(r["statistics"][statistic] for some in rows_of for r in some) == len(named)


def test_segments_and_their_reports_agree_with_a_recount(crowd: Crowd, recount: Recount) -> None:
    often = Counter(e["profile"] for e in recount.events if e["metric"] == "Crowded")
    circles = {row["id"]: row["n"] for row in rows(crowd.box, "circle")}
    inside = {row["profile"] for row in rows(crowd.box, "member") if row["circle"] == circles[crowd.lists[0]]}
    ids = {row["n"]: row["id"] for row in rows(crowd.box, "profile")}
    expected = {"busy": {n for n, times in often.items() if times >= BUSY}, "inside": inside}
    names = ["members_added", "members_removed", "net_members_changed", "total_members"]
    values = {r["groupings"]["segment_id"]: r["statistics"] for r in ask(crowd, "segment-values", names)}
    series = ask(crowd, "segment-series", names, interval="daily")
    each = {r["groupings"]["segment_id"]: r["statistics"] for r in series}
    for name, people in expected.items():
        ident = crowd.segments[name]
        listed = every_page(crowd.client, f"/api/segments/{ident}/profiles", **{"page[size]": 100})
        assert {p["id"] for p in listed} == {ids[n] for n in people}
        stays = [row for table in ("member", "departure") for row in rows(crowd.box, table)]
        stays = [row for row in stays if row["circle"] == circles[ident]]
        gone = sum("gone" in row for row in stays)
        assert list(values[ident].values()) == [len(stays), gone, len(people), len(people)]
        assert [sum(each[ident][of]) for of in names[:3]] == list(values[ident].values())[:3]
        assert each[ident]["total_members"][-1] == len(people) > 10
