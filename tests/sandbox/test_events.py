"""The rooms of events and metrics."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import body, every_page, problem


def event(name: str = "Rang the bell", email: str = "ringer@example.com", **more: Any) -> dict[str, Any]:
    attributes = {
        "properties": {"door": "blue"},
        "metric": {"data": {"type": "metric", "attributes": {"name": name}}},
        "profile": {"data": {"type": "profile", "attributes": {"email": email}}},
    }
    return body("event", {**attributes, **more})


def recorded(client: httpx.Client, email: str = "ringer@example.com") -> list[dict[str, Any]]:
    person = client.get("/api/profiles", params={"filter": f'equals(email,"{email}")'}).json()["data"]
    if not person:
        return []
    return list(every_page(client, "/api/events", filter=f'equals(profile_id,"{person[0]["id"]}")'))


def test_an_event_makes_its_metric_and_its_profile(client: httpx.Client) -> None:
    answer = client.post("/api/events", json=event(value=9.5, value_currency="GBP", unique_id="one"))
    assert (answer.status_code, answer.content) == (202, b"")
    (found,) = recorded(client)
    properties = found["attributes"]["event_properties"]
    assert properties == {"door": "blue", "$value": 9.5, "$value_currency": "GBP", "$event_id": "one"}
    metric = client.get(f"/api/events/{found['id']}/metric").json()["data"]
    assert metric["attributes"]["name"] == "Rang the bell"
    assert metric["attributes"]["integration"]["category"] == "API"
    profile = client.get(f"/api/events/{found['id']}/profile").json()["data"]
    assert profile["attributes"]["email"] == "ringer@example.com"
    assert profile["attributes"]["last_event_date"] == found["attributes"]["datetime"]


def test_a_unique_id_is_recorded_once(client: httpx.Client) -> None:
    for _ in range(2):
        assert client.post("/api/events", json=event(unique_id="one")).status_code == 202
    assert len(recorded(client)) == 1
    client.post("/api/events", json=event(unique_id="two"))
    assert len(recorded(client)) == 2


def test_without_a_unique_id_a_second_counts_once(client: httpx.Client) -> None:
    for _ in range(2):
        client.post("/api/events", json=event(time="2026-11-01T10:00:00.400Z"))
    assert len(recorded(client)) == 1
    assert recorded(client)[0]["attributes"]["datetime"] == "2026-11-01T10:00:00+00:00"


@pytest.mark.parametrize("time", ["1989-01-01T00:00:00Z", "2028-01-01T00:00:00Z"])
def test_an_impossible_time_is_refused(client: httpx.Client, time: str) -> None:
    answer = client.post("/api/events", json=event(time=time))
    assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": "/data/attributes/time"})


def test_an_improper_profile_in_an_event_is_pointed_at(client: httpx.Client) -> None:
    answer = client.post("/api/events", json=event(email="nobody"))
    assert problem(answer)["source"] == {"pointer": "/data/attributes/profile/data/attributes/email"}
    assert client.post("/api/events", json=event(name="x" * 128)).status_code == 400


def test_events_come_with_their_profile_and_metric(client: httpx.Client) -> None:
    document = client.get("/api/events?page[size]=5&include=profile,metric&fields[profile]=email").json()
    kinds = {(item["type"], item["id"]) for item in document["included"]}
    for item in document["data"]:
        for name in ("profile", "metric"):
            assert (name, item["relationships"][name]["data"]["id"]) in kinds
    assert all(set(i["attributes"]) == {"email"} for i in document["included"] if i["type"] == "profile")
    one = client.get(f"/api/events/{document['data'][0]['id']}").json()["data"]
    assert one["attributes"] == document["data"][0]["attributes"]


def test_events_are_filtered_by_metric_and_time_and_sorted(client: httpx.Client) -> None:
    everything = list(every_page(client, "/api/events", sort="datetime"))
    times = [e["attributes"]["datetime"] for e in everything]
    assert times == sorted(times)
    metric = everything[0]["relationships"]["metric"]["data"]["id"]
    middle = everything[len(everything) // 2]["attributes"]
    cases = {
        f'equals(metric_id,"{metric}")': lambda e: e["relationships"]["metric"]["data"]["id"] == metric,
        f"greater-or-equal(datetime,{middle['datetime']})": lambda e: e["attributes"]["datetime"] >= middle["datetime"],
        f"less-than(timestamp,{middle['timestamp']})": lambda e: e["attributes"]["timestamp"] < middle["timestamp"],
        "has(metric)": lambda e: True,
    }
    for text, matches in cases.items():
        found = {e["id"] for e in every_page(client, "/api/events", filter=text)}
        assert found == {e["id"] for e in everything if matches(e)}, text


def test_metrics_can_be_narrowed_to_an_integration(client: httpx.Client) -> None:
    names = {m["attributes"]["name"] for m in client.get("/api/metrics").json()["data"]}
    assert {"Placed Order", "Viewed Product", "Opened Email"} <= names
    narrow = client.get("/api/metrics", params={"filter": 'equals(integration.name,"Klaviyo")'}).json()["data"]
    assert {m["attributes"]["integration"]["name"] for m in narrow} == {"Klaviyo"}
    ident = narrow[0]["id"]
    assert client.get(f"/api/metrics/{ident}").json()["data"] == narrow[0]
    assert client.get(f"/api/metrics/{ident}/flow-triggers").json()["data"] == []
