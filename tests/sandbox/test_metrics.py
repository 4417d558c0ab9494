"""The rooms of metrics: their properties, custom and mapped metrics, and aggregates that agree with the events."""

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page, problem

Json = dict[str, Any]
FROM, UNTIL = "2026-03-01T00:00:00", "2026-11-01T00:00:00"


def metric(client: httpx.Client, name: str) -> str:
    found = client.get("/api/metrics").json()["data"]
    return str(next(m["id"] for m in found if m["attributes"]["name"] == name))


def ask(client: httpx.Client, name: str, **more: Any) -> httpx.Response:
    bounds = [f"greater-or-equal(datetime,{FROM})", f"less-than(datetime,{UNTIL})"]
    given = {"metric_id": metric(client, name), "measurements": ["count", "sum_value", "unique"], "filter": bounds}
    return client.post("/api/metric-aggregates", json=body("metric-aggregate", {**given, **more}))


def aggregate(client: httpx.Client, name: str, **more: Any) -> Json:
    answer = ask(client, name, **more)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()["data"]["attributes"]
    return found


def events(client: httpx.Client, name: str, zone: str) -> list[tuple[datetime, Json]]:
    """The events of the time asked for, with their time in that zone."""
    where = ZoneInfo(zone)
    start, end = (datetime.fromisoformat(text).replace(tzinfo=where) for text in (FROM, UNTIL))
    found = every_page(client, "/api/events", filter=f'equals(metric_id,"{metric(client, name)}")')
    timed = [(datetime.fromisoformat(e["attributes"]["datetime"]).astimezone(where), e) for e in found]
    return [(at, e) for at, e in timed if start <= at < end]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata"])
@pytest.mark.parametrize(
    ("interval", "bucket"),
    [
        ("month", lambda at: (at.year, at.month)),
        ("day", lambda at: at.date()),
        ("week", lambda at: at.isocalendar()[:2]),
    ],
)
def test_aggregates_agree_with_the_events(client: httpx.Client, zone: str, interval: str, bucket: Any) -> None:
    found = aggregate(client, "Placed Order", interval=interval, timezone=zone)
    measured = found["data"][0]["measurements"]
    dates = [datetime.fromisoformat(text).astimezone(ZoneInfo(zone)) for text in found["dates"]]
    assert len({bucket(at) for at in dates}) == len(dates)
    counted = {bucket(at): n for at, n in zip(dates, measured["count"], strict=True) if n}
    told = events(client, "Placed Order", zone)
    assert told
    assert counted == Counter(bucket(at) for at, _ in told)
    total = sum(e["attributes"]["event_properties"]["$value"] for _, e in told)
    assert sum(measured["sum_value"]) == pytest.approx(total)
    assert all(u <= n for u, n in zip(measured["unique"], measured["count"], strict=True))


def test_dimensions_split_the_whole(client: httpx.Client) -> None:
    whole = aggregate(client, "Received Email", interval="month")
    parts = aggregate(client, "Received Email", interval="month", by=["Campaign Name"])
    columns = zip(*(row["measurements"]["count"] for row in parts["data"]), strict=True)
    assert [sum(column) for column in columns] == whole["data"][0]["measurements"]["count"]
    one = parts["data"][0]
    name = one["dimensions"][0]
    bounds = [f"greater-or-equal(datetime,{FROM}),less-than(datetime,{UNTIL})"]
    assert len(parts["data"]) > 1
    assert name
    assert aggregate(client, "Received Email", interval="month", by=["Campaign Name"], filter=bounds) == parts


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"sort": "count"}, "/sort"),
        ({"page_size": 499}, "/page_size"),
        ({"timezone": "america/new_york"}, "/timezone"),
        ({"filter": [f"greater-or-equal(datetime,{FROM})"]}, "/filter"),
        ({"filter": ["nonsense"]}, "/filter/0"),
        ({"filter": [f"greater-than(datetime,{FROM})", f"less-than(datetime,{UNTIL})"]}, "/filter/0"),
    ],
)
def test_an_improper_query_is_pointed_at(client: httpx.Client, more: Json, pointer: str) -> None:
    answer = ask(client, "Placed Order", **more)
    assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": f"/data/attributes{pointer}"})


def test_metric_properties_are_those_of_its_events(client: httpx.Client) -> None:
    ident = metric(client, "Placed Order")
    found = client.get(f"/api/metrics/{ident}/metric-properties").json()["data"]
    types = {p["attributes"]["property"]: p["attributes"]["inferred_type"] for p in found}
    assert types["$value"] == "Number"
    assert types["ItemNames"] == "List"
    one = client.get(f"/api/metric-properties/{found[0]['id']}?include=metric").json()
    assert (one["data"]["attributes"], one["included"][0]["id"]) == (found[0]["attributes"], ident)
    assert client.get(f"/api/metric-properties/{found[0]['id']}/relationships/metric").json()["data"]["id"] == ident
    assert client.get("/api/metric-properties/00").status_code == 404


def custom(client: httpx.Client, ident: str, method: str = "count", **more: Any) -> httpx.Response:
    definition = {"aggregation_method": method, "metric_groups": [{"metric_id": ident, "metric_filters": [], **more}]}
    return client.post("/api/custom-metrics", json=body("custom-metric", {"name": "Mine", "definition": definition}))


def test_a_custom_metric_is_made_of_metrics_that_are_there(client: httpx.Client) -> None:
    orders = metric(client, "Placed Order")
    ident = custom(client, orders).json()["data"]["id"]
    assert client.get(f"/api/custom-metrics/{ident}/relationships/metrics").json()["data"] == [
        {"type": "metric", "id": orders}
    ]
    changed = client.patch(f"/api/custom-metrics/{ident}", json=body("custom-metric", {"name": "Ours"}, ident)).json()
    assert changed["data"]["attributes"]["name"] == "Ours"
    for answer in (
        custom(client, "NOPE01"),
        custom(client, orders, "value"),
        custom(client, orders, value_property="x"),
    ):
        assert answer.status_code == 400
        assert problem(answer)["source"]["pointer"].startswith("/data/attributes/definition/metric_groups/0/")
    assert client.delete(f"/api/custom-metrics/{ident}").status_code == 204
    assert client.get(f"/api/custom-metrics/{ident}").status_code == 404


def test_a_figure_is_mapped_to_one_metric_twice_a_day_at_most(client: httpx.Client, box: InProcess) -> None:
    def mapping(kind: str, ident: str) -> httpx.Response:
        related = {"relationships": {kind: {"data": {"type": kind, "id": ident}}}}
        sent = {"data": {"type": "mapped-metric", "id": "revenue", **related}}
        return client.patch("/api/mapped-metrics/revenue", json=sent)

    orders = metric(client, "Placed Order")
    mine = custom(client, orders).json()["data"]["id"]
    assert mapping("custom-metric", mine).status_code == 200
    assert client.get("/api/mapped-metrics/revenue/custom-metric").json()["data"]["id"] == mine
    assert client.get("/api/mapped-metrics/revenue/metric").status_code == 404
    client.delete(f"/api/custom-metrics/{mine}")
    assert client.get("/api/mapped-metrics/revenue/relationships/custom-metric").json()["data"] is None
    assert mapping("metric", orders).status_code == 200
    assert mapping("metric", orders).status_code == 403
    box.advance(86_400)
    assert mapping("metric", orders).status_code == 200
    assert client.get("/api/mapped-metrics/nonsense").status_code == 400


def test_a_figure_without_a_metric_is_mapped_to_nothing(client: httpx.Client, box: InProcess) -> None:
    def mapping(data: Any) -> httpx.Response:
        sent = {"data": {"type": "mapped-metric", "id": "revenue", "relationships": {"metric": {"data": data}}}}
        return client.patch("/api/mapped-metrics/revenue", json=sent)

    assert client.get("/api/mapped-metrics/revenue/metric").status_code == 200
    assert mapping(None).status_code == 200
    assert client.get("/api/mapped-metrics/revenue/relationships/metric").json()["data"] is None
    assert client.get("/api/mapped-metrics/revenue/metric").status_code == 404
    again = {"type": "metric", "id": metric(client, "Placed Order")}
    assert mapping(again).status_code == 200
    assert client.get("/api/mapped-metrics/revenue/metric").json()["data"]["id"] == again["id"]
    assert mapping({"type": "metric"}).status_code == 400, "what is given must still be whole"
