"""Documents: whatever the live service sends becomes values, or says plainly that it cannot."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaviyo_admin.klaviyo import documents
from klaviyo_admin.klaviyo.errors import Problem
from klaviyo_admin.klaviyo.values import Item, Kind

NOW = datetime(2026, 7, 15, tzinfo=UTC)
NEXT = "https://a.klaviyo.com/api/profiles/?page%5Bcursor%5D=bmV4dA%3D%3D&page%5Bsize%5D=20"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "id", "type", "attributes", "relationships", "included", "links", "next", "prev", "errors"]
            )
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def test_a_resource_becomes_an_item_with_its_relatives() -> None:
    document = {
        "data": {
            "type": "event",
            "id": "5rtXu",
            "attributes": {"event_properties": {"$value": 12.5, "a.b": 1}, "uuid": None},
            "relationships": {
                "metric": {"data": {"type": "metric", "id": "Xy12Ab"}, "links": {"self": "…"}},
                "profile": {"data": None},
                "attributions": {"links": {"self": "…"}},
                "tags": {"data": []},
            },
            "links": {"self": "…"},
        },
        "included": [{"type": "metric", "id": "Xy12Ab", "attributes": {"name": "Placed Order"}}, None, 5],
    }
    item = documents.item(document)
    assert item is not None
    assert (item.type, item.id) == ("event", "5rtXu")
    assert item.get("event_properties.$value") == 12.5
    assert item.at(("event_properties", "a.b")) == 1
    assert item.get("uuid", "none") == "none"
    assert item.related == {"metric": (Kind("metric", "Xy12Ab"),), "profile": (), "tags": ()}
    assert [one.get("name") for one in item.ones("metric")] == ["Placed Order"]
    assert item.ones("profile") == item.ones("attributions") == ()


def test_a_page_carries_its_cursors() -> None:
    document = {"data": [{"type": "profile", "id": "1"}], "links": {"self": "x", "next": NEXT, "prev": NEXT}}
    page = documents.page(document, NOW)
    assert page.items == (Item("profile", "1", {}),)
    assert (page.next, page.next_cursor, page.previous_cursor, page.as_of) == (NEXT, "bmV4dA==", "bmV4dA==", NOW)


@pytest.mark.parametrize(
    "prev", [None, "", '<Filters: any(id,["AbC123"])>', "bmV4dA==", 5, "//[", "/api/x?page%5Bcursor%5D=a"]
)
def test_a_previous_link_that_is_no_address_is_no_cursor(prev: Any) -> None:
    assert documents.page({"data": [], "links": {"prev": prev}}, NOW).previous_cursor is None


@pytest.mark.parametrize("links", [None, [], "x", {}, {"next": None}, {"next": ""}, {"next": 5}])
def test_a_page_without_a_next_link_is_the_last(links: Any) -> None:
    page = documents.page({"data": [], "links": links}, NOW)
    assert (page.next, page.next_cursor) == (None, None)


def test_the_cursor_of_a_report_is_found_too() -> None:
    link = "https://a.klaviyo.com/api/flow-values-reports?page_cursor=abc"
    assert documents.page({"data": [], "links": {"next": link}}, NOW).next_cursor == "abc"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (None, None),
        ([], None),
        ({"type": "profile"}, Item("profile", "", {})),
        ({"type": "image", "id": 7, "attributes": None}, Item("image", "7", {})),
        ([{"type": "account", "id": "AbC123"}], Item("account", "AbC123", {})),
        ({"id": "x", "type": "new-kind", "surprise": {}, "relationships": []}, Item("new-kind", "x", {})),
    ],
)
def test_missing_and_extra_members_are_borne(data: Any, expected: Item | None) -> None:
    assert documents.item({"data": data}) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"a\u0000b", "a\ufffdb"),
        (rb"a\\u0000b", "a\\u0000b"),
        (rb"\\\u0000\u0000", "\\\ufffd\ufffd"),
        (rb"\\\\u0000", "\\\\u0000"),
    ],
)
def test_a_null_character_which_postgresql_does_not_keep_is_shown_as_damaged(written: bytes, read: str) -> None:
    assert documents.parse(b'{"name": "' + written + b'"}') == {"name": read}


@pytest.mark.parametrize("document", [None, {}, [], "text", {"errors": []}, {"meta": {}}])
def test_an_answer_without_data_is_unreadable(document: Any) -> None:
    with pytest.raises(documents.Unreadable):
        documents.page(document, NOW)
    with pytest.raises(documents.Unreadable):
        documents.item(document)


@given(JSON)
def test_no_json_breaks_the_reader(document: Any) -> None:
    documents.problems(orjson.dumps(document))
    for read in (documents.item, lambda given_document: documents.page(given_document, NOW)):
        try:
            read(document)
        except documents.Unreadable:
            assert not isinstance(document, dict) or "data" not in document


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    documents.problems(body)
    with suppress(documents.Unreadable):
        documents.parse(body)


def test_an_empty_body_is_no_document() -> None:
    assert documents.parse(b"") is None
    assert documents.parse(b" \n") is None


def test_problems_are_read_with_all_their_parts() -> None:
    body = orjson.dumps(
        {
            "errors": [
                {
                    "id": "6a0c",
                    "status": 409,
                    "code": "duplicate_profile",
                    "title": "Conflict.",
                    "detail": "A profile already exists.",
                    "source": {"pointer": "/data/attributes"},
                    "meta": {"duplicate_profile_id": "01HZ"},
                },
                {"code": "invalid", "source": {"parameter": "filter"}, "status": "400"},
                {"code": None, "title": 5, "source": None, "meta": []},
                "nonsense",
            ]
        }
    )
    assert documents.problems(body) == (
        Problem("duplicate_profile", "Conflict.", "A profile already exists.", "/data/attributes", "", "01HZ"),
        Problem("invalid", "", "", "", "filter"),
        Problem("", "5"),
    )
    assert documents.problems(b"<html>") == documents.problems(b"") == documents.problems(b'{"errors": "x"}') == ()
