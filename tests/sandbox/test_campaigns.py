"""The rooms of campaigns, their messages, and what sending them does."""

from typing import Any

import httpx

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page, problem

MAIL = {"channel": "email", "label": "One", "content": {"subject": "Hello", "from_email": "hello@example.com"}}
DAY = 86_400


def list_id(client: httpx.Client, name: str = "Newsletter") -> str:
    return str(client.get("/api/lists", params={"filter": f'any(name,["{name}"])'}).json()["data"][0]["id"])


def new_campaign(client: httpx.Client, *included: str, definition: Any = MAIL, **more: Any) -> dict[str, Any]:
    attributes = {
        "name": "Spring",
        "audiences": {"included": list(included) or [list_id(client)]},
        "campaign-messages": {"data": [{"type": "campaign-message", "attributes": {"definition": definition}}]},
        "send_options": {"use_smart_sending": False},
        **more,
    }
    answer = client.post("/api/campaigns", json=body("campaign", attributes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


def message_of(campaign: dict[str, Any]) -> str:
    return str(campaign["relationships"]["campaign-messages"]["data"][0]["id"])


def ready_campaign(client: httpx.Client, *included: str, **more: Any) -> dict[str, Any]:
    """A campaign with a template, ready to be sent."""
    campaign = new_campaign(client, *included, **more)
    template = client.get("/api/templates").json()["data"][0]["id"]
    wanted = {"template": {"data": {"type": "template", "id": template}}}
    sent = {"data": {"type": "campaign-message", "id": message_of(campaign), "relationships": wanted}}
    assert client.post("/api/campaign-message-assign-template", json=sent).status_code == 200
    return campaign


def send(client: httpx.Client, campaign: dict[str, Any]) -> httpx.Response:
    return client.post("/api/campaign-send-jobs", json={"data": {"type": "campaign-send-job", "id": campaign["id"]}})


def take_back(client: httpx.Client, campaign: dict[str, Any], action: str) -> httpx.Response:
    document = body("campaign-send-job", {"action": action}, campaign["id"])
    return client.patch(f"/api/campaign-send-jobs/{campaign['id']}", json=document)


def status(client: httpx.Client, campaign: dict[str, Any]) -> str:
    return str(client.get(f"/api/campaigns/{campaign['id']}").json()["data"]["attributes"]["status"])


def events_about(client: httpx.Client, message: str, name: str) -> list[str]:
    """Ids of the profiles that have an event of this name about the message."""
    metrics = {m["attributes"]["name"]: m["id"] for m in every_page(client, "/api/metrics")}
    wanted = {"filter": f'equals(metric_id,"{metrics[name]}")', "page[size]": 1000}
    return [
        event["relationships"]["profile"]["data"]["id"]
        for event in every_page(client, "/api/events", **wanted)
        if event["attributes"]["event_properties"].get("$message") == message
    ]


def test_a_campaign_begins_as_a_draft_even_with_a_date(client: httpx.Client) -> None:
    shown = new_campaign(client, send_strategy={"method": "static", "datetime": "2027-01-01T00:00:00Z"})["attributes"]
    assert (shown["status"], shown["scheduled_at"], shown["send_time"]) == ("Draft", None, None)


def test_a_campaign_must_make_sense(client: httpx.Client) -> None:
    message = {"data": [{"type": "campaign-message", "attributes": {"definition": MAIL}}]}
    good = {"name": "x", "audiences": {"included": [list_id(client)]}, "campaign-messages": message}
    tracking = {"custom_tracking_params": [{"type": "static", "name": "utm_source", "value": "k"}]}
    wrong = {
        "/data/attributes/audiences/included": {**good, "audiences": {"included": []}},
        "/data/attributes/audiences/included/0": {**good, "audiences": {"included": ["NOPE01"]}},
        "/data/attributes/campaign-messages/data": {**good, "campaign-messages": {"data": []}},
        "/data/attributes/tracking_options/custom_tracking_params": {**good, "tracking_options": tracking},
        "/data/attributes/send_strategy/datetime": {**good, "send_strategy": {"method": "static", "datetime": "soon"}},
    }
    for pointer, attributes in wrong.items():
        answer = client.post("/api/campaigns", json=body("campaign", attributes))
        assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})


def test_the_list_of_campaigns_is_by_channel(client: httpx.Client) -> None:
    assert client.get("/api/campaigns").status_code == 400
    text = new_campaign(client, definition={"channel": "sms", "content": {"body": "Hi"}})
    found = client.get("/api/campaigns", params={"filter": "equals(messages.channel,'sms')"}).json()["data"]
    assert found[0]["id"] == text["id"]
    assert {c["attributes"]["status"] for c in found} == {"Draft"}
    sent = client.get("/api/campaigns", params={"filter": "equals(messages.channel,'email'),equals(status,'Sent')"})
    assert len(sent.json()["data"]) == 36


def test_a_message_keeps_a_copy_of_its_template(client: httpx.Client) -> None:
    campaign = ready_campaign(client)
    message = client.get(f"/api/campaign-messages/{message_of(campaign)}?include=template").json()
    copy = message["included"][0]["id"]
    assert client.get(f"/api/templates/{copy}").status_code == 200
    assert copy not in [t["id"] for t in every_page(client, "/api/templates")]


def test_a_campaign_goes_all_the_way_and_leaves_its_events(box: InProcess, client: httpx.Client) -> None:
    campaign = ready_campaign(client)
    assert send(client, campaign).status_code == 202
    seen = [status(client, campaign) for _ in range(9)]
    way = ["Queued without Recipients", "Adding Recipients", "Sending", "Sent"]
    assert list(dict.fromkeys(seen)) == way
    received = events_about(client, message_of(campaign), "Received Email")
    members = {p["id"] for p in every_page(client, f"/api/lists/{list_id(client)}/profiles")}
    assert received
    assert len(received) == len(set(received))
    assert set(received) <= members
    box.advance(3 * DAY)
    opened = events_about(client, message_of(campaign), "Opened Email")
    clicked = events_about(client, message_of(campaign), "Clicked Email")
    assert set(clicked) <= set(opened) < set(received)
    assert send(client, campaign).status_code == 400, "what is sent cannot be sent again"
    assert client.delete(f"/api/campaigns/{campaign['id']}").status_code == 400


def test_an_e_mail_without_a_template_is_not_sent(client: httpx.Client) -> None:
    assert send(client, new_campaign(client)).status_code == 400


def test_a_campaign_to_nobody_is_cancelled(box: InProcess, client: httpx.Client) -> None:
    empty = client.post("/api/lists", json=body("list", {"name": "Nobody"})).json()["data"]["id"]
    campaign = ready_campaign(client, empty)
    send(client, campaign)
    box.advance(10)
    assert status(client, campaign) == "Cancelled: No Recipients"


def test_smart_sending_spares_those_who_just_had_a_letter(box: InProcess, client: httpx.Client) -> None:
    first, second = ready_campaign(client), ready_campaign(client, send_options={"use_smart_sending": True})
    for campaign in (first, second):
        send(client, campaign)
        box.advance(60)
    assert (status(client, first), status(client, second)) == ("Sent", "Cancelled: Smart Sending")


def test_the_excluded_and_the_suppressed_get_nothing(box: InProcess, client: httpx.Client) -> None:
    campaign = ready_campaign(
        client, audiences={"included": [list_id(client)], "excluded": [list_id(client, "Customers")]}
    )
    send(client, campaign)
    box.advance(60)
    received = set(events_about(client, message_of(campaign), "Received Email"))
    customers = {p["id"] for p in every_page(client, f"/api/lists/{list_id(client, 'Customers')}/profiles")}
    assert received
    assert not received & customers


def test_a_scheduled_campaign_waits_for_its_time(box: InProcess, client: httpx.Client) -> None:
    campaign = ready_campaign(client, send_strategy={"method": "static", "datetime": "2026-11-20T12:00:00Z"})
    send(client, campaign)
    assert status(client, campaign) == "Preparing to schedule"
    box.advance(5)
    assert status(client, campaign) == "Scheduled"
    assert (
        client.patch(
            f"/api/campaigns/{campaign['id']}", json=body("campaign", {"name": "x"}, campaign["id"])
        ).status_code
        == 400
    )
    box.advance(2 * DAY)
    assert status(client, campaign) == "Sent"


def test_reverting_makes_a_draft_and_cancelling_is_for_good(box: InProcess, client: httpx.Client) -> None:
    campaign = ready_campaign(client, send_strategy={"method": "static", "datetime": "2026-12-20T12:00:00Z"})
    send(client, campaign)
    box.advance(5)
    assert take_back(client, campaign, "revert").status_code == 204
    assert status(client, campaign) == "Draft"
    assert (
        client.patch(
            f"/api/campaigns/{campaign['id']}", json=body("campaign", {"name": "x"}, campaign["id"])
        ).status_code
        == 200
    )
    send(client, campaign)
    assert take_back(client, campaign, "cancel").status_code == 204
    assert status(client, campaign) == "Cancelled"
    assert take_back(client, campaign, "revert").status_code == 400
    box.advance(40 * DAY)
    assert status(client, campaign) == "Cancelled"
    assert events_about(client, message_of(campaign), "Received Email") == []


def test_a_throttled_campaign_can_be_stopped_half_way(box: InProcess, client: httpx.Client) -> None:
    strategy = {"method": "throttled", "datetime": "2026-11-18T12:00:00Z", "throttle_percentage": 25}
    campaign = ready_campaign(client, send_strategy=strategy)
    send(client, campaign)
    box.advance(2 * 3600)
    assert status(client, campaign) == "Sending"
    take_back(client, campaign, "cancel")
    half = len(events_about(client, message_of(campaign), "Received Email"))
    box.advance(DAY)
    assert half == len(events_about(client, message_of(campaign), "Received Email")) > 0


def test_an_estimation_takes_a_moment(box: InProcess, client: httpx.Client) -> None:
    ident = new_campaign(client)["id"]
    address = f"/api/campaign-recipient-estimations/{ident}"
    assert client.get(address).status_code == 404
    job = {"data": {"type": "campaign-recipient-estimation-job", "id": ident}}
    assert client.post("/api/campaign-recipient-estimation-jobs", json=job).status_code == 202
    assert client.get(address).status_code == 404
    box.advance(5)
    assert client.get(address).json()["data"]["attributes"]["estimated_recipient_count"] > 5


def test_a_clone_is_a_draft_with_messages_of_its_own(box: InProcess, client: httpx.Client) -> None:
    campaign = ready_campaign(client)
    send(client, campaign)
    box.advance(60)
    clone = client.post("/api/campaign-clone", json=body("campaign", {"new_name": "Again"}, campaign["id"])).json()[
        "data"
    ]
    assert clone["attributes"]["status"] == "Draft"
    assert message_of(clone) != message_of(campaign)
    assert send(client, clone).status_code == 202, "it has a copy of the template too"


def test_only_texts_and_pushes_have_an_image(client: httpx.Client) -> None:
    image = client.post("/api/images", json=body("image", {"import_from_url": "https://example.com/a.png"})).json()[
        "data"
    ]
    link = {"data": {"type": "image", "id": image["id"]}}
    mail = message_of(new_campaign(client))
    text = message_of(new_campaign(client, definition={"channel": "sms", "content": {"body": "Hi"}}))
    assert client.patch(f"/api/campaign-messages/{mail}/relationships/image", json=link).status_code == 400
    assert client.patch(f"/api/campaign-messages/{text}/relationships/image", json=link).status_code == 204
    assert client.get(f"/api/campaign-messages/{text}/image").json()["data"]["id"] == image["id"]
