"""Knows the common conditions of a segment as lines of a form, there and back; any other condition is a line of JSON."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone

from klaviyo_admin.areas.segments.vocabulary import CONSENTS, NUMERIC, STANDARD, UNITS
from klaviyo_admin.klaviyo.values import Json

Line = dict[str, str]
_CUSTOM = ("properties['", "']")


class Incomplete(ValueError):
    """A line that does not say enough to be a condition; the message is a sentence for its writer."""


def bare(name: str) -> str:
    """A property as people write it: "plan" for properties['plan']."""
    return name.removeprefix(_CUSTOM[0]).removesuffix(_CUSTOM[1]) if name.startswith(_CUSTOM[0]) else name


def as_definition(lines: Sequence[Line]) -> Json:
    """The definition that the filled lines say: "and" begins a group, "or" goes on with it. Raises Incomplete."""
    groups: list[list[Json]] = []
    for line in lines:
        if not line.get("kind"):
            continue
        if line["kind"] not in _BACK:
            raise Incomplete("There is no such kind of condition. Choose one from the list.")
        condition = _BACK[line["kind"]](line)
        if groups and line.get("join") == "or":
            groups[-1].append(condition)
        else:
            groups.append([condition])
    if not groups:
        raise Incomplete("Choose at least one condition.")
    return {"condition_groups": [{"conditions": group} for group in groups]}


def as_lines(definition: Mapping[str, Any]) -> list[Line]:
    """A definition as lines; a condition that no line can say whole is a line of JSON."""
    lines: list[Line] = []
    for group in definition.get("condition_groups") or ():
        for number, condition in enumerate(group.get("conditions") or ()):
            lines.append({"join": "or" if number else "and", **_line(condition)})
    return lines


def _line(condition: Mapping[str, Any]) -> Line:
    try:
        said = _THERE.get(condition.get("type", ""), _no_line)(condition)
        if said and _same(_BACK[said["kind"]](said), condition):
            return said
    except (Incomplete, KeyError):  # it says less, or more, than a line can
        pass
    return {"kind": "json", "json": orjson.dumps(condition, option=orjson.OPT_INDENT_2).decode()}


def _same(made: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Equal but for what is null in one and absent in the other."""
    return bool({k: v for k, v in made.items() if v is not None} == {k: v for k, v in given.items() if v is not None})


def _no_line(condition: Mapping[str, Any]) -> Line:
    return {}


# Lines into conditions.


def _property(line: Line) -> Json:
    name = _wanted(line, "property", "Name the property, such as plan.")
    kind, _, operator = _wanted(line, "compare", "Say how the property is compared.").partition(".")
    full = name if name in STANDARD or "['" in name else f"{_CUSTOM[0]}{name}{_CUSTOM[1]}"
    return {"type": "profile-property", "property": full, "filter": _compared(kind, operator, line)}


def _compared(kind: str, operator: str, line: Line) -> Json:
    if kind == "existence":
        return {"type": kind, "operator": operator}
    value = _wanted(line, "value", f"Say what “{line['property']}” is compared with.")
    if kind == "date":
        return _dated(operator, value, "day")
    found: Json = value
    if kind == "numeric":
        found = _number(value)
    elif kind == "boolean":
        found = _flag(value)
    elif operator in ("in", "not-in"):
        found = [part.strip() for part in value.split(",") if part.strip()]
    return {"type": kind, "operator": operator, "value": found}


def _metric(line: Line) -> Json:
    amount = _number(_wanted(line, "amount", "Say how often, or how much."))
    when = line.get("when") or "alltime"
    span = "" if when == "alltime" else _wanted(line, "span", "Say how long, or which date.")
    return {
        "type": "profile-metric",
        "metric_id": _wanted(line, "metric", "Pick what they did."),
        "measurement": line.get("measure") or "count",
        "measurement_filter": {"type": "numeric", "operator": line.get("bound") or NUMERIC[0][0], "value": amount},
        "timeframe_filter": _dated(when, span, line.get("unit") or "day"),
    }


def _group(line: Line) -> Json:
    ident = _wanted(line, "group", "Pick the list or segment.")
    return {"type": "profile-group-membership", "is_member": line.get("member") != "no", "group_ids": [ident]}


def _consent(line: Line) -> Json:
    said = _wanted(line, "consent", "Say what they agreed to.")
    if said not in dict(CONSENTS):
        raise Incomplete("Choose what they agreed to from the list.")
    channel, can, subscription = said.split(".")
    status = {"subscription": subscription}
    consent = {"channel": channel, "can_receive_marketing": can == "yes", "consent_status": status}
    return {"type": "profile-marketing-consent", "consent": consent}


def _region(line: Line) -> Json:
    inside, _, region = _wanted(line, "region", "Say where they live.").partition(".")
    return {"type": "profile-region", "in_region": inside == "yes", "region": region}


def _distance(line: Line) -> Json:
    return {
        "type": "profile-postal-code-distance",
        "country_code": _wanted(line, "country", "Give the country's code, such as US.").upper(),
        "postal_code": _wanted(line, "postal_code", "Give the postal code from which the distance counts."),
        "unit": line.get("distance_unit") or "kilometers",
        "filter": {
            "type": "numeric",
            "operator": line.get("near") or "less-than",
            "value": _number(_wanted(line, "distance", "Say how many kilometres or miles.")),
        },
    }


def _json(line: Line) -> Json:
    try:
        found = orjson.loads(_wanted(line, "json", "Write the condition as JSON."))
    except orjson.JSONDecodeError as error:
        raise Incomplete(f"This is not valid JSON: {error}.") from error
    if not isinstance(found, dict) or "type" not in found:
        raise Incomplete('A condition is an object with a type, such as {"type": "profile-region", …}.')
    return found


def _dated(operator: str, value: str, unit: str) -> Json:
    if operator == "alltime":
        return {"type": "date", "operator": operator}
    if operator in ("after", "before"):
        return {"type": "date", "operator": operator, "date": _moment(value)}
    number = _number(value)
    if not isinstance(number, int) or number < 1:
        raise Incomplete(f"“{value}” is no whole number of {dict(UNITS).get(unit, 'days')}.")
    return {"type": "date", "operator": operator, "unit": unit, "quantity": number}


def _moment(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Incomplete(f"“{text}” is no date. Write it like 2026-12-31.") from error
    return text if found.tzinfo else timezone.make_aware(found).isoformat()


def _number(text: str) -> int | float:
    try:
        return float(text) if "." in text else int(text)
    except ValueError as error:
        raise Incomplete(f"“{text}” is not a number. Type digits, such as 12.5.") from error


def _flag(text: str) -> bool:
    found = {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())
    if found is None:
        raise Incomplete(f"“{text}” is neither yes nor no.")
    return found


def _wanted(line: Line, key: str, otherwise: str) -> str:
    if value := line.get(key, "").strip():
        return value
    raise Incomplete(otherwise)


_BACK: Mapping[str, Callable[[Line], Json]] = {
    "property": _property,
    "metric": _metric,
    "group": _group,
    "consent": _consent,
    "region": _region,
    "distance": _distance,
    "json": _json,
}


# Conditions into lines.


def _property_line(condition: Mapping[str, Any]) -> Line:
    bound = condition["filter"]
    value = bound.get("value", bound.get("quantity", bound.get("date", "")))
    return {
        "kind": "property",
        "property": bare(condition["property"]),
        "compare": f"{bound.get('type')}.{bound.get('operator')}",
        "value": _written(value),
    }


def _metric_line(condition: Mapping[str, Any]) -> Line:
    bound, frame = condition["measurement_filter"], condition.get("timeframe_filter") or {}
    return {
        "kind": "metric",
        "metric": condition["metric_id"],
        "measure": condition["measurement"],
        "bound": bound["operator"],
        "amount": _written(bound["value"]),
        "when": frame.get("operator", "alltime"),
        "span": _written(frame.get("quantity", frame.get("date", ""))),
        "unit": frame.get("unit", "day"),
    }


def _group_line(condition: Mapping[str, Any]) -> Line:
    (first, *_) = condition["group_ids"] or [""]
    return {"kind": "group", "member": "yes" if condition["is_member"] else "no", "group": first}


def _consent_line(condition: Mapping[str, Any]) -> Line:
    found = condition["consent"]
    can = "yes" if found.get("can_receive_marketing") else "no"
    said = f"{found.get('channel')}.{can}.{found.get('consent_status', {}).get('subscription')}"
    return {"kind": "consent", "consent": said} if said in dict(CONSENTS) else {}


def _region_line(condition: Mapping[str, Any]) -> Line:
    return {"kind": "region", "region": f"{'yes' if condition['in_region'] else 'no'}.{condition['region']}"}


def _distance_line(condition: Mapping[str, Any]) -> Line:
    return {
        "kind": "distance",
        "country": condition["country_code"],
        "postal_code": condition["postal_code"],
        "distance_unit": condition["unit"],
        "near": condition["filter"]["operator"],
        "distance": _written(condition["filter"]["value"]),
    }


_THERE: Mapping[str, Callable[[Mapping[str, Any]], Line]] = {
    "profile-property": _property_line,
    "profile-metric": _metric_line,
    "profile-group-membership": _group_line,
    "profile-marketing-consent": _consent_line,
    "profile-region": _region_line,
    "profile-postal-code-distance": _distance_line,
}


def _written(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
