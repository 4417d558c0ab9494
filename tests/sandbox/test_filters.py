"""The filter language: what is written comes back as meant, and what is no filter is refused."""

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaviyo_admin.sandbox.filtering import Condition, Malformed, parse
from tests.sandbox.conftest import every_page

_words = st.text(min_size=0, max_size=30)
_literals = st.one_of(_words, st.integers(-(10**9), 10**9), st.booleans())
_fields = st.from_regex(r"[a-z_][a-z_]{0,10}(\.[a-z_]{1,8}){0,2}", fullmatch=True)
_operators = st.sampled_from(["equals", "contains", "greater-than", "less-or-equal", "starts-with"])
_conditions = st.one_of(
    st.builds(Condition, _operators, _fields, _literals),
    st.builds(Condition, st.just("any"), _fields, st.lists(_literals, max_size=4).map(tuple)),
    st.builds(Condition, st.just("has"), _fields),
)


def written(condition: Condition) -> str:
    if condition.value is None:
        return f"{condition.operator}({condition.field})"
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    return f"{condition.operator}({condition.field},{json.dumps(value)})"


@given(st.lists(_conditions, min_size=1, max_size=4), st.booleans())
def test_conditions_come_back_as_written(conditions: list[Condition], grouped: bool) -> None:
    text = ",".join(map(written, conditions))
    assert parse(f"and({text})" if grouped else text) == tuple(conditions)


@given(_words)
def test_single_quotes_mean_the_same_as_double_quotes(word: str) -> None:
    escaped = json.dumps(word)[1:-1].replace('\\"', '"').replace("'", "\\'")
    assert parse(f"equals(name,'{escaped}')") == (Condition("equals", "name", word),)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_malformed(text: str) -> None:
    try:
        found = parse(text)
    except Malformed:
        return
    assert found


def test_times_stand_bare() -> None:
    assert parse("greater-than(created,2026-01-01T00:00:00+00:00)")[0].value == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "text", ["", "equals", "equals()", "equals(a,)", "equals(a,[1)", 'equals(a,"b', "equals(a,1) or b", "any(a,[[1]])"]
)
def test_what_is_no_filter_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


def test_a_filter_finds_exactly_what_a_search_by_hand_finds(client: httpx.Client) -> None:
    people = list(every_page(client, "/api/profiles", **{"page[size]": 100}))
    one = people[7]["attributes"]
    cases = {
        f'equals(email,"{one["email"]}")': lambda a: a["email"] == one["email"],
        f'equals(email,"{one["email"].upper()}")': lambda a: a["email"] == one["email"],
        f'any(external_id,["{one["external_id"]}","nobody"])': lambda a: a["external_id"] == one["external_id"],
        f"greater-than(created,{one['created']})": lambda a: a["created"] > one["created"],
        f"less-than(updated,{one['updated']})": lambda a: a["updated"] < one["updated"],
    }
    for text, matches in cases.items():
        found = {p["id"] for p in every_page(client, "/api/profiles", filter=text)}
        assert found == {p["id"] for p in people if matches(p["attributes"])}, text


def test_conditions_are_joined_by_and(client: httpx.Client) -> None:
    first, second = client.get("/api/profiles?page[size]=2").json()["data"]
    both = f'equals(id,"{first["id"]}"),equals(email,"{second["attributes"]["email"]}")'
    assert client.get("/api/profiles", params={"filter": both}).json()["data"] == []


def test_suppressed_profiles_can_be_filtered(client: httpx.Client) -> None:
    reason = "subscriptions.email.marketing.suppression.reason"
    query = {"filter": f'equals({reason},"UNSUBSCRIBE")', "additional-fields[profile]": "subscriptions"}
    found = client.get("/api/profiles", params=query).json()["data"]
    assert found
    for person in found:
        marketing = person["attributes"]["subscriptions"]["email"]["marketing"]
        assert marketing["suppression"][0]["reason"] == "UNSUBSCRIBE"
        assert not marketing["can_receive_email_marketing"]
