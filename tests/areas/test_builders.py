"""Builders are pure: items and answers in, an Intent out whose requests say exactly what was asked."""

from typing import Any

import orjson
import pytest

from klaviyo_admin.areas import AREAS, Area
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.fields import REMOVE
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.profiles import joining
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.intents import FieldChange, Intent
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item

ANA = Item(
    "profile",
    "01HQZ0000000000000000000AA",
    {
        "first_name": "Ana",
        "last_name": "Costa",
        "email": "ana@example.com",
        "location": {"city": "Porto", "country": None},
        "properties": {"Plan": "silver", "dotted.name": 1},
    },
)
NEWS = Item("list", "Ab3dEf", {"name": "News", "opt_in_process": "single_opt_in"})


def sent(intent: Intent, number: int = 0) -> Any:
    return orjson.loads(intent.requests[number].write.body)


def test_editing_a_profile_sends_only_what_was_answered() -> None:
    intent = profiles.edit([ANA], {"first_name": "Anna", "city": "Lisboa", "properties": {"Plan": "gold"}})
    assert sent(intent) == {
        "data": {
            "type": "profile",
            "id": ANA.id,
            "attributes": {"first_name": "Anna", "location": {"city": "Lisboa"}, "properties": {"Plan": "gold"}},
        }
    }
    write = intent.requests[0].write
    assert (write.operation, write.method, write.path) == ("update_profile", "PATCH", f"/api/profiles/{ANA.id}")
    assert FieldChange(("location", "city"), "City", "Porto", "Lisboa") in intent.requests[0].fields
    assert intent.aloud() == "Change “First name”, “City” and “Plan” of Ana Costa."


def test_the_record_names_a_profile_by_its_id_only() -> None:
    intent = profiles.edit([ANA], {"first_name": "Anna"})
    assert intent.on_record() == f"Change “First name” of profile {ANA.id}."
    assert "Ana Costa" not in intent.on_record()


def test_removing_a_property_unsets_it() -> None:
    intent = profiles.edit([ANA], {"properties": {"dotted.name": REMOVE}})
    assert sent(intent)["data"]["meta"] == {"patch_properties": {"unset": ["dotted.name"]}}
    assert intent.requests[0].fields == (FieldChange(("properties", "dotted.name"), "dotted.name", 1, None),)


def test_a_cleared_field_is_sent_as_null() -> None:
    assert sent(profiles.edit([ANA], {"last_name": None}))["data"]["attributes"] == {"last_name": None}


def test_one_property_on_many_leaves_out_who_has_it_already() -> None:
    ben = Item("profile", "01HQZ0000000000000000000BB", {"properties": {"Plan": "gold"}})
    intent = profiles.set_property([ANA, ben], {"name": "Plan", "value": "gold"})
    assert [r.target.id for r in intent.requests if r.target] == [ANA.id]
    assert intent.sentence == "Set the property “Plan” on 1 profile."


def test_a_list_is_renamed_by_one_patch() -> None:
    intent = lists.edit([NEWS], {"name": "Newsletter"})
    assert sent(intent) == {"data": {"type": "list", "id": "Ab3dEf", "attributes": {"name": "Newsletter"}}}
    assert intent.aloud() == "Rename the list “News” to “Newsletter”."
    assert intent.requests[0].target is not None
    assert intent.requests[0].target.read == "get_list"


def test_a_new_list_without_an_opt_in_takes_the_accounts() -> None:
    intent = lists.create([], {"name": "VIP", "opt_in_process": ""})
    assert sent(intent) == {"data": {"type": "list", "attributes": {"name": "VIP"}}}
    assert intent.aloud() == "Create the list “VIP”."


@pytest.mark.parametrize("attributes", [{}, {"email": "x@example.com"}, {"phone_number": "+12125550123"}])
def test_a_profile_always_has_a_name(attributes: dict[str, str]) -> None:
    nobody = Item("profile", "01HQZ0000000000000000000CC", attributes)
    assert profiles.name(nobody) == next(iter(attributes.values()), nobody.id)


RESOURCES = [resource for area in AREAS for resource in area.resources]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.key)
def test_every_filter_and_sort_is_one_its_operation_lists(resource: Resource) -> None:
    for found in resource.filters:
        field = next((f for f in operation(found.operation).filters if f.name == found.field), None)
        assert field, found.field
        assert found.operator in field.operators, found.key
    for column in resource.columns:
        assert not column.sort or column.sort in operation(resource.source.list).sorts, column.key


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.key)
def test_keys_are_unique_within_a_resource(resource: Resource) -> None:
    for things in (resource.columns, resource.filters, resource.tabs, resource.actions):
        keys = [thing.key for thing in things]
        assert len(keys) == len(set(keys)), keys


def test_no_two_resources_share_a_key() -> None:
    keys = [resource.key for resource in RESOURCES]
    assert len(keys) == len(set(keys))
    assert not {"act", "ids", "columns", "pick", "changes", "audit", "imports"} & set(keys)


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.key)
def test_everything_that_an_area_names_is_an_operation_of_klaviyo(area: Area) -> None:
    assert all(operation(name).id == name for name in area.operations())


def test_selected_profiles_join_and_leave_a_list_a_thousand_at_a_time() -> None:
    people = [Item("profile", f"P{n}", {"email": f"p{n}@example.com"}) for n in range(1_001)]
    intent = joining.join(people, {"to_list": NEWS})
    assert [len(sent(intent, n)["data"]) for n in range(2)] == [1_000, 1]
    assert {request.write.path for request in intent.requests} == {f"/api/lists/{NEWS.id}/relationships/profiles"}
    assert intent.aloud() == "Add 1,001 profiles to the list “News”."
    gone = joining.leave(people[:1], {"to_list": NEWS})
    assert gone.requests[0].write.operation == "remove_profiles_from_list"
    assert gone.aloud() == "Take 1 profile off the list “News”."
