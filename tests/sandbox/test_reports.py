"""The rooms of reports: numbers that agree with the events, lists and segments that they speak of."""

from collections import Counter
from typing import Any

import httpx
import pytest

from tests.fakes import InProcess, sandbox_in_process
from tests.sandbox.conftest import NOON, body, every_page, problem, unhurried

Json = dict[str, Any]
YEAR = {"start": "2025-12-01T00:00:00Z", "end": "2026-11-18T00:00:00Z"}
MINUTE = 61


@pytest.fixture(scope="module")
def shop() -> Any:
    """A larger shop, read only."""
    with sandbox_in_process(400, now=lambda: NOON) as box, box.client(**unhurried(box)) as client:
        yield box, client


def metric(client: httpx.Client, name: str) -> str:
    found = client.get("/api/metrics").json()["data"]
    return str(next(m["id"] for m in found if m["attributes"]["name"] == name))


def ask(box: InProcess, client: httpx.Client, kind: str, statistics: list[str], **more: Any) -> httpx.Response:
    box.advance(MINUTE)
    given: Json = {"statistics": statistics, "timeframe": YEAR, **more}
    if kind.startswith(("campaign", "flow")):
        given.setdefault("conversion_metric_id", metric(client, "Placed Order"))
    return client.post(f"/api/{kind}-reports", json=body(f"{kind}-report", given))


def results(box: InProcess, client: httpx.Client, kind: str, statistics: list[str], **more: Any) -> list[Json]:
    answer = ask(box, client, kind, statistics, **more)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["data"]["attributes"]["results"]
    return found


def told(client: httpx.Client, name: str) -> list[Json]:
    """The properties of the events of the year, in the shop's own zone (eight or seven hours behind)."""
    bounds = "greater-or-equal(datetime,2025-12-01T08:00:00Z),less-than(datetime,2026-11-18T08:00:00Z)"
    found = every_page(client, "/api/events", filter=f'equals(metric_id,"{metric(client, name)}"),{bounds}')
    return [e["attributes"]["event_properties"] | {"who": e["relationships"]["profile"]["data"]["id"]} for e in found]


@pytest.mark.parametrize(
    ("kind", "group"), [("campaign-values", "campaign_message_id"), ("flow-values", "flow_message_id")]
)
def test_message_numbers_agree_with_the_events(shop: Any, kind: str, group: str) -> None:
    box, client = shop
    found = results(box, client, kind, ["delivered", "opens", "clicks", "opens_unique"])
    received, opened = told(client, "Received Email"), told(client, "Opened Email")
    assert found
    sent, opens = Counter(e.get("$message") for e in received), Counter(e.get("$message") for e in opened)
    readers = {(e.get("$message"), e["who"]) for e in opened}
    for row in found:
        ident, figures = row["groupings"][group], row["statistics"]
        assert (figures["delivered"], figures["opens"]) == (sent[ident], opens[ident])
        assert figures["opens_unique"] == sum(message == ident for message, _ in readers)


def test_campaigns_and_flows_share_out_all_letters(shop: Any) -> None:
    box, client = shop
    parts = [results(box, client, kind, ["delivered"]) for kind in ("campaign-values", "flow-values")]
    total = sum(row["statistics"]["delivered"] for part in parts for row in part)
    assert total == len([e for e in told(client, "Received Email") if e.get("$message")])


def test_a_conversion_is_owed_to_the_last_message_that_was_opened(client: httpx.Client, box: InProcess) -> None:
    message = client.get("/api/campaigns?filter=equals(messages.channel,'email')&include=campaign-messages").json()
    sent = next(c for c in message["data"] if c["attributes"]["status"] == "Sent")
    ident = sent["relationships"]["campaign-messages"]["data"][0]["id"]

    def happen(name: str, day: str, value: float | None = None, **properties: Any) -> None:
        given = {
            "properties": properties,
            "time": f"2026-02-{day}T12:00:00Z",
            "metric": {"data": {"type": "metric", "attributes": {"name": name}}},
            "profile": {"data": {"type": "profile", "attributes": {"email": "convert@example.com"}}},
        }
        assert client.post("/api/events", json=body("event", {**given, "value": value})).status_code == 202

    def figures() -> Json:
        more = {"timeframe": {"start": "2026-02-01T00:00:00Z", "end": "2026-03-01T00:00:00Z"}}
        names = ["conversions", "conversion_value", "average_order_value"]
        wanted = f'equals(campaign_message_id,"{ident}")'
        rows = results(box, client, "campaign-values", names, filter=wanted, **more)
        return rows[0]["statistics"] if rows else dict.fromkeys(names, 0)

    before = figures()
    happen("Placed Order", "01", 10)
    happen("Opened Email", "02", **{"$message": ident})
    happen("Placed Order", "03", 40)
    happen("Placed Order", "20", 70)
    after = figures()
    assert after["conversions"] - before["conversions"] == 1
    assert after["conversion_value"] - before["conversion_value"] == pytest.approx(40)
    assert after["average_order_value"] == pytest.approx(after["conversion_value"] / after["conversions"])


def test_a_series_adds_up_to_the_values(shop: Any) -> None:
    box, client = shop
    values = {
        r["groupings"]["flow_message_id"]: r["statistics"]
        for r in results(box, client, "flow-values", ["delivered", "opens"])
    }
    series = ask(box, client, "flow-series", ["delivered", "opens"], interval="monthly").json()["data"]["attributes"]
    assert len(series["date_times"]) == 12
    assert values
    for row in series["results"]:
        for name, each in row["statistics"].items():
            assert len(each) == 12
            assert sum(each) == values[row["groupings"]["flow_message_id"]][name]


def test_segment_totals_are_their_members(client: httpx.Client, box: InProcess) -> None:
    definition = {
        "condition_groups": [
            {
                "conditions": [
                    {
                        "type": "profile-property",
                        "property": "properties['mood']",
                        "filter": {"type": "string", "operator": "equals", "value": "calm"},
                    }
                ]
            }
        ]
    }
    ident = client.post("/api/segments", json=body("segment", {"name": "S", "definition": definition})).json()["data"][
        "id"
    ]
    people = [p["id"] for p in client.get("/api/profiles").json()["data"][:3]]

    def feel(person: str, mood: str) -> None:
        client.patch(f"/api/profiles/{person}", json=body("profile", {"properties": {"mood": mood}}, person))

    def figures() -> Json:
        names = ["members_added", "members_removed", "net_members_changed", "total_members"]
        wanted = f'equals(segment_id,"{ident}")'
        found: Json = results(box, client, "segment-values", names, timeframe={"key": "today"}, filter=wanted)[0][
            "statistics"
        ]
        return found

    for person in people:
        feel(person, "calm")
    assert figures() == {"members_added": 3, "members_removed": 0, "net_members_changed": 3, "total_members": 3}
    feel(people[0], "bold")
    assert figures() == {"members_added": 3, "members_removed": 1, "net_members_changed": 2, "total_members": 2}


def test_every_seeded_segment_has_the_total_that_its_page_counts(shop: Any) -> None:
    box, client = shop
    found = results(box, client, "segment-values", ["total_members"], timeframe={"key": "this_year"})
    for row in found:
        ident = row["groupings"]["segment_id"]
        counted = client.get(f"/api/segments/{ident}?additional-fields[segment]=profile_count").json()["data"]
        assert row["statistics"]["total_members"] == counted["attributes"]["profile_count"]


@pytest.mark.parametrize(
    ("kind", "more", "pointer"),
    [
        ("campaign-values", {"conversion_metric_id": "NOPE01"}, "/conversion_metric_id"),
        ("campaign-values", {"group_by": ["campaign_id"]}, "/group_by"),
        ("campaign-values", {"filter": 'equals(colour,"x")'}, "/filter"),
        ("campaign-values", {"filter": "equals(campaign_id"}, "/filter"),
        ("campaign-values", {"filter": 'equals(tag_id,"x"),equals(tag_id,"y")'}, "/filter"),
        ("flow-series", {"interval": "hourly"}, "/interval"),
        ("form-values", {"group_by": ["form_version_id"]}, "/group_by"),
        (
            "segment-values",
            {"timeframe": {"start": "2020-01-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"}},
            "/timeframe",
        ),
        (
            "segment-values",
            {"timeframe": {"start": "2026-02-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"}},
            "/timeframe",
        ),
    ],
)
def test_an_improper_question_is_pointed_at(shop: Any, kind: str, more: Json, pointer: str) -> None:
    statistics = {"campaign": ["opens"], "flow": ["opens"], "form": ["submits"], "segment": ["total_members"]}
    answer = ask(*shop, kind, statistics[kind.partition("-")[0]], **more)
    assert answer.status_code in (400, 404), answer.text
    assert problem(answer)["source"] == {"pointer": f"/data/attributes{pointer}"}


def test_every_conversion_that_a_report_counts_is_an_attribution_of_an_event(shop: Any) -> None:
    box, client = shop
    rows = [r for kind in ("campaign-values", "flow-values") for r in results(box, client, kind, ["conversions"])]
    bounds = "greater-or-equal(datetime,2025-12-01T08:00:00Z),less-than(datetime,2026-11-18T08:00:00Z)"
    wanted = f'equals(metric_id,"{metric(client, "Placed Order")}"),{bounds}'
    answer = client.get("/api/events", params={"filter": wanted, "include": "attributions", "page[size]": 1000}).json()
    owed = [i["relationships"] for i in answer["included"] if i["type"] == "attribution"]
    messages = Counter(
        r[kind]["data"]["id"] for r in owed for kind in ("campaign-message", "flow-message") if "data" in r[kind]
    )
    counted = {
        r["groupings"].get("campaign_message_id") or r["groupings"]["flow_message_id"]: r["statistics"]["conversions"]
        for r in rows
    }
    assert {ident: n for ident, n in counted.items() if n} == messages
    assert messages
