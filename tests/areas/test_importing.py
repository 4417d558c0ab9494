"""Profiles to bulk import requests: sizes, sentence, and the schema of the operation."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klaviyo_admin.areas.profiles.importing import (
    MOST_BYTES,
    MOST_PROFILES,
    Chunk,
    Origin,
    build_import,
    encode,
    packed,
)
from klaviyo_admin.klaviyo.values import Kind

NEWSLETTER = Origin("spring.csv", Kind("list", "AbC123"), "Newsletter")


def people(count: int, note: str = "") -> list[bytes]:
    return [encode({"email": f"p{n}@example.com", "properties": {"note": note}}) for n in range(count)]


def test_an_import_says_how_many_from_where_and_to_which_list() -> None:
    intent = build_import(packed(people(9_812)), NEWSLETTER)
    assert intent.sentence == "Import 9,812 profiles from “spring.csv” and add them to the list “Newsletter”."
    one = build_import(packed(people(1)), Origin("spring.csv"))
    assert one.sentence == "Import 1 profile from “spring.csv”."


def test_the_body_is_the_profiles_and_the_list_as_the_schema_wants_them() -> None:
    (request,) = build_import(packed([encode({"email": "a@example.com"}, "01J")]), NEWSLETTER).requests
    assert orjson.loads(request.write.body) == {
        "data": {
            "type": "profile-bulk-import-job",
            "attributes": {
                "profiles": {"data": [{"type": "profile", "id": "01J", "attributes": {"email": "a@example.com"}}]}
            },
            "relationships": {"lists": {"data": [{"type": "list", "id": "AbC123"}]}},
        }
    }
    assert request.write.path == "/api/profile-bulk-import-jobs"
    assert request.follow is not None
    assert request.counts == 1


def test_no_request_has_more_than_ten_thousand_profiles() -> None:
    counts = [request.counts for request in build_import(packed(people(25_000)), NEWSLETTER).requests]
    assert counts == [MOST_PROFILES, MOST_PROFILES, 5_000]


@settings(max_examples=20, deadline=None)
@given(st.integers(1_000, 99_000))
def test_no_body_is_larger_than_its_limit_and_none_is_left_half_empty(size: int) -> None:
    requests = build_import(packed(people(150, "é" * (size // 2))), NEWSLETTER).requests
    sizes = [len(request.write.body) for request in requests]
    assert max(sizes) <= MOST_BYTES
    assert all(size_ > MOST_BYTES - 101_500 for size_ in sizes[:-1])
    assert sum(request.counts for request in requests) == 150


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("{target}.csv", "“(target).csv”"),
        ("a\nb\u202ec.csv", "“a b c.csv”"),
        ("\x00", "“a file without a name”"),
    ],
)
def test_the_name_of_a_file_is_plain_text_whatever_it_holds(name: str, said: str) -> None:
    assert said in build_import([Chunk(people(1)[0], 1)], Origin(name)).aloud()
