"""Custom properties and changed-only forms: what a person typed, as values."""

from typing import Any

import pytest
from django.http import QueryDict

from klaviyo_admin.areas.fields import REMOVE, ChangedOnlyForm
from klaviyo_admin.areas.lists.forms import EditList
from klaviyo_admin.areas.profiles.forms import EditProfile, SetProperty


def lines(*rows: tuple[str, str, str, str, str]) -> str:
    """Rows of (key, text, kind, was, was kind) as a browser posts them."""
    posted = QueryDict(mutable=True)
    for row in rows:
        for part, value in zip(("key", "text", "kind", "was", "was_kind"), row, strict=True):
            posted.appendlist(f"properties-{part}", value)
    return posted.urlencode()


def filled(initial: dict[str, Any], **posted: str) -> QueryDict:
    """A post of EditProfile whose plain fields show `initial`, with some typed over."""
    data = QueryDict(mutable=True)
    for name in EditProfile.base_fields:
        if name != "properties":
            data[f"initial-{name}"] = initial.get(name, "")
            data[name] = posted.get(name, initial.get(name, ""))
    return data


def answers(form: ChangedOnlyForm) -> dict[str, Any]:
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_a_form_answers_only_with_what_was_changed() -> None:
    shown = {"first_name": "Ana", "last_name": "Costa"}
    assert answers(EditProfile(filled(shown, first_name="Anna"), initial=shown)) == {"first_name": "Anna"}


def test_a_value_that_moved_in_klaviyo_meanwhile_is_not_taken_for_an_edit() -> None:
    shown, now = {"first_name": "Ana", "city": "Porto"}, {"first_name": "Ana", "city": "Lisboa"}
    assert answers(EditProfile(filled(shown, first_name="Anna"), initial=now)) == {"first_name": "Anna"}


def test_an_emptied_field_is_cleared() -> None:
    shown = {"first_name": "Ana", "title": "Dr"}
    assert answers(EditProfile(filled(shown, title=""), initial=shown)) == {"title": None}


def test_a_form_in_which_nothing_changed_is_refused() -> None:
    form = EditProfile(filled({"first_name": "Ana"}), initial={"first_name": "Ana"})
    assert not form.is_valid()
    assert "Nothing was changed" in str(form.errors)


def test_a_list_form_keeps_an_unchanged_choice_out() -> None:
    shown = {"name": "News", "opt_in_process": "single_opt_in"}
    posted = {**shown, "name": "Newsletter", "initial-name": "News", "initial-opt_in_process": "single_opt_in"}
    assert answers(EditList(posted, initial=shown)) == {"name": "Newsletter"}


def test_a_phone_number_without_a_country_code_says_what_to_type() -> None:
    form = EditProfile(filled({}, phone_number="212 555 0123"), initial={})
    assert not form.is_valid()
    assert "212 555 0123" in str(form.errors["phone_number"])
    assert "+12125550123" in str(form.errors["phone_number"])


def properties(*rows: tuple[str, str, str, str, str]) -> EditProfile:
    data = filled({})
    data.update(QueryDict(lines(*rows)))
    return EditProfile(data, initial={})


def test_properties_keep_their_kinds() -> None:
    form = properties(
        ("Plan", "gold", "text", "silver", "text"),
        ("Points", "12.5", "number", "3", "number"),
        ("VIP", "yes", "flag", "no", "flag"),
        ("Sizes", '["S", "M"]', "json", '["S"]', "json"),
        ("Old", "x", "remove", "x", "text"),
        ("Same", "as before", "text", "as before", "text"),
        ("New one", "ü", "text", "", ""),
        ("", "", "text", "", ""),
    )
    wanted = {"Plan": "gold", "Points": 12.5, "VIP": True, "Sizes": ["S", "M"], "Old": REMOVE, "New one": "ü"}
    assert answers(form) == {"properties": wanted}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("Points", "many", "number", "3", "number"), ("Points", "many", "not a number")),
        (("Points", "true", "number", "3", "number"), ("Points", "not a number")),
        (("VIP", "maybe", "flag", "no", "flag"), ("VIP", "maybe", "yes or no")),
        (("Sizes", "[S", "json", "[]", "json"), ("Sizes", "not valid JSON")),
        (("", "lost", "text", "", ""), ("lost", "no property name")),
    ],
)
def test_a_bad_property_names_itself_its_value_and_the_remedy(
    row: tuple[str, str, str, str, str], words: tuple[str, ...]
) -> None:
    form = properties(row)
    assert not form.is_valid()
    assert all(word in form.errors["properties"].as_text() for word in words), form.errors["properties"].as_text()


def test_the_same_property_twice_is_refused() -> None:
    form = properties(("Plan", "a", "text", "", ""), ("Plan", "b", "text", "", ""))
    assert "stands here twice" in form.errors["properties"].as_text()


def test_properties_are_drawn_as_they_are_read() -> None:
    form = EditProfile(initial={"properties": {"Points": 3, "VIP": True, "Sizes": ["S"], "Plan": "<gold>"}})
    html = form["properties"].as_widget()
    assert 'value="&lt;gold&gt;"' in html
    assert 'value="yes"' in html
    assert html.count("properties-key") == 6


def test_one_property_for_many_reads_its_kind() -> None:
    form = SetProperty({"name": "Points", "value": "7", "kind": "number"})
    assert form.is_valid()
    assert form.cleaned_data["value"] == 7
    form = SetProperty({"name": "Points", "value": "seven", "kind": "number"})
    assert not form.is_valid()
