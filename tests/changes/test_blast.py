"""How far a change reaches, as the sandbox has it: people, flows, what hangs on a thing, and what nobody knows."""

from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.events import recording
from klaviyo_admin.areas.rows import Row, Rows
from klaviyo_admin.changes import blast, digests, touching
from klaviyo_admin.changes.blast import Figure, Reach
from klaviyo_admin.intents import Intent, Ref, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Query, Write
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage
from tests.changes.test_following import importing

Json = dict[str, Any]


def reach(stage: Stage, *writes: Write, counts: int = 1) -> Reach:
    """How far the change of these requests reaches, proposed like any other."""
    intent = Intent("test.reach", "Reach.", tuple(Request(write, counts=counts) for write in writes))
    return reach_of(stage, intent)


def reach_of(stage: Stage, intent: Intent) -> Reach:
    _, steps = digests.read(stage.proposed(intent).pk)
    return blast.reach(api.reader(stage.account), steps)


def labelled(found: Reach, words: str) -> Figure:
    return next(figure for figure in found.figures if words in figure.label)


def first(stage: Stage, name: str, **more: Any) -> list[Item]:
    return list(api.reader(stage.account).page(name, query=Query(**more)).items)


def size(stage: Stage, kind: str, ident: str) -> int:
    item = api.reader(stage.account).item(
        f"get_{kind}", path={"id": ident}, query=Query(additional_fields={kind: ("profile_count",)})
    )
    return int(item.get("profile_count"))


def about(kind: str, ident: str) -> Json:
    return {"type": kind, "id": ident}


def test_people_named_one_by_one_are_counted_exactly(stage: Stage) -> None:
    ids = [item.id for item in first(stage, "get_profiles", size=3)]
    target = next(item.id for item in stage.lists() if item.get("name") == "Newsletter")
    write = operation("add_profiles_to_list").write({"id": target}, {"data": [about("profile", i) for i in ids]})
    found = reach(stage, write, write)
    assert (found.people.number, found.people.sure) == (3, "exact") if found.people else False
    flows = labelled(found, "Flows that begin for people who come to “Newsletter”")
    assert flows.number == len(flows.names)
    assert all(name.endswith(("(live)", "(draft)", "(manual)")) for name in flows.names)
    assert flows.names


def test_the_rows_of_an_import_are_its_people(stage: Stage) -> None:
    found = reach_of(stage, importing([f"guest{n}@example.com" for n in range(1500)]))
    assert found.people
    assert (found.people.number, found.people.sure) == (1500, "exact")


def test_a_list_that_goes_shows_its_members_and_what_hangs_on_it(stage: Stage) -> None:
    target = next(item for item in stage.lists() if item.get("name") == "Newsletter")
    found = reach(stage, operation("delete_list").write({"id": target.id}))
    assert found.people
    assert (found.people.number, found.people.sure) == (size(stage, "list", target.id), "as of")
    assert labelled(found, "Campaigns to come").number == 0 or labelled(found, "Campaigns to come").names
    segments = labelled(found, "Segments that are defined by it")
    assert any("Newsletter" in name for name in segments.names)
    assert labelled(found, "Flows that begin").names
    assert labelled(found, "Tags of it").number is not None
    assert found.error is None


def test_a_campaign_reaches_klaviyos_estimate_or_at_most_its_groups(stage: Stage) -> None:
    draft = next(
        item
        for item in first(stage, "get_campaigns", filter='equals(messages.channel,"email")')
        if item.get("status") == "Draft"
    )
    sending = operation("send_campaign").write(document={"data": about("campaign-send-job", draft.id)})
    found = reach(stage, sending)
    groups = draft.get("audiences.included")
    assert found.people
    assert found.people.sure == "at most"
    assert found.people.number is not None
    estimate = {"data": about("campaign-recipient-estimation-job", draft.id)}
    api.writer(stage.account).send(operation("refresh_campaign_recipient_estimation").write(document=estimate))
    stage.sandbox.advance(5)
    better = reach(stage, sending).people
    assert better
    assert better.sure == "as of"
    assert better.number is not None
    assert better.number <= found.people.number
    assert groups


def test_a_campaign_that_is_made_and_sent_in_one_change_reaches_its_audience(stage: Stage) -> None:
    target = stage.lists()[0].id
    made = operation("create_campaign").write(document=campaign([target]))
    sent = operation("send_campaign").write(document={"data": about("campaign-send-job", Ref(1))})
    found = reach(stage, made, sent)
    assert found.people
    assert found.people.number == size(stage, "list", target)


def campaign(included: list[str]) -> Json:
    message = {"definition": {"channel": "email", "label": "One", "content": {"subject": "Hello"}}}
    attributes = {
        "name": "Autumn",
        "audiences": {"included": included},
        "campaign-messages": {"data": [{"type": "campaign-message", "attributes": message}]},
    }
    return {"data": {"type": "campaign", "attributes": attributes}}


def test_a_suppression_of_a_whole_segment_counts_the_segment(stage: Stage) -> None:
    segment = first(stage, "get_segments")[0].id
    data = {
        "type": "profile-suppression-bulk-create-job",
        "attributes": {},
        "relationships": {"segment": {"data": about("segment", segment)}},
    }
    found = reach(stage, operation("bulk_suppress_profiles").write(document={"data": data}))
    assert found.people
    assert found.people.number == size(stage, "segment", segment)


def test_what_can_reach_people_whom_nobody_counted_is_unknown_and_counts_as_large(stage: Stage) -> None:
    flow = first(stage, "get_flows")[0].id
    body = {"data": {"type": "flow", "id": flow, "attributes": {"status": "live"}}}
    found = reach(stage, operation("update_flow").write({"id": flow}, body))
    assert found.people
    assert found.people.number is None
    assert found.people.note == "Unknown: counts as large."


def test_an_event_names_the_flows_that_it_starts(stage: Stage) -> None:
    metric = {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}}
    person = {"data": {"type": "profile", "attributes": {"email": "guest@example.com"}}}
    attributes = {"metric": metric, "profile": person, "properties": {}}
    found = reach(
        stage, operation("create_event").write(document={"data": {"type": "event", "attributes": attributes}})
    )
    assert found.people
    assert (found.people.number, found.people.sure) == (1, "exact")
    assert labelled(found, "Placed Order").number is not None


def test_people_of_many_events_are_counted_once_each(stage: Stage) -> None:
    emails = ("robin@example.com", "ROBIN@example.com", "sam@example.com")
    events = Rows(tuple(Row(n, {"email": email, "metric": "Fitted Mug"}) for n, email in enumerate(emails)))
    found = reach_of(stage, recording.record_rows([], {"events": events}))
    assert found.people
    assert (found.people.number, found.people.sure) == (2, "exact")
    long = Rows(tuple(Row(n, {"email": emails[0], "metric": "Fitted Mug"}, {"note": "x" * 90}) for n in range(2000)))
    found = reach_of(stage, recording.record_rows([], {"events": long}))
    assert found.people
    assert (found.people.number, found.people.sure) == (1001, "at most"), "the second long request is not opened"


def test_a_tag_that_goes_shows_what_carries_it(stage: Stage) -> None:
    tag = first(stage, "get_tags")[0].id
    found = reach(stage, operation("delete_tag").write({"id": tag}))
    assert {figure.label for figure in found.figures} == {
        "Campaigns of it", "Flows of it", "Lists of it", "Segments of it"
    }  # fmt: skip
    assert found.people is None


def test_where_klaviyo_tells_nothing_that_is_said(stage: Stage) -> None:
    template = first(stage, "get_templates")[0].id
    found = reach(stage, operation("delete_template").write({"id": template}))
    assert labelled(found, "Where it is used").note.startswith("Messages made from it keep a copy")


@pytest.mark.parametrize("name", ["get_list", "get_flows_triggered_by_list"])
def test_what_cannot_be_read_leaves_the_other_figures_standing(stage: Stage, name: str) -> None:
    target = stage.lists()[0].id
    stage.sandbox.faults.add(Order(name, "error_before", status=500))
    found = reach(stage, operation("delete_list").write({"id": target}))
    assert found.error is not None
    assert found.people
    assert (found.people.number is None) == (name == "get_list")
    assert labelled(found, "Tags of it").number is not None


def test_every_person_counts_also_in_bodies_that_nobody_opens(stage: Stage) -> None:
    metric = {"data": {"type": "metric", "attributes": {"name": "Visited"}}}
    writes = []
    for number in range(touching.MOST_OPENED + 5):
        person = {"data": {"type": "profile", "attributes": {"email": f"guest{number}@example.com"}}}
        attributes = {"metric": metric, "profile": person, "properties": {}}
        writes.append(operation("create_event").write(document={"data": {"type": "event", "attributes": attributes}}))
    found = reach(stage, *writes)
    assert found.people
    assert (found.people.number, found.people.sure) == (len(writes), "exact")
