"""What the live service was seen to answer, against its own document: all of it must be understood."""

from typing import Any

import httpx
import pytest

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Kind, Write
from tests.klaviyo.network import BASE, Network, answer

SOURCE = {"profiles": {"data": [{"type": "profile", "id": "01B"}]}}
MERGE = {"data": {"type": "profile-merge", "id": "01A", "relationships": SOURCE}}
CLONE = {"data": {"type": "template", "id": "AbC123", "attributes": {"name": "Copy"}}}
UNSUBSCRIBED = {"email": "ana@example.com", "subscriptions": {"email": {"marketing": {"consent": "UNSUBSCRIBED"}}}}
UNSUBSCRIBE = {
    "data": {
        "type": "profile-subscription-bulk-delete-job",
        "attributes": {"profiles": {"data": [{"type": "profile", "attributes": UNSUBSCRIBED}]}},
    }
}


@pytest.mark.parametrize(
    ("write", "status", "document"),
    [
        (
            operation("merge_profiles").write({}, MERGE),
            202,
            {"data": {"type": "profile", "id": "01A", "attributes": {}}},
        ),
        (operation("delete_template").write({"id": "AbC123"}), 200, None),
        (operation("delete_template").write({"id": "AbC123"}), 200, {"data": None}),
        (operation("clone_template").write({}, CLONE), 200, {"data": {"type": "template", "id": "XyZ789"}}),
        (operation("bulk_unsubscribe_profiles").write({}, UNSUBSCRIBE), 202, None),
        (operation("bulk_unsubscribe_profiles").write({}, UNSUBSCRIBE), 202, {}),
        (operation("delete_list").write({"id": "AbC123"}), 204, None),
    ],
)
def test_a_success_other_than_the_declared_one_is_a_success(write: Write, status: int, document: Any) -> None:
    receipt = Network(answer(status, document)).writer.send(write)
    assert (receipt.status, receipt.document) == (status, document)


def test_a_rendered_template_may_come_with_any_success() -> None:
    asked = {"data": {"type": "template", "id": "AbC123", "attributes": {"context": {}}}}
    for status in (200, 201, 202):
        network = Network(answer(status, {"data": {"type": "template", "id": "AbC123", "attributes": {"html": "<p>"}}}))
        assert network.reader.ask("render_template", asked)["data"]["attributes"]["html"] == "<p>"


PROFILE = {
    "type": "profile",
    "id": "01HZ",
    "attributes": {
        "email": "ana@example.com",
        "anonymous_id": None,  # gone from what is written, still in what is read
        "whatsapp_bsuid": None,
        "not_in_the_document": {"deep": [1, {"x": None}]},
        "subscriptions": {"email": {"marketing": {"consent": "A_NEW_WORD", "suppression": []}}},
        "location": None,
    },
    "relationships": {
        "lists": {"data": [], "links": {"self": f"{BASE}/x", "related": f"{BASE}/y"}},
        "conversation": {"links": {"self": f"{BASE}/x"}},
        "webhook-topics": {"data": [{"type": "webhook-topic", "id": "event:klaviyo.x"}]},
        "nothing": None,
    },
    "links": None,
    "meta": {"surprise": True},
}


def test_fields_that_nobody_declared_and_words_that_nobody_listed_are_borne() -> None:
    item = Network(answer(200, {"data": PROFILE, "included": [], "links": None, "meta": {}})).reader.item(
        "get_profile", {"id": "01HZ"}
    )
    assert item.get("subscriptions.email.marketing.consent") == "A_NEW_WORD"
    assert item.get("anonymous_id") is None
    assert item.get("location.city", "") == ""
    assert item.related == {"lists": (), "webhook-topics": (Kind("webhook-topic", "event:klaviyo.x"),)}


@pytest.mark.parametrize(
    "links",
    [
        None,
        {},
        {"self": None, "next": None, "prev": None},
        {"self": f"{BASE}/api/lists", "prev": '<Filters: any(id,["AbC123"])>'},
        {"prev": "=bmV4dA==", "next": None},
    ],
)
def test_links_that_are_null_or_nonsense_end_the_pages(links: Any) -> None:
    document = {"data": [{"type": "list", "id": "AbC123", "attributes": {}}], "links": links}
    document["meta"] = {"agent_hints": {"next_steps": ["call again"]}}
    network = Network(answer(200, document))
    pages = list(network.reader.pages("get_lists"))
    assert [(page.items[0].id, page.next, page.previous_cursor) for page in pages] == [("AbC123", None, None)]
    assert len(network.requests) == 1


def test_an_empty_answer_to_a_read_is_said_plainly() -> None:
    for body in (b"", b"null", b"{}", b"[]"):
        with pytest.raises(errors.KlaviyoError):
            Network(httpx.Response(200, content=body)).reader.item("get_list", {"id": "AbC123"})


@pytest.mark.parametrize("status", [409, "409", None])
@pytest.mark.parametrize("source", [{"pointer": "/data/"}, {"parameter": "filter"}, None, []])
def test_the_status_of_an_error_may_be_a_number_or_text_or_missing(status: Any, source: Any) -> None:
    document = {
        "errors": [{"id": "6a0c", "status": status, "code": "conflict", "title": "Conflict.", "source": source}]
    }
    with pytest.raises(errors.Conflict) as caught:
        Network(answer(409, document)).writer.send(operation("delete_template").write({"id": "AbC123"}))
    assert caught.value.problems[0].code == "conflict"


def test_an_included_type_need_not_be_spelled_like_its_relationship() -> None:
    message = {"type": "campaign-message", "id": "01M", "attributes": {"label": "A"}}
    related = {"campaign-messages": {"data": [{"type": "campaign-message", "id": "01M"}]}}
    document = {"data": {"type": "campaign", "id": "01C", "relationships": related}, "included": [message]}
    item = Network(answer(200, document)).reader.item("get_campaign", {"id": "01C"})
    assert [one.get("label") for one in item.ones("campaign-messages")] == ["A"]
