"""The room of segments: members follow from definitions, and keep following."""

from typing import Any

import httpx
import pytest

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page

DAY = 86_400


def segment(client: httpx.Client, *groups: list[dict[str, Any]]) -> str:
    definition = {"condition_groups": [{"conditions": group} for group in groups]}
    answer = client.post("/api/segments", json=body("segment", {"name": "Test", "definition": definition}))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def members(client: httpx.Client, ident: str) -> set[str]:
    return {p["id"] for p in every_page(client, f"/api/segments/{ident}/profiles", **{"page[size]": 100})}


def has(name: str, kind: str, operator: str, value: Any = None) -> dict[str, Any]:
    bound = {"type": kind, "operator": operator} | ({} if value is None else {"value": value})
    return {"type": "profile-property", "property": name, "filter": bound}


def did(metric: str, count: int, days: int | None = None, **more: Any) -> dict[str, Any]:
    when: dict[str, Any] = {"type": "date", "operator": "alltime"}
    if days is not None:
        when = {"type": "date", "operator": "in-the-last", "unit": "day", "quantity": days}
    bound = {"type": "numeric", "operator": "greater-than-or-equal", "value": count}
    return {
        **{"type": "profile-metric", "metric_id": metric, "measurement": "count"},
        **{"measurement_filter": bound, "timeframe_filter": when, **more},
    }


def everyone(client: httpx.Client) -> list[dict[str, Any]]:
    return list(every_page(client, "/api/profiles", **{"page[size]": 100}))


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        (has("properties['plan']", "string", "equals", "Sapling"), lambda a: a["properties"]["plan"] == "Sapling"),
        (
            has("properties['loyalty_points']", "numeric", "greater-than", 100),
            lambda a: a["properties"]["loyalty_points"] > 100,
        ),
        (has("properties['birthday']", "existence", "is-set"), lambda a: "birthday" in a["properties"]),
        (has("first_name", "string", "contains", "an"), lambda a: "an" in (a["first_name"] or "").lower()),
        (has("location.country", "string", "equals", "Germany"), lambda a: a["location"]["country"] == "Germany"),
    ],
)
def test_a_property_condition_holds_for_whom_it_should(
    client: httpx.Client, condition: dict[str, Any], matches: Any
) -> None:
    expected = {p["id"] for p in everyone(client) if matches(p["attributes"])}
    assert members(client, segment(client, [condition])) == expected


def test_groups_are_joined_by_and_and_conditions_by_or(client: httpx.Client) -> None:
    one, two = (has("properties['plan']", "string", "equals", plan) for plan in ("Sapling", "Evergreen"))
    rich = has("properties['loyalty_points']", "numeric", "greater-than", 100)
    either, both = segment(client, [one, two]), segment(client, [one], [rich])
    people = {p["id"]: p["attributes"]["properties"] for p in everyone(client)}
    assert members(client, either) == {i for i, p in people.items() if p["plan"] in ("Sapling", "Evergreen")}
    assert members(client, both) == {
        i for i, p in people.items() if p["plan"] == "Sapling" and p["loyalty_points"] > 100
    }


def test_a_metric_condition_agrees_with_the_events(client: httpx.Client) -> None:
    metric = next(
        m["id"] for m in client.get("/api/metrics").json()["data"] if m["attributes"]["name"] == "Placed Order"
    )
    orders = list(every_page(client, "/api/events", filter=f'equals(metric_id,"{metric}")'))
    buyers = [e["relationships"]["profile"]["data"]["id"] for e in orders]
    assert members(client, segment(client, [did(metric, 1)])) == set(buyers)
    assert members(client, segment(client, [did(metric, 2)])) == {b for b in buyers if buyers.count(b) > 1}
    large = [{"property": "$value", "filter": {"type": "numeric", "operator": "greater-than", "value": 100}}]
    spenders = {
        e["relationships"]["profile"]["data"]["id"]
        for e in orders
        if e["attributes"]["event_properties"]["$value"] > 100
    }
    assert members(client, segment(client, [did(metric, 1, metric_filters=large)])) == spenders


def test_members_follow_when_a_profile_changes(client: httpx.Client) -> None:
    ident = segment(client, [has("properties['mood']", "string", "equals", "calm")])
    assert members(client, ident) == set()
    person = everyone(client)[0]["id"]
    client.patch(f"/api/profiles/{person}", json=body("profile", {"properties": {"mood": "calm"}}, person))
    assert members(client, ident) == {person}
    assert ident in [s["id"] for s in client.get(f"/api/profiles/{person}/segments").json()["data"]]
    client.patch(f"/api/profiles/{person}", json=body("profile", {"properties": {"mood": "bold"}}, person))
    assert members(client, ident) == set()


def test_members_follow_when_an_event_arrives_and_when_it_grows_old(client: httpx.Client, box: InProcess) -> None:
    person = everyone(client)[0]["attributes"]["email"]
    event = {
        "properties": {},
        "metric": {"data": {"type": "metric", "attributes": {"name": "Rang the bell"}}},
        "profile": {"data": {"type": "profile", "attributes": {"email": person}}},
    }
    assert client.post("/api/events", json=body("event", event)).status_code == 202
    metric = next(
        m["id"] for m in client.get("/api/metrics").json()["data"] if m["attributes"]["name"] == "Rang the bell"
    )
    ident = segment(client, [did(metric, 1, 30)])
    assert len(members(client, ident)) == 1
    box.advance(31 * DAY)
    assert members(client, ident) == set()


def test_members_follow_a_list(client: httpx.Client) -> None:
    circle = client.post("/api/lists", json=body("list", {"name": "Inner"})).json()["data"]["id"]
    ident = segment(client, [{"type": "profile-group-membership", "is_member": True, "group_ids": [circle]}])
    person = everyone(client)[0]["id"]
    sent = {"data": [{"type": "profile", "id": person}]}
    client.post(f"/api/lists/{circle}/relationships/profiles", json=sent)
    assert members(client, ident) == {person}
    client.request("DELETE", f"/api/lists/{circle}/relationships/profiles", json=sent)
    assert members(client, ident) == set()


def test_a_new_definition_is_counted_anew(client: httpx.Client) -> None:
    ident = segment(client, [has("properties['plan']", "string", "equals", "Sapling")])
    before = members(client, ident)
    definition = {"condition_groups": [{"conditions": [has("properties['plan']", "string", "not-equals", "Sapling")]}]}
    changed = client.patch(
        f"/api/segments/{ident}", json=body("segment", {"name": "Others", "definition": definition}, ident)
    )
    assert changed.json()["data"]["attributes"]["name"] == "Others"
    assert members(client, ident) == {p["id"] for p in everyone(client)} - before
    counted = client.get(f"/api/segments/{ident}?additional-fields[segment]=profile_count").json()["data"]["attributes"]
    assert counted["profile_count"] == len(members(client, ident))


def test_a_property_with_an_awkward_name_breaks_nothing(client: httpx.Client) -> None:
    for name in ("properties['say \"hi\"']", "properties['a.b']", "properties['🦊']", "properties['it\\s']"):
        assert members(client, segment(client, [has(name, "string", "equals", "x")])) == set()


def test_the_seeded_segments_have_members(client: httpx.Client) -> None:
    found = client.get("/api/segments").json()["data"]
    assert len(found) == 8
    sizes = {s["attributes"]["name"]: len(members(client, s["id"])) for s in found}
    assert sum(size > 0 for size in sizes.values()) >= 6, sizes
    assert all(size < 60 for size in sizes.values()), sizes
