"""The rooms of consent and suppression: who may be written to, and when that takes effect."""

from typing import Any

import httpx
import pytest

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page, problem

Json = dict[str, Any]
LONG_AGO = "2025-01-01T00:00:00Z"


def profile_of(client: httpx.Client, email: str) -> Json | None:
    params = {"filter": f'equals(email,"{email}")', "additional-fields[profile]": "subscriptions"}
    found = client.get("/api/profiles", params=params).json()["data"]
    return found[0] if found else None


def by_email(client: httpx.Client, email: str) -> Json:
    """What is said of e-mail marketing; the profile is there."""
    found = profile_of(client, email)
    assert found
    said: Json = found["attributes"]["subscriptions"]["email"]["marketing"]
    return said


def wish(email: str, consent: str, **more: Any) -> Json:
    return {
        "type": "profile",
        "attributes": {"email": email, "subscriptions": {"email": {"marketing": {"consent": consent, **more}}}},
    }


def into(circle: str) -> Json:
    return {"relationships": {"list": {"data": {"type": "list", "id": circle}}}}


def subscribe(client: httpx.Client, *profiles: Json, circle: str = "", **more: Any) -> httpx.Response:
    sent = body("profile-subscription-bulk-create-job", {"profiles": {"data": list(profiles)}, **more})
    sent["data"] |= into(circle) if circle else {}
    return client.post("/api/profile-subscription-bulk-create-jobs", json=sent)


def unsubscribe(client: httpx.Client, *profiles: Json, circle: str = "") -> httpx.Response:
    sent = body("profile-subscription-bulk-delete-job", {"profiles": {"data": list(profiles)}})
    sent["data"] |= into(circle) if circle else {}
    return client.post("/api/profile-subscription-bulk-delete-jobs", json=sent)


def suppress(client: httpx.Client, verb: str, *emails: str, **more: Any) -> Json:
    rows = {"profiles": {"data": [{"type": "profile", "attributes": {"email": email}} for email in emails]}}
    sent = body(f"profile-suppression-bulk-{verb}-job", rows if emails else {}, **more)
    answer = client.post(f"/api/profile-suppression-bulk-{verb}-jobs", json=sent)
    assert answer.status_code == 202, answer.text
    job: Json = answer.json()["data"]
    return job


def new_list(client: httpx.Client, opt_in: str) -> str:
    sent = body("list", {"name": opt_in, "opt_in_process": opt_in})
    return str(client.post("/api/lists", json=sent).json()["data"]["id"])


def members(client: httpx.Client, circle: str) -> set[str]:
    return {p["attributes"]["email"] for p in every_page(client, f"/api/lists/{circle}/profiles")}


def test_a_subscription_takes_effect_a_little_later(client: httpx.Client, box: InProcess) -> None:
    circle = new_list(client, "single_opt_in")
    answer = subscribe(client, wish("new@example.com", "SUBSCRIBED"), circle=circle)
    assert (answer.status_code, answer.content) == (202, b"")
    assert profile_of(client, "new@example.com") is None
    box.advance(5)
    assert by_email(client, "new@example.com")["consent"] == "SUBSCRIBED"
    assert members(client, circle) == {"new@example.com"}


def test_double_opt_in_waits_for_a_confirmation_that_a_historical_import_need_not(
    client: httpx.Client, box: InProcess
) -> None:
    circle = new_list(client, "double_opt_in")
    subscribe(client, wish("waits@example.com", "SUBSCRIBED"), circle=circle)
    subscribe(client, wish("unasked@example.com", "SUBSCRIBED"))
    past = wish("long@example.com", "SUBSCRIBED", consented_at=LONG_AGO)
    assert subscribe(client, past, circle=circle, historical_import=True).status_code == 202
    box.advance(5)
    assert profile_of(client, "waits@example.com") is None
    assert profile_of(client, "unasked@example.com") is None
    assert by_email(client, "long@example.com")["consent_timestamp"] == "2025-01-01T00:00:00.000000+00:00"
    assert members(client, circle) == {"long@example.com"}


@pytest.mark.parametrize(
    ("row", "more", "pointer"),
    [
        (wish("a@example.com", "SUBSCRIBED", consented_at=LONG_AGO), {}, "/subscriptions/email/marketing/consented_at"),
        (
            wish("a@example.com", "SUBSCRIBED"),
            {"historical_import": True},
            "/subscriptions/email/marketing/consented_at",
        ),
        (
            wish("a@example.com", "SUBSCRIBED", consented_at="2199-01-01T00:00:00Z"),
            {"historical_import": True},
            "/subscriptions/email/marketing/consented_at",
        ),
        (
            {
                "type": "profile",
                "attributes": {
                    "email": "a@example.com",
                    "subscriptions": {"sms": {"marketing": {"consent": "SUBSCRIBED"}}},
                },
            },
            {},
            "/phone_number",
        ),
        ({"type": "profile", "attributes": {"email": "a@example.com", "subscriptions": {}}}, {}, "/subscriptions"),
        (wish("no-address", "SUBSCRIBED"), {}, "/email"),
    ],
)
def test_one_improper_profile_refuses_the_whole_request(
    client: httpx.Client, box: InProcess, row: Json, more: Json, pointer: str
) -> None:
    when = {"consented_at": LONG_AGO} if more else {}
    answer = subscribe(client, wish("fine@example.com", "SUBSCRIBED", **when), row, **more)
    assert answer.status_code == 400
    assert problem(answer)["source"]["pointer"] == f"/data/attributes/profiles/data/1/attributes{pointer}"
    box.advance(5)
    assert profile_of(client, "fine@example.com") is None


def test_unsubscribing_from_a_list_unsubscribes_outsiders_from_everything(client: httpx.Client, box: InProcess) -> None:
    circle, other = new_list(client, "single_opt_in"), new_list(client, "single_opt_in")
    subscribe(client, wish("in@example.com", "SUBSCRIBED"), circle=circle)
    subscribe(client, wish("out@example.com", "SUBSCRIBED"), circle=other)
    box.advance(5)
    unsubscribe(client, wish("in@example.com", "UNSUBSCRIBED"), wish("out@example.com", "UNSUBSCRIBED"), circle=circle)
    box.advance(5)
    inside, outside = by_email(client, "in@example.com"), by_email(client, "out@example.com")
    assert (inside["consent"], [s["list_id"] for s in inside["list_suppressions"]]) == ("SUBSCRIBED", [circle])
    assert (outside["consent"], outside["suppression"][0]["reason"]) == ("UNSUBSCRIBED", "UNSUBSCRIBE")
    assert (members(client, circle), members(client, other)) == (set(), {"out@example.com"})


def test_suppression_keeps_letters_away_without_touching_consent(client: httpx.Client, box: InProcess) -> None:
    circle = new_list(client, "single_opt_in")
    subscribe(client, wish("a@example.com", "SUBSCRIBED"), circle=circle)
    box.advance(5)
    job = suppress(client, "create", "a@example.com", "nobody@example.com")
    assert job["attributes"]["status"] == "processing"
    assert job["attributes"]["total_count"] == 0
    box.advance(5)
    path = "/api/profile-suppression-bulk-create-jobs"
    counted = client.get(f"{path}/{job['id']}").json()["data"]["attributes"]
    assert (counted["status"], counted["completed_count"], counted["skipped_count"]) == ("complete", 2, 0)
    complete = client.get(path, params={"filter": 'equals(status,"complete")'}).json()["data"]
    assert complete[0]["id"] == job["id"]
    said = by_email(client, "a@example.com")
    assert (said["consent"], said["can_receive_email_marketing"]) == ("SUBSCRIBED", False)
    again = suppress(client, "create", **into_segment(client, circle))
    box.advance(5)
    assert client.get(f"{path}/{again['id']}").json()["data"]["attributes"]["skipped_count"] == 1


def into_segment(client: httpx.Client, circle: str) -> Json:
    """A relationship to a segment of the members of a list."""
    condition = {"type": "profile-group-membership", "is_member": True, "group_ids": [circle]}
    definition = {"condition_groups": [{"conditions": [condition]}]}
    made = client.post("/api/segments", json=body("segment", {"name": "S", "definition": definition})).json()
    return {"relationships": {"segment": {"data": {"type": "segment", "id": made["data"]["id"]}}}}


def test_unsuppressing_ends_only_what_a_person_of_the_shop_began(client: httpx.Client, box: InProcess) -> None:
    rows = list(every_page(client, "/api/profiles", **{"additional-fields[profile]": "subscriptions"}))
    reasons = {
        p["attributes"]["email"]: p["attributes"]["subscriptions"]["email"]["marketing"]["suppression"] for p in rows
    }
    gone = next(email for email, why in reasons.items() if why and why[0]["reason"] == "UNSUBSCRIBE")
    suppress(client, "create", "own@example.com")
    box.advance(5)
    suppress(client, "delete", gone, "own@example.com")
    box.advance(5)
    assert by_email(client, gone)["suppression"][0]["reason"] == "UNSUBSCRIBE"
    assert by_email(client, "own@example.com")["suppression"] == []
    subscribe(client, wish(gone, "SUBSCRIBED"), circle=new_list(client, "single_opt_in"))
    box.advance(5)
    assert by_email(client, gone)["suppression"] == []


@pytest.mark.parametrize("given", [{}, {"profiles": {"data": []}}])
def test_a_suppression_needs_addresses_or_a_group(client: httpx.Client, given: Json) -> None:
    sent = body("profile-suppression-bulk-create-job", given)
    assert client.post("/api/profile-suppression-bulk-create-jobs", json=sent).status_code == 400
