"""How the definition of a segment reads to a person: groups of conditions, each a sentence, nothing left out in silence."""

from collections.abc import Mapping
from typing import Any

from klaviyo_admin.klaviyo.values import Json

Names = Mapping[str, str]
_OPERATORS = {
    "equals": "is",
    "not-equals": "is not",
    "contains": "contains",
    "not-contains": "does not contain",
    "starts-with": "starts with",
    "not-starts-with": "does not start with",
    "ends-with": "ends with",
    "not-ends-with": "does not end with",
    "regex": "matches the pattern",
    "nregex": "does not match the pattern",
    "in": "is one of",
    "not-in": "is none of",
    "is-set": "is set",
    "not-set": "is not set",
    "greater-than": "is more than",
    "greater-than-or-equal": "is at least",
    "less-than": "is less than",
    "less-than-or-equal": "is at most",
    "contains-all": "contains all of",
    "contains-any": "contains any of",
    "not-contains-all": "does not contain all of",
    "not-contains-any": "contains none of",
    "contains-substring": "has an entry that contains",
    "not-contains-substring": "has no entry that contains",
    "length-equals": "has exactly this many entries:",
    "length-greater-than": "has more entries than",
    "length-greater-than-or-equal": "has at least this many entries:",
    "length-less-than": "has fewer entries than",
    "length-less-than-or-equal": "has at most this many entries:",
    "phone-country-code-in": "has the country code of one of",
    "phone-country-code-not-in": "has the country code of none of",
    "after": "is after",
    "before": "is before",
    "calendar-month": "is in the month with the number",
    "anniversary": "has its anniversary today",
    "anniversary-month": "has its anniversary this month",
}
_COUNTS = {
    "equals": "exactly",
    "not-equals": "any number but",
    "greater-than": "more than",
    "greater-than-or-equal": "at least",
    "less-than": "less than",
    "less-than-or-equal": "at most",
}
_REGIONS = {"european_union": "European Union", "united_states": "United States"}
_REACH = {True: "can receive {} marketing", False: "cannot receive {} marketing"}


def sentences(definition: Json, names: Names | None = None) -> tuple[tuple[str, ...], ...]:
    """A definition as groups of sentences: somebody is in the segment if in every group at least one of them holds.

    `names` gives names in place of ids. Empty for what is no definition.
    """
    groups = definition.get("condition_groups") if isinstance(definition, Mapping) else None
    if not isinstance(groups, list):
        return ()
    conditions = (group.get("conditions") if isinstance(group, Mapping) else None for group in groups)
    return tuple(tuple(_condition(each, names or {}) for each in found or ()) for found in conditions)


def mentioned(definition: Json) -> tuple[tuple[str, str], ...]:
    """What a definition names by its id, as pairs of a kind ("group" for a list or segment, "metric") and the id."""
    found: dict[tuple[str, str], None] = {}
    _collect(definition, found)
    return tuple(found)


def _collect(value: Json, found: dict[tuple[str, str], None]) -> None:
    if isinstance(value, Mapping):
        found.update({("group", ident): None for ident in value.get("group_ids") or () if isinstance(ident, str)})
        if isinstance(value.get("metric_id"), str):
            found["metric", value["metric_id"]] = None
        for part in value.values():
            _collect(part, found)
    elif isinstance(value, list):
        for part in value:
            _collect(part, found)


def _condition(one: Json, names: Names) -> str:
    if not isinstance(one, Mapping):
        return _unworded(one)
    try:
        said = _worded(one, names)
    except (KeyError, TypeError, AttributeError):
        said = ""
    return said or _unworded(one)


def _worded(one: Mapping[str, Any], names: Names) -> str:
    match one["type"]:
        case "profile-group-membership":
            verb = "is in" if one["is_member"] else "is not in"
            return f"{verb} {_named(one['group_ids'], names)}" + _when(one.get("timeframe_filter"), "joined")
        case "profile-metric":
            return _metric(one, names)
        case "profile-property":
            return f"{_property(one['property'])} {_filter(one['filter'])}"
        case "profile-marketing-consent":
            consent = one["consent"]
            return _REACH[consent["can_receive_marketing"]].format(consent["channel"]) + _status(
                consent["consent_status"]
            )
        case "profile-permissions":
            permission = one["permission"]
            return f"is {_words(permission['reachable_status'])} by {one['channel']}" + _rest(permission.get("filters"))
        case "profile-region":
            return f"is {'' if one['in_region'] else 'not '}in the {_REGIONS.get(one['region'], _words(one['region']))}"
        case "profile-postal-code-distance":
            near = _COUNTS[one["filter"]["operator"]]
            return (
                f"lives {near} {one['filter']['value']} {one['unit']} from {one['postal_code']}, {one['country_code']}"
            )
        case "profile-predictive-analytics":
            channel = f" of {one['predicted_channel']}" if "predicted_channel" in one else ""
            return f"predicted: {_words(one['dimension'])}{channel} {_filter(one['filter'])}"
        case "profile-has-custom-object":
            return f"has {_count(one['filter'])} objects of {_named([one['object_type_id']], names)}" + _where(
                one["filters"]
            )
        case "profile-metric-funnel":
            steps = [
                f"{'did' if step['metric_exists'] else 'did not do'} {_named([step['metric_id']], names)}"
                + _where(step.get("metric_filters"))
                for step in one["steps"]
            ]
            return f"{', then '.join(steps)}{_when(one['timeframe_filter'], '')}"
        case _:
            return ""


def _metric(one: Mapping[str, Any], names: Names) -> str:
    metric, number = _named([one["metric_id"]], names), one["measurement_filter"]
    if one["measurement"] == "sum":
        said = f"the sum of {metric} is {_count(number)}"
    elif (number["operator"], number["value"]) in (("equals", 0), ("less-than", 1)):
        said = f"never did {metric}"
    else:
        said = f"did {metric} {_count(number)} times"
    return said + _when(one["timeframe_filter"], "") + _where(one.get("metric_filters"))


def _count(number: Mapping[str, Any]) -> str:
    return f"{_COUNTS[number['operator']]} {_value(number['value'])}"


def _status(status: Mapping[str, Any]) -> str:
    subscription = status["subscription"]
    said = "" if subscription == "any" else f" ({_words(subscription)})"
    return said + _rest(status.get("filters"))


def _rest(filters: Json) -> str:
    """The conditions on how and when consent was given."""
    if not filters:
        return ""
    said = []
    for each in filters:
        method = f" {_words(each['method'])}" if "method" in each else ""
        how = f" {_filter(each['filter'])}" if each.get("filter") else ""
        said.append(f"{_words(each['field'])}{method}{how}")
    return f", where {' and '.join(said)}"


def _where(filters: Json) -> str:
    if not filters:
        return ""
    said = [f"{each.get('property', each.get('property_id'))} {_filter(each.get('filter'))}" for each in filters]
    return f", where {' and '.join(said)}"


def _when(frame: Json, verb: str) -> str:
    if not frame or frame.get("operator") == "alltime":
        return ", ever" if frame else ""
    return f",{f' {verb}' if verb else ''} {_date(frame)}"


def _filter(given: Json) -> str:
    if given is None:
        return "is anything"
    if given.get("type") == "date" or ("unit" in given and "operator" in given):
        return _date(given)
    if given["operator"] == "between":
        return f"is between {_value(given['start'])} and {_value(given['end'])}"
    value = f" {_value(given['value'])}" if "value" in given else ""
    return f"{_OPERATORS[given['operator']]}{value}"


def _date(given: Mapping[str, Any]) -> str:
    many = given.get("unit", "") + ("" if given.get("quantity") == 1 else "s")
    match given["operator"]:
        case "in-the-last":
            return f"in the last {given['quantity']} {many}"
        case "in-the-next":
            return f"in the next {given['quantity']} {many}"
        case "at-least":
            return f"at least {given['quantity']} {many} ago"
        case "between":
            return f"between {given['start']} and {given['end']} {given['unit']}s ago"
        case "between-static":
            return f"between {given['start']} and {given['end']}"
        case "anniversary-last" | "anniversary-next" as which:
            return f"with its anniversary in the {which.rpartition('-')[2]} {given['quantity']} {many}"
        case other:
            value = given.get("date", given.get("value"))
            return _OPERATORS[other] + (f" {_value(value)}" if value is not None else "")


def _value(value: Json) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(f"“{each}”" for each in value) or "nothing"
        case None:
            return "nothing"
        case str():
            return f"“{value}”"
        case _:
            return str(value)


def _property(path: str) -> str:
    """`properties['Shoe size']` is how Klaviyo writes a custom property."""
    bare = path.removeprefix("properties['").removesuffix("']")
    return f"“{bare}”"


def _named(idents: list[str], names: Names) -> str:
    return " or ".join(f"“{names.get(ident, ident)}”" for ident in idents) or "nothing"


def _words(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")


def _unworded(one: Json) -> str:
    kind = one.get("type") if isinstance(one, Mapping) else None
    return f"a condition that this page has no words for ({kind or 'unknown'}): read the exact request"
