"""A custom metric is edited in words as far as words say all of it; what is left alone is not sent."""

import json
from typing import Any

import pytest

from klaviyo_admin.areas.metrics import service
from klaviyo_admin.areas.metrics.forms import ChangeCustomMetric
from klaviyo_admin.klaviyo.values import Item, Json

ORDERED = Item("metric", "Ab3dEf", {"name": "Placed Order"})


def group(metric: str = ORDERED.id, **more: Json) -> dict[str, Json]:
    compared = {"type": "numeric", "operator": "greater-than", "value": 150}
    filters: list[Json] = [{"property": "$value", "filter": compared}]
    return {"metric_id": metric, "metric_filters": filters, "value_property": "$value", **more}


def narrowed(kind: str, operator: str, value: Json) -> dict[str, Json]:
    compared = {"type": kind, "operator": operator, "value": value}
    return group(metric_filters=[{"property": "Colour", "filter": compared}])


def custom(*groups: dict[str, Json], method: str = "value") -> Item:
    definition = {"aggregation_method": method, "metric_groups": list(groups)}
    return Item("custom-metric", "Gh5jKl", {"name": "Large orders", "definition": definition})


def form(item: Item, **answers: Any) -> ChangeCustomMetric:
    start = service.start_change([item])
    shown = {key: value for key, value in start.items() if key != "metrics"}
    hidden = {f"initial-{key}": value for key, value in shown.items()}
    bound = ChangeCustomMetric(data=Data({**shown, **hidden, **answers}, start["metrics"]), initial=start)
    bound.is_valid()
    return bound


class Data(dict[str, Any]):
    """What a browser posts: one value of each name, but for the metrics that are ticked."""

    def __init__(self, values: dict[str, Any], metrics: list[str]) -> None:
        super().__init__(values)
        self.metrics = metrics

    def getlist(self, name: str) -> list[str]:
        return self.metrics if name == "metrics" else [self[name]]


def test_what_it_is_now_is_told_in_the_words_of_the_form() -> None:
    assert service.start_change([custom(group())]) == {
        "name": "Large orders",
        "aggregation_method": "value",
        "value_property": "$value",
        "metrics": ["Ab3dEf"],
        "property": "$value",
        "condition": "numeric.greater-than",
        "wanted": "150",
    }


def test_another_condition_sends_the_whole_definition_and_no_name() -> None:
    item = custom(group())
    answers = form(item, wanted="200").cleaned_data | {"metrics": (ORDERED,)}
    intent = service.change_custom([item], answers)
    compared = {"type": "numeric", "operator": "greater-than", "value": 200}
    after = group(metric_filters=[{"property": "$value", "filter": compared}])
    sent = json.loads(intent.requests[0].write.body)["data"]["attributes"]
    assert sent == {"definition": {"aggregation_method": "value", "metric_groups": [after]}}


def test_another_name_alone_leaves_the_definition_alone() -> None:
    item = custom(group())
    intent = service.change_custom([item], form(item, name="Big orders").cleaned_data)
    assert json.loads(intent.requests[0].write.body)["data"]["attributes"] == {"name": "Big orders"}


def test_a_form_in_which_nothing_was_changed_says_so() -> None:
    assert "Nothing was changed" in str(form(custom(group())).errors)


@pytest.mark.parametrize(
    "item",
    [
        custom(),
        custom(group(), group("Xy9zAb", value_property="Discount")),
        custom(group(metric_filters=[*group()["metric_filters"], *group()["metric_filters"]])),
        custom(group(metric_filters=[{"property": "x", "filter": {"type": "date", "operator": "between"}}])),
        custom(group(), method="unique"),
        custom(group(), method="count"),
        custom(group(newer="than this")),
        custom(narrowed("string", "equals", ["a", "b"])),
        custom(narrowed("string", "equals", " a")),
        custom(narrowed("numeric", "equals", "12")),
        custom(narrowed("numeric", "equals", True)),
        custom(narrowed("existence", "is-set", 3)),
        Item("custom-metric", "Gh5jKl", {"name": "Odd"}),
    ],
)
def test_what_words_cannot_say_is_left_to_the_form_by_hand(item: Item) -> None:
    assert not service.is_plain(item)


def test_several_metrics_with_one_condition_and_none_at_all_can_be_said() -> None:
    assert service.start_change([custom(group(), group("Xy9zAb"))])["metrics"] == ["Ab3dEf", "Xy9zAb"]
    every = service.start_change([custom({"metric_id": "Ab3dEf"}, method="count")])
    assert (every["condition"], every["property"], every["value_property"]) == ("", "", "")
    empty = custom({"metric_id": "Ab3dEf", "metric_filters": None, "value_property": None}, method="count")
    assert service.is_plain(empty)
    assert service.is_plain(custom(narrowed("existence", "is-set", None), narrowed("existence", "is-set", None)))
