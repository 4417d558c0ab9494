"""The pure builders of custom metrics, and of which metric a figure is taken from."""

from collections.abc import Sequence
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun, posted
from klaviyo_admin.areas.metrics.columns import CONDITIONS, METHODS, figure
from klaviyo_admin.areas.words import name, plain
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

MOST_METRICS = 5  # of which one custom metric can be made
# What a condition of each kind compares with.
_VALUES: dict[str, tuple[type, ...]] = {"": (type(None),), "existence": (type(None),)}
_VALUES |= {"string": (str,), "numeric": (int, float)}
LABELS = {"name": "Name", "definition": "Definition"}
CUSTOM = Noun("custom metric", "custom metrics", "custom-metric", "get_custom_metric", name, LABELS)
MAPPED = Noun("figure", "figures", "mapped-metric", "get_mapped_metric", figure)

start_custom = building.starting(CUSTOM)
edit_custom = building.editing("metrics.edit_custom", "update_custom_metric", CUSTOM)
delete_custom = building.deleting("metrics.delete_custom", "delete_custom_metric", CUSTOM)


def create_custom(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST; the condition holds for the events of each of the metrics."""
    target = CUSTOM.new(answers["name"])
    fields = CUSTOM.changes({"name": answers["name"], "definition": _definition(answers)})
    request = posted("create_custom_metric", target, fields)
    return Intent("metrics.create_custom", "Create the custom metric “{target}”.", (request,), target)


def map_metric(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH that takes a figure from another metric, or from none."""
    (mapping,) = items
    picked: Item | None = answers.get("metric") or answers.get("custom")
    kind = "custom-metric" if answers.get("custom") else "metric"
    after = {"type": picked.type, "id": picked.id} if picked else None
    # Whatever a figure is taken from, it is given up by taking no metric.
    data = {"type": "mapped-metric", "id": mapping.id, "relationships": {kind: {"data": after}}}
    fields = tuple(
        FieldChange(("relationships", each), label, before, picked.id if picked and each == kind else None)
        for each, label in (("metric", "Metric"), ("custom-metric", "Custom metric"))
        if (before := next((one.id for one in mapping.related.get(each, ())), None)) or each == kind
    )
    write = operation("update_mapped_metric").write({"id": mapping.id}, {"data": data})
    target = MAPPED.target(mapping)
    source = f"“{plain(name(picked))}”" if picked else "no metric"
    sentence = f"Take the figure “{{target}}” from {source}."
    return Intent("metrics.map", sentence, (Request(write, target, fields),), target)


def start_change(items: Sequence[Item]) -> dict[str, Any]:
    """The answers that make what the custom metric is now."""
    (custom,) = items
    return {"name": name(custom), **(_said(custom) or {})}


def is_plain(custom: Item) -> bool:
    """Whether its definition can be said without JSON."""
    return _said(custom) is not None


def change_custom(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with the name, the definition, or both, as far as they were changed."""
    after = {"name": answers["name"]} if "name" in answers else {}
    return edit_custom(items, after | ({"definition": _definition(answers)} if "metrics" in answers else {}))


def _said(custom: Item) -> dict[str, Any] | None:
    """The answers of the form that make this very definition: at most one condition, the same for each of the metrics."""
    method, groups = custom.get("definition.aggregation_method"), custom.get("definition.metric_groups")
    if method not in METHODS or not isinstance(groups, list) or not 0 < len(groups) <= MOST_METRICS:
        return None
    condition: dict[str, Any] = next(iter(groups[0].get("metric_filters") or ()), {})
    compared = condition.get("filter") or {}
    kind = f"{compared['type']}.{compared.get('operator')}" if compared.get("type") else ""
    value = compared.get("value")
    if kind not in dict(CONDITIONS) or type(value) not in _VALUES[kind.partition(".")[0]]:
        return None
    said = {
        "aggregation_method": method,
        "value_property": groups[0].get("value_property") or "",
        "metrics": [group.get("metric_id") for group in groups],
        "property": condition.get("property") or "",
        "condition": kind,
    }
    given = value.strip() if isinstance(value, str) else value  # as a form takes it
    metrics = [Item("metric", str(ident), {}) for ident in said["metrics"]]
    same = _definition({**said, "metrics": metrics, "wanted": given}) == _bare(custom.get("definition"))
    return said | {"wanted": "" if value is None else str(value)} if same else None


def _bare(value: Json) -> Json:
    """Without the empty members that Klaviyo shows of a definition and nobody writes."""
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: _bare(part) for key, part in value.items() if part not in (None, [])}


def _definition(answers: Answers) -> dict[str, Json]:
    filters = _filters(answers)
    groups: list[Json] = [{"metric_id": metric.id, **filters} for metric in answers["metrics"]]
    if answers["aggregation_method"] == "value":
        groups = [{**group, "value_property": answers["value_property"]} for group in groups]
    return {"aggregation_method": answers["aggregation_method"], "metric_groups": groups}


def _filters(answers: Answers) -> dict[str, Json]:
    if not answers.get("condition"):
        return {}
    kind, _, operator = str(answers["condition"]).partition(".")
    found = {"type": kind, "operator": operator}
    if kind != "existence":
        found["value"] = answers["wanted"]
    return {"metric_filters": [{"property": answers["property"], "filter": found}]}
