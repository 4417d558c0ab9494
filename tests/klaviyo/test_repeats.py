"""Repeats: a lost answer lets a write out again only where its own key makes the second one harmless."""

from typing import Any

import httpx
import pytest

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.catalogue import operation, operations
from klaviyo_admin.klaviyo.repeats import keyed
from klaviyo_admin.klaviyo.values import Write
from tests.klaviyo.network import Network, answer, refusal, throttle


def event(**attributes: Any) -> Write:
    metric = {"data": {"type": "metric", "attributes": {"name": "Tasted"}}}
    profile = {"data": {"type": "profile", "attributes": {"email": "ana@example.com"}}}
    given = {"properties": {}, "metric": metric, "profile": profile, **attributes}
    return operation("create_event").write({}, {"data": {"type": "event", "attributes": given}})


def upsert(meta: dict[str, Any] | None = None, **attributes: Any) -> Write:
    data = {"type": "profile", "attributes": attributes, **({"meta": meta} if meta else {})}
    return operation("create_or_update_profile").write({}, {"data": data})


def importing(*people: dict[str, Any]) -> Write:
    profiles = {"data": [{"type": "profile", "attributes": person} for person in people]}
    data = {"type": "profile-bulk-import-job", "attributes": {"profiles": profiles}}
    return operation("bulk_import_profiles").write({}, {"data": data})


def renaming() -> Write:
    data = {"type": "list", "id": "AbC123", "attributes": {"name": "VIPs"}}
    return operation("update_list").write({"id": "AbC123"}, {"data": data})


KEYED = [
    event(unique_id="order-7"),
    upsert(email="ana@example.com"),
    upsert({"patch_properties": {"unset": "shoe_size"}}, external_id="7"),
    importing({"email": "ana@example.com"}, {"phone_number": "+12125550101"}),
]
UNKEYED = [
    event(),
    event(unique_id=""),
    upsert(first_name="Ana"),
    upsert({"patch_properties": {"append": {"tags": "new"}}}, email="ana@example.com"),
    importing({"email": "ana@example.com"}, {"first_name": "Ben"}),
    renaming(),
    operation("delete_list").write({"id": "AbC123"}),
    operation("create_list").write({}, {"data": {"type": "list", "attributes": {"name": "VIPs"}}}),
    operation("send_campaign").write({}, {"data": {"type": "campaign-send-job", "id": "01HZ"}}),
]
LOST = [httpx.ReadTimeout(""), httpx.RemoteProtocolError("closed"), answer(500), answer(503), answer(524)]


@pytest.mark.parametrize("lost", LOST, ids=str)
@pytest.mark.parametrize("write", KEYED, ids=lambda write: write.operation)
def test_a_keyed_write_is_sent_up_to_three_times(write: Write, lost: Any) -> None:
    network = Network(lost, lost, answer(202))
    assert network.writer.send(write).attempts == 3
    assert {request.content for request in network.requests} == {write.body}
    network = Network(lost)
    with pytest.raises(errors.Unclear):
        network.writer.send(write)
    assert len(network.requests) == 3


@pytest.mark.parametrize("lost", LOST, ids=str)
@pytest.mark.parametrize("write", UNKEYED, ids=lambda write: write.operation)
def test_any_other_write_is_sent_once(write: Write, lost: Any) -> None:
    network = Network(lost, answer(202))
    with pytest.raises(errors.Unclear):
        network.writer.send(write)
    assert (len(network.requests), network.waits) == (1, [])


@pytest.mark.parametrize(
    "second",
    [refusal(400), refusal(401, "authentication_failed"), refusal(409), httpx.ConnectError(""), throttle("3600")],
    ids=str,
)
def test_after_a_lost_answer_only_a_yes_tells_what_became_of_it(second: Any) -> None:
    with pytest.raises(errors.Unclear):
        Network(httpx.ReadTimeout(""), second).writer.send(event(unique_id="order-7"))


def test_a_short_429_after_a_lost_answer_comes_again() -> None:
    network = Network(httpx.ReadTimeout(""), throttle("1"), answer(202))
    assert network.writer.send(event(unique_id="order-7")).attempts == 3


def test_only_operations_judged_as_keyed_are_ever_repeated() -> None:
    body = b'{"data": {"id": "x", "attributes": {"unique_id": "x", "token": "x", "email": "ana@example.com"}}}'
    repeated = {found.id for found in operations() if keyed(found, body)}
    assert repeated == {"create_event", "create_or_update_profile", "create_push_token"}
    assert all(operation(name).retry == "U" for name in (*repeated, "bulk_import_profiles"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"data": 5}',
        b'{"data": {"attributes": []}}',
        b'{"data": {"attributes": {"profiles": 5}}}',
    ],
)
def test_a_body_that_cannot_be_understood_has_no_key(body: bytes) -> None:
    for name in ("create_event", "create_or_update_profile", "bulk_import_profiles", "create_push_token"):
        assert not keyed(operation(name), body)
