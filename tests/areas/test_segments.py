"""The conditions of a segment as lines of a form, and back: nothing is lost on the way."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from klaviyo_admin.areas.segments import service
from klaviyo_admin.areas.segments.builder import PARTS
from klaviyo_admin.areas.segments.conditions import Incomplete, as_definition, as_lines
from klaviyo_admin.areas.segments.forms import EditSegment
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item

NUMBER = {"type": "numeric", "operator": "greater-than-or-equal", "value": 2}
MONTH = {"type": "date", "operator": "in-the-last", "unit": "day", "quantity": 30}
EVER = {"type": "date", "operator": "alltime"}


def did(bound: Any = NUMBER, when: Any = EVER, **more: Any) -> dict[str, Any]:
    return {
        "type": "profile-metric",
        "metric_id": "M1",
        "measurement": "count",
        "measurement_filter": bound,
        "timeframe_filter": when,
        **more,
    }


def has(bound: dict[str, Any], name: str = "properties['plan']") -> dict[str, Any]:
    return {"type": "profile-property", "property": name, "filter": bound}


def may(channel: str, can: bool, subscription: str) -> dict[str, Any]:
    status = {"subscription": subscription}
    consent = {"channel": channel, "can_receive_marketing": can, "consent_status": status}
    return {"type": "profile-marketing-consent", "consent": consent}


FIVE = {"type": "numeric", "operator": "greater-than", "value": 5}
CONDITIONS = [
    did(),
    did(when=MONTH),
    did({"type": "numeric", "operator": "equals", "value": 0}, MONTH),
    did({"type": "numeric", "operator": "equals", "value": 0}),
    did({"type": "numeric", "operator": "greater-than", "value": 0}),
    did(measurement="sum"),
    did(when={"type": "date", "operator": "after", "date": "2026-05-01T00:00:00+00:00"}),
    did(metric_filters=[{"property": "$value", "filter": FIVE}]),
    has({"type": "string", "operator": "equals", "value": "gold"}),
    has({"type": "string", "operator": "in", "value": ["a", "b"]}),
    has({"type": "boolean", "operator": "equals", "value": True}),
    has({"type": "existence", "operator": "not-set"}, "location.city"),
    has({"type": "list", "operator": "contains", "value": "tea"}),
    has({"type": "list", "operator": "length-equals", "value": 1}),
    has(MONTH),
    has({"type": "date", "operator": "calendar-month", "value": 5}),
    has({"type": "date", "operator": "anniversary"}),
    {"type": "profile-group-membership", "is_member": False, "group_ids": ["L1"]},
    {"type": "profile-group-membership", "is_member": True, "group_ids": ["L1", "S9"], "timeframe_filter": MONTH},
    may("email", True, "any"),
    may("whatsapp", False, "any"),
    {"type": "profile-region", "in_region": False, "region": "united_states"},
    {
        "type": "profile-postal-code-distance",
        "country_code": "US",
        "postal_code": "02110",
        "unit": "miles",
        "filter": {"type": "numeric", "operator": "less-than", "value": 25},
    },
    {"type": "profile-predictive-analytics", "dimension": "churn_probability", "filter": FIVE},
    {
        "type": "profile-metric-funnel",
        "timeframe_filter": MONTH,
        "steps": [{"metric_exists": True, "metric_id": "M1"}, {"metric_exists": False, "metric_id": "M2"}],
    },
    {"type": "profile-has-custom-object"},
    {"type": "profile-metric"},
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_definition_comes_back_from_its_lines_as_it_was(condition: dict[str, Any]) -> None:
    definition = {"condition_groups": [{"conditions": [condition, did()]}, {"conditions": [condition]}]}
    assert as_definition(as_lines(definition)) == definition


def test_common_conditions_are_lines_that_people_can_read() -> None:
    common = [
        did(when=MONTH),
        has({"type": "string", "operator": "equals", "value": "gold"}),
        may("email", True, "any"),
    ]
    kinds = [line["kind"] for line in as_lines({"condition_groups": [{"conditions": common}]})]
    assert kinds == ["metric", "property", "consent"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"kind": "property"}, "Name the property"),
        ({"kind": "property", "property": "plan", "compare": "numeric.equals", "value": "x"}, "not a number"),
        ({"kind": "property", "property": "plan", "compare": "boolean.equals", "value": "x"}, "neither yes nor no"),
        ({"kind": "property", "property": "plan", "compare": "date.in-the-last", "value": "1.5"}, "no whole number"),
        ({"kind": "metric", "amount": "1"}, "Pick what they did"),
        ({"kind": "metric", "metric": "M1", "amount": "1", "when": "after", "span": "May"}, "is no date"),
        ({"kind": "group"}, "Pick the list or segment"),
        ({"kind": "json", "json": "{"}, "not valid JSON"),
        ({"kind": "json", "json": "[]"}, "is an object with a type"),
        ({"kind": "nonsense"}, "no such kind"),
        ({"kind": "consent", "consent": "a.b"}, "from the list"),
        ({"kind": ""}, "at least one condition"),
    ],
)
def test_a_line_that_does_not_say_enough_is_asked_for_more(line: dict[str, str], said: str) -> None:
    with pytest.raises(Incomplete, match=said):
        as_definition([line])


def edited(**changes: str) -> EditSegment:
    """The form of a segment as a browser would post it, changed."""
    segment = Item("segment", "S1", {"name": "Gold", "definition": {"condition_groups": [{"conditions": [did()]}]}})
    start = service.start_edit([segment])
    bound = EditSegment(initial=start)["definition"]
    was = bound.field.widget.get_context("definition", start["definition"], {"id": "x"})["widget"]["was"]
    line = dict.fromkeys(PARTS, "") | as_lines(start["definition"])[0] | changes
    data = [(f"definition-{part}", value) for part, value in line.items()]
    data += [("definition-was", was), ("name", "Gold"), ("initial-name", "Gold")]
    return EditSegment(QueryDict(urlencode(data)), initial=start)


def test_a_definition_that_nobody_touched_is_not_sent() -> None:
    assert "Nothing was changed" in str(edited().errors)


def test_a_changed_condition_is_sent_whole() -> None:
    form = edited(amount="3")
    assert form.is_valid(), form.errors
    definition = form.cleaned_data["definition"]
    assert definition["condition_groups"][0]["conditions"][0]["measurement_filter"]["value"] == 3
    data = {"data": {"type": "segment", "id": "S1", "attributes": {"definition": definition}}}
    assert not operation("update_segment").faults(data)
