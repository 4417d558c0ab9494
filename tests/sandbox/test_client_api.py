"""The rooms of the Client API: no key but a company, and what visitors may do, say and read."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page, problem, unhurried

Json = dict[str, Any]


@pytest.fixture
def visitor(box: InProcess) -> Iterator[httpx.Client]:
    """A page of the first shop: no key."""
    headers = {"revision": "2026-07-15", "Content-Type": "application/vnd.api+json"}
    with httpx.Client(
        transport=box.transport, base_url=box.url, headers=headers, params={"company_id": "SBXJP1"}, **unhurried(box)
    ) as found:
        yield found


def profile(**attributes: Any) -> Json:
    return {"data": {"type": "profile", "attributes": attributes}}


def event(name: str, **more: Any) -> Json:
    return {"properties": {}, "metric": {"data": {"type": "metric", "attributes": {"name": name}}}, **more}


def found(client: httpx.Client, email: str) -> Json:
    params = {"filter": f'equals(email,"{email}")', "additional-fields[profile]": "subscriptions"}
    rows = client.get("/api/profiles", params=params).json()["data"]
    assert len(rows) == 1, rows
    shown: Json = rows[0]
    return shown


@pytest.mark.parametrize("company", ["", "NOBODY"])
def test_a_company_is_needed_and_a_key_is_not(visitor: httpx.Client, company: str) -> None:
    assert visitor.get("/client/reviews").status_code == 200
    refused = visitor.get("/client/reviews", params={"company_id": company})
    assert (refused.status_code, problem(refused)["source"]) == (400, {"parameter": "company_id"})


def test_a_company_opens_nothing_else(visitor: httpx.Client) -> None:
    assert visitor.get("/api/profiles").status_code == 401


def test_each_company_has_its_own_visitors(visitor: httpx.Client, client: httpx.Client, box: InProcess) -> None:
    sent = body("profile", {"email": "sailor@example.com"})
    assert visitor.post("/client/profiles", params={"company_id": "SBXHC2"}, json=sent).status_code == 202
    assert client.get("/api/profiles", params={"filter": 'equals(email,"sailor@example.com")'}).json()["data"] == []
    with box.client("pk_sandbox_harbour") as other:
        assert found(other, "sailor@example.com")


def test_a_visitor_adds_to_a_profile_but_changes_no_identifier(visitor: httpx.Client, client: httpx.Client) -> None:
    client.post("/api/profiles", json=body("profile", {"email": "v@example.com", "external_id": "mine"}))
    told = {"email": "v@example.com", "external_id": "theirs", "first_name": "Vi", "phone_number": "+12125550177"}
    assert visitor.post("/client/profiles", json=body("profile", told)).status_code == 202
    shown = found(client, "v@example.com")["attributes"]
    assert (shown["first_name"], shown["external_id"], shown["phone_number"]) == ("Vi", "mine", "+12125550177")
    assert visitor.post("/client/profiles", json=body("profile", {"anonymous_id": "a1"})).status_code == 202
    assert visitor.post("/client/profiles", json=body("profile", {"email": "no address"})).status_code == 400


def test_events_of_visitors_are_events(visitor: httpx.Client, client: httpx.Client) -> None:
    one = event("Peeked", profile=profile(email="v@example.com"))
    assert visitor.post("/client/events", json=body("event", one)).status_code == 202
    rows = [{"type": "event", "attributes": event("Peeked", unique_id=unique)} for unique in ("a", "b", "a")]
    many = {"profile": profile(email="v@example.com"), "events": {"data": rows}}
    assert visitor.post("/client/event-bulk-create", json=body("event-bulk-create", many)).status_code == 202
    metric = next(m["id"] for m in client.get("/api/metrics").json()["data"] if m["attributes"]["name"] == "Peeked")
    assert len(list(every_page(client, "/api/events", filter=f'equals(metric_id,"{metric}")'))) == 3


def test_a_sign_up_subscribes_by_what_it_gives(visitor: httpx.Client, client: httpx.Client, box: InProcess) -> None:
    circle = client.post("/api/lists", json=body("list", {"name": "L", "opt_in_process": "single_opt_in"})).json()
    related = {"relationships": {"list": {"data": {"type": "list", "id": circle["data"]["id"]}}}}
    who = profile(email="sign@example.com", phone_number="+12125550155", first_name="Sign")
    sent = body("subscription", {"profile": who, "custom_source": "Footer"}, **related)
    assert visitor.post("/client/subscriptions", json=sent).status_code == 202
    box.advance(5)
    shown = found(client, "sign@example.com")["attributes"]
    letters, messages = (shown["subscriptions"][channel]["marketing"] for channel in ("email", "sms"))
    assert (letters["consent"], letters["method_detail"], messages["consent"]) == ("SUBSCRIBED", "Footer", "SUBSCRIBED")
    assert shown["first_name"] == "Sign"
    members = client.get(f"/api/lists/{circle['data']['id']}/profiles").json()["data"]
    assert [m["attributes"]["email"] for m in members] == ["sign@example.com"]


def test_a_device_is_registered_and_forgotten(visitor: httpx.Client, client: httpx.Client) -> None:
    given = {"token": "t", "platform": "android", "vendor": "fcm", "profile": profile(email="app@example.com")}
    assert visitor.post("/client/push-tokens", json=body("push-token", given)).status_code == 202
    path = f"/api/profiles/{found(client, 'app@example.com')['id']}/push-tokens"
    assert len(client.get(path).json()["data"]) == 1
    gone = {name: given[name] for name in ("token", "platform", "profile")}
    sent = body("push-token-unregister", gone)
    assert visitor.post("/client/push-token-unregister", json=sent).status_code == 202
    assert client.get(path).json()["data"] == []


def test_a_review_waits_until_the_shop_publishes_it(visitor: httpx.Client, client: httpx.Client) -> None:
    before = len(list(every_page(visitor, "/client/reviews", company_id="SBXJP1")))
    given = {"review_type": "review", "email": "r@example.com", "author": "R", "content": "Sturdy.", "rating": 4}
    assert visitor.post("/client/reviews", json=body("review", given)).status_code == 202
    waiting = client.get("/api/reviews", params={"filter": "contains(content,'sturdy')", "include": "events"}).json()
    review = waiting["data"][0]
    assert (review["attributes"]["status"], review["attributes"]["email"]) == ({"value": "pending"}, "r@example.com")
    assert [i["type"] for i in waiting["included"]] == ["event"]
    assert len(list(every_page(visitor, "/client/reviews", company_id="SBXJP1"))) == before
    changed = body("review", {"status": {"value": "featured"}}, review["id"])
    assert client.patch(f"/api/reviews/{review['id']}", json=changed).status_code == 200
    shown = list(every_page(visitor, "/client/reviews", company_id="SBXJP1"))
    assert len(shown) == before + 1
    assert "email" not in shown[0]["attributes"]


def test_review_numbers_agree_with_the_reviews(visitor: httpx.Client) -> None:
    for rating in (5, 4):
        given = {"review_type": "store", "email": "s@example.com", "author": "S", "content": "Kind", "rating": rating}
        visitor.post("/client/reviews", json=body("review", given))
    shown = list(every_page(visitor, "/client/reviews", company_id="SBXJP1"))
    params = {"group_by": "company_id", "statistics": "total_reviews,average_rating", "timeframe": "all_time"}
    report = visitor.get("/client/review-values-reports", params={"company_id": "SBXJP1", **params}).json()["data"][0]
    counted = report["attributes"]["results"]
    assert sum(r["statistics"]["total_reviews"] for r in counted) == len(shown)
    refused = visitor.get("/client/review-values-reports", params={"company_id": "SBXJP1", **params, "timeframe": "x"})
    assert (refused.status_code, problem(refused)["source"]) == (400, {"parameter": "timeframe"})


def test_places_come_nearest_first(visitor: httpx.Client) -> None:
    every = visitor.get("/client/geofences").json()["data"]
    far = every[-1]["attributes"]
    place = f"and(equals(lat,{far['latitude']}),equals(lng,{far['longitude']}))"
    near = visitor.get("/client/geofences", headers={"X-Klaviyo-API-Filters": place}).json()["data"]
    assert near[0]["id"] == every[-1]["id"]
    assert {f["id"] for f in near} == {f["id"] for f in every}


def test_the_addresses_to_let_in_are_for_anybody(box: InProcess) -> None:
    with httpx.Client(transport=box.transport, base_url=box.url) as anybody:
        assert anybody.get("/client/ip-allowlists/integration-egress").json()["data"]["attributes"]["prefixes"]
        assert anybody.get("/client/ip-allowlists/other").status_code == 404


def test_tracking_settings_keep_what_is_not_said(client: httpx.Client) -> None:
    setting = client.get("/api/tracking-settings").json()["data"][0]
    source = {"flow": {"type": "static", "value": "juniper"}}
    sent = body("tracking-setting", {"utm_source": source}, setting["id"])
    changed = client.patch(f"/api/tracking-settings/{setting['id']}", json=sent).json()["data"]["attributes"]
    kept = setting["attributes"]
    assert changed == {**kept, "utm_source": {**kept["utm_source"], **source}}
    assert client.get("/api/tracking-settings/SBXHC2").status_code == 404
