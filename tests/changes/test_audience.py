"""What areas of people and figures build arrives at Klaviyo, and does there what its sentence says."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.events import recording
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.metrics import service as metrics
from klaviyo_admin.areas.profiles import consent, devices, merging, people
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.areas.rows import Row, Rows
from klaviyo_admin.areas.segments import service as segments
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import NotFound
from klaviyo_admin.klaviyo.values import Item, Query
from tests.changes.stage import Stage

NEW = Rows((Row(2, {"email": "robin@example.com"}), Row(3, {"email": "sam@example.com"})))
GOLD = {
    "condition_groups": [
        {
            "conditions": [
                {
                    "type": "profile-property",
                    "property": "properties['plan']",
                    "filter": {"type": "string", "operator": "equals", "value": "Seedling"},
                }
            ]
        }
    ]
}


def reader(stage: Stage) -> Reader:
    return api.reader(stage.account)


def some(stage: Stage, operation: str, place: int = 0) -> Item:
    return reader(stage).page(operation).items[place]


def person(stage: Stage, place: int = 0) -> Item:
    query = Query(additional_fields={"profile": ("subscriptions",)}, sort="id")
    items = reader(stage).page("get_profiles", query=query).items
    return [item for item in items if item.get("email")][place]


def arrived(stage: Stage, intent: Intent) -> None:
    """Proposes, approves and carries out; the change is done with every step."""
    change = stage.carried_out(stage.approved(intent))
    assert change.status == "done", change.outcome
    stage.sandbox.advance(120)


def again(stage: Stage, profile: Item) -> Item:
    query = Query(additional_fields={"profile": ("subscriptions",)})
    return reader(stage).item("get_profile", {"id": profile.id}, query)


def test_a_person_is_added_and_updated_by_the_same_address(stage: Stage) -> None:
    arrived(stage, profiles.create([], {"email": "robin@example.com", "first_name": "Robin"}))
    arrived(stage, profiles.upsert([], {"email": "robin@example.com", "city": "Ghent", "properties": {"plan": "gold"}}))
    found = people.find(reader(stage), Rows((Row(1, {"email": "robin@example.com"}),))).profiles
    assert [(p.get("first_name"), p.get("location.city"), p.get("properties.plan")) for p in found] == [
        ("Robin", "Ghent", "gold")
    ]


def test_a_merge_leaves_one(stage: Stage) -> None:
    kept, gone = person(stage, 0), person(stage, 1)
    arrived(stage, merging.merge([kept], {"other": gone}))
    with pytest.raises(NotFound):
        reader(stage).item("get_profile", {"id": gone.id})


def test_consent_is_taken_away_and_given_again(stage: Stage) -> None:
    profile = person(stage)
    arrived(stage, consent.unsubscribe([profile], {"channels": ("email.marketing",)}))
    assert again(stage, profile).get("subscriptions.email.marketing.consent") == "UNSUBSCRIBED"
    earlier = {"historical": True, "consented_at": datetime(2024, 5, 1, tzinfo=UTC)}
    arrived(stage, consent.subscribe([profile], {"channels": ("email.marketing",), **earlier}))
    assert again(stage, profile).get("subscriptions.email.marketing.consent") == "SUBSCRIBED"


def test_suppression_begins_and_ends(stage: Stage) -> None:
    profile = next(p for p in (person(stage, n) for n in range(9)) if not _suppressed(p))
    arrived(stage, consent.suppress([profile], {}))
    assert _suppressed(again(stage, profile))
    arrived(stage, consent.unsuppress([profile], {}))
    assert not _suppressed(again(stage, profile))


def test_people_of_rows_and_of_a_whole_list_are_suppressed(stage: Stage) -> None:
    arrived(stage, consent.suppress_rows([], {"people": NEW}))
    found = people.find(reader(stage), NEW).profiles
    assert len(found) == 2
    assert all(_suppressed(again(stage, profile)) for profile in found)
    arrived(stage, consent.suppress_rows([], {"people": Rows(), "to_list": some(stage, "get_lists")}))


def test_people_join_and_leave_a_list_by_their_addresses(stage: Stage) -> None:
    circle = some(stage, "get_lists")
    query = Query(size=100)
    inside = {p.id for p in reader(stage).page("get_profiles_for_list", {"id": circle.id}, query).items}
    outside = next(p for p in (person(stage, n) for n in range(20)) if p.id not in inside)
    rows = Rows((Row(1, {"email": str(outside.get("email")).upper()}), Row(2, {"id": outside.id})))
    found = people.find(reader(stage), rows)
    assert [p.id for p in found.profiles] == [outside.id]
    assert dict(found.details()) == {"From": "the pasted text", "Rows": 2, "Rows that name somebody again": "1"}
    for build, there in ((lists.add_rows, True), (lists.remove_rows, False)):
        arrived(stage, build([circle], {"people": found}))
        now = {p.id for p in reader(stage).page("get_profiles_for_list", {"id": circle.id}, query).items}
        assert (outside.id in now) is there


def test_a_device_comes_and_goes(stage: Stage) -> None:
    profile = person(stage)
    given = {"token": "aa-token", "platform": "ios", "vendor": "apns", "background": "AVAILABLE"}
    arrived(stage, devices.register([profile], {**given, "enablement_status": "AUTHORIZED", "device_model": "iPhone"}))
    tokens = reader(stage).page("get_push_tokens_for_profile", {"id": profile.id}).items
    (token,) = [each for each in tokens if each.get("token") == "aa-token"]
    arrived(stage, devices.delete([token], {}))
    left = reader(stage).page("get_push_tokens_for_profile", {"id": profile.id}).items
    assert token.id not in {each.id for each in left}


def test_events_are_recorded_one_by_one_and_by_the_row(stage: Stage) -> None:
    profile = person(stage)
    arrived(stage, recording.record([], {"profile": profile, "new_metric": "Visited", "properties": {"till": 3}}))
    rows = Rows(tuple(Row(n, {"email": profile.get("email"), "unique_id": f"u{n}"}, {"till": "4"}) for n in range(3)))
    arrived(stage, recording.record_rows([], {"events": rows, "new_metric": "Visited", "backfill": True}))
    metric = next(m for m in reader(stage).page("get_metrics").items if m.get("name") == "Visited")
    found = reader(stage).page("get_events", query=Query(f'equals(metric_id,"{metric.id}")')).items
    assert sorted(e.get("event_properties.till") for e in found) == [3, 4, 4, 4]


def test_a_segment_is_made_changed_switched_off_and_deleted(stage: Stage) -> None:
    arrived(stage, segments.create([], {"name": "Aa gold", "definition": GOLD, "is_starred": True}))
    for build in _steps():
        segment = next(s for s in _segments(stage) if str(s.get("name")).startswith("Aa"))
        arrived(stage, build(segment))
    assert not [s for s in _segments(stage) if str(s.get("name")).startswith("Aa")]


def _steps() -> Iterator[Callable[[Item], Intent]]:
    yield lambda segment: segments.edit([segment], {"name": "Aa golden", "definition": GOLD})
    yield lambda segment: segments.switch([segment], {"is_active": False})
    yield lambda segment: segments.switch([segment], {"is_active": True})
    yield lambda segment: segments.delete([segment], {})


def test_a_figure_is_taken_from_a_metric_of_ones_own_and_from_none(stage: Stage) -> None:
    (old,) = reader(stage).page("get_custom_metrics").items
    arrived(stage, metrics.delete_custom([old], {}))
    order = next(m for m in reader(stage).page("get_metrics").items if m.get("name") == "Placed Order")
    arrived(stage, metrics.create_custom([], {"name": "Orders", "aggregation_method": "count", "metrics": (order,)}))
    (custom,) = reader(stage).page("get_custom_metrics").items
    arrived(stage, metrics.edit_custom([custom], {"name": "All orders"}))
    both = Query(include=("metric", "custom-metric"))
    figure = reader(stage).item("get_mapped_metric", {"id": "revenue"}, both)
    arrived(stage, metrics.map_metric([figure], {"custom": custom}))
    figure = reader(stage).item("get_mapped_metric", {"id": "revenue"}, both)
    assert [kind.id for kind in figure.related["custom-metric"]] == [custom.id]
    stage.sandbox.advance(86_400)
    arrived(stage, metrics.map_metric([figure], {"none": True}))
    figure = reader(stage).item("get_mapped_metric", {"id": "revenue"}, both)
    assert not figure.related.get("metric")
    assert not figure.related.get("custom-metric")


def _segments(stage: Stage) -> list[Item]:
    return [item for page in reader(stage).pages("get_segments") for item in page.items]


def _suppressed(profile: Item) -> bool:
    reasons = profile.get("subscriptions.email.marketing.suppression") or []
    return any(each["reason"] == "USER_SUPPRESSED" for each in reasons)
