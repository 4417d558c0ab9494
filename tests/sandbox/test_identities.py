"""The rooms of what belongs to a profile: devices, conversations, merges and deletions."""

from typing import Any

import httpx

from tests.sandbox.conftest import body, every_page, problem

Json = dict[str, Any]


def make(client: httpx.Client, **attributes: Any) -> str:
    return str(client.post("/api/profiles", json=body("profile", attributes)).json()["data"]["id"])


def token(client: httpx.Client, text: str, profile: Json, **more: Any) -> int:
    given = {"token": text, "platform": "ios", "vendor": "apns", "profile": {"data": {"type": "profile", **profile}}}
    return client.post("/api/push-tokens", json=body("push-token", {**given, **more})).status_code


def merge(client: httpx.Client, into: str, *sources: str) -> httpx.Response:
    related = {"profiles": {"data": [{"type": "profile", "id": source} for source in sources]}}
    return client.post(
        "/api/profile-merge", json={"data": {"type": "profile-merge", "id": into, "relationships": related}}
    )


def erase(client: httpx.Client, profile: Json) -> httpx.Response:
    sent = body("data-privacy-deletion-job", {"profile": {"data": {"type": "profile", **profile}}})
    return client.post("/api/data-privacy-deletion-jobs", json=sent)


def happen(client: httpx.Client, profile: str, name: str) -> None:
    attributes = {
        "properties": {},
        "metric": {"data": {"type": "metric", "attributes": {"name": name}}},
        "profile": {"data": {"type": "profile", "id": profile, "attributes": {}}},
    }
    assert client.post("/api/events", json=body("event", attributes)).status_code == 202


def test_a_push_token_belongs_to_one_profile_at_a_time(client: httpx.Client) -> None:
    first, second = make(client, email="first@example.com"), make(client, email="second@example.com")
    assert token(client, "tok", {"id": first, "attributes": {}}, device_metadata={"os_name": "ios"}) == 202
    found = client.get(f"/api/profiles/{first}/push-tokens").json()["data"]
    assert [t["attributes"]["token"] for t in found] == ["tok"]
    assert found[0]["attributes"]["metadata"]["os_name"] == "ios"
    token(client, "tok", {"attributes": {"email": "second@example.com"}}, enablement_status="DENIED")
    assert client.get(f"/api/profiles/{first}/relationships/push-tokens").json()["data"] == []
    moved = client.get(f"/api/push-tokens/{found[0]['id']}?include=profile").json()
    assert moved["data"]["attributes"]["enablement_status"] == "DENIED"
    assert [p["id"] for p in moved["included"]] == [second]
    assert client.delete(f"/api/push-tokens/{found[0]['id']}").status_code == 204
    assert client.get(f"/api/push-tokens/{found[0]['id']}").status_code == 404


def test_a_device_that_may_show_messages_means_consent(client: httpx.Client) -> None:
    ident = make(client, email="push@example.com")
    token(client, "tok", {"id": ident, "attributes": {}})
    shown = client.get(f"/api/profiles/{ident}?additional-fields[profile]=subscriptions").json()["data"]
    assert shown["attributes"]["subscriptions"]["mobile_push"]["marketing"]["can_receive_push_marketing"] is True
    path = f'/api/push-tokens?filter=equals(profile.id,"{ident}"),equals(platform,"ios")'
    assert len(client.get(path).json()["data"]) == 1


def test_a_message_needs_a_conversation_that_is_there(client: httpx.Client) -> None:
    def say(ident: str) -> httpx.Response:
        related = {"conversation": {"data": {"type": "conversation", "id": ident}}}
        return client.post(
            "/api/conversation-messages", json=body("conversation-message", {"body": "Hello"}, relationships=related)
        )

    talks = [
        c
        for p in every_page(client, "/api/profiles", **{"page[size]": 100})
        for c in client.get(f"/api/profiles/{p['id']}/conversations").json()["data"]
    ]
    assert talks
    assert say(talks[0]["id"]).status_code == 202
    assert say("01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404
    lone = make(client, email="lone@example.com")
    assert client.get(f"/api/profiles/{lone}/conversation").status_code == 404


def test_a_merge_keeps_what_the_destination_says_and_adds_what_it_lacks(client: httpx.Client) -> None:
    target = make(client, email="to@example.com", first_name="To", properties={"a": 1})
    source = make(client, phone_number="+12125550142", first_name="From", last_name="Old", properties={"a": 2, "b": 3})
    circle = client.post("/api/lists", json=body("list", {"name": "L"})).json()["data"]["id"]
    client.post(f"/api/lists/{circle}/relationships/profiles", json={"data": [{"type": "profile", "id": source}]})
    happen(client, source, "Waved")
    assert token(client, "tok", {"id": source, "attributes": {}}) == 202
    answer = merge(client, target, source)
    assert (answer.status_code, answer.json()["data"]["id"]) == (202, target)
    assert client.get(f"/api/profiles/{source}").status_code == 404
    found = client.get(f"/api/profiles/{target}").json()["data"]["attributes"]
    assert (found["first_name"], found["last_name"], found["phone_number"]) == ("To", "Old", "+12125550142")
    assert found["properties"] == {"a": 1, "b": 3}
    assert found["last_event_date"] is not None
    assert [p["id"] for p in client.get(f"/api/lists/{circle}/profiles").json()["data"]] == [target]
    assert len(client.get(f"/api/profiles/{target}/push-tokens").json()["data"]) == 1
    events = client.get("/api/events", params={"filter": f'equals(profile_id,"{target}")'}).json()["data"]
    assert len(events) == 1


def test_a_merge_takes_exactly_one_other_profile(client: httpx.Client) -> None:
    one, two, three = (make(client, email=f"{n}@example.com") for n in ("one", "two", "three"))
    assert merge(client, one, two, three).status_code == 400
    assert merge(client, one, one).status_code == 400
    assert merge(client, one, "01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404
    assert client.get(f"/api/profiles/{two}").status_code == 200


def test_a_deletion_leaves_nothing_and_cannot_be_repeated(client: httpx.Client) -> None:
    ident = make(client, email="gone@example.com")
    happen(client, ident, "Waved")
    before = len(list(every_page(client, "/api/profiles", **{"page[size]": 100})))
    both = erase(client, {"id": ident, "attributes": {"email": "gone@example.com"}})
    assert (both.status_code, problem(both)["code"]) == (400, "invalid")
    assert erase(client, {"attributes": {"email": "Gone@example.com"}}).status_code == 202
    assert erase(client, {"id": ident, "attributes": {}}).status_code == 404
    assert len(list(every_page(client, "/api/profiles", **{"page[size]": 100}))) == before - 1
    metric = next(m for m in client.get("/api/metrics").json()["data"] if m["attributes"]["name"] == "Waved")
    assert client.get("/api/events", params={"filter": f'equals(metric_id,"{metric["id"]}")'}).json()["data"] == []


def test_a_batch_of_events_is_all_or_nothing(client: httpx.Client) -> None:
    def event(unique: str) -> Json:
        about = {"properties": {}, "metric": {"data": {"type": "metric", "attributes": {"name": "Batch"}}}}
        return {"type": "event", "attributes": {**about, "unique_id": unique}}

    def batch(*uniques: str) -> httpx.Response:
        who = {"data": {"type": "profile", "attributes": {"email": "batch@example.com"}}}
        group = {"profile": who, "events": {"data": [event(unique) for unique in uniques]}}
        rows = {"events-bulk-create": {"data": [{"type": "event-bulk-create", "attributes": group}]}}
        return client.post("/api/event-bulk-create-jobs", json=body("event-bulk-create-job", rows))

    def recorded() -> int:
        metric = next(m for m in client.get("/api/metrics").json()["data"] if m["attributes"]["name"] == "Batch")
        return len(client.get("/api/events", params={"filter": f'equals(metric_id,"{metric["id"]}")'}).json()["data"])

    assert batch("a", "b").status_code == 202
    assert recorded() == 2
    refused = batch("c", "b")
    assert refused.status_code == 400
    assert problem(refused)["source"]["pointer"].endswith("/events/data/1/attributes/unique_id")
    assert recorded() == 2
