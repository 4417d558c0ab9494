"""Every read with every filter, sort, include and field that the catalogue says it takes: always an answer, never a fault."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from klaviyo_admin.klaviyo.catalogue import FilterField, Operation, operations
from klaviyo_admin.sandbox.rooms import ROOMS
from tests.fakes import InProcess, sandbox_in_process
from tests.sandbox.conftest import NOON

_READS = [o for o in operations() if o.method == "GET" and o.id in ROOMS]
_VALUES = {"boolean": "true", "number": "3", "integer": "3"}
_NEEDED = {
    "get_client_review_values_reports": {
        "group_by": "company_id",
        "statistics": "average_rating",
        "timeframe": "all_time",
    },
    "get_campaigns": {"filter": "equals(messages.channel,'email')"},
    "get_coupon_codes": {"filter": 'any(coupon.id,["WELCOME10"])'},
}


@pytest.fixture(scope="module")
def shop() -> Iterator[tuple[InProcess, httpx.Client, dict[str, str]]]:
    with sandbox_in_process(60, now=lambda: NOON) as box, box.client() as client:
        yield box, client, _idents(box, client)


def _idents(box: InProcess, client: httpx.Client) -> dict[str, str]:
    """An id of each kind that can be listed, by the name of its collection in an address."""
    found = {}
    for operation in _READS:
        parts = operation.path.strip("/").split("/")
        if "{" not in operation.path and parts[0] == "api":
            box.advance(5)
            rows = client.get(operation.path, params=_NEEDED.get(operation.id)).json().get("data") or []
            if rows:
                found[parts[1]] = rows[-1]["id"]
    for operation in _READS:
        parts = operation.path.strip("/").split("/")
        if len(parts) == 4 and parts[3] not in found and parts[1] in found:
            box.advance(5)
            rows = client.get(f"/api/{parts[1]}/{found[parts[1]]}/{parts[3]}").json().get("data") or []
            if isinstance(rows, list) and rows:
                found[parts[3]] = rows[0]["id"]
    return found


def _queries(operation: Operation) -> Iterator[dict[str, str]]:
    yield {}
    yield from ({"sort": name} for name in operation.sorts)
    yield from ({"include": name} for name in operation.includes)
    yield from ({f"fields[{kind}]": ",".join(names)} for kind, names in operation.fields.items())
    for kind, names in operation.additional_fields.items():
        yield {f"additional-fields[{kind}]": ",".join(names)}
    for field in operation.filters:
        yield from ({"filter": text} for text in _filters(field))


def _filters(field: FilterField) -> Iterator[str]:
    value = f'"{field.enum[0]}"' if field.enum else _VALUES.get(field.type, '"x"')
    if field.format == "date-time":
        value = "2026-01-01T00:00:00Z"
    for operator, shapes in field.operators.items():
        for shape in shapes:
            literal = {"none": "", "list": f",[{value},{value}]", "single": f",{value}"}[shape]
            yield f"{operator}({field.name}{literal})"


def _path(operation: Operation, idents: dict[str, str]) -> str:
    parts = operation.path.strip("/").split("/")
    ident = idents.get(parts[1]) or next(
        (p.enum[0] for p in operation.parameters if p.place == "path" and p.enum), "none"
    )
    return "/" + "/".join(ident if part.startswith("{") else part for part in parts)


def _together(needed: dict[str, str], query: dict[str, str]) -> dict[str, str]:
    """Both, the filter that the operation requires in front of the one that is tried, unless they are of one field."""
    first, then = needed.get("filter", ""), query.get("filter", "")
    field = first.partition("(")[2].partition(",")[0]
    both = f"{first},{then}" if first and then and f"({field}," not in then else then or first
    return {**needed, **query, "filter": both} if both else {**needed, **query}


@pytest.mark.parametrize("operation", _READS, ids=lambda operation: operation.id)
def test_whatever_a_read_allows_is_answered(shop: Any, operation: Operation) -> None:
    box, client, idents = shop
    company = {"company_id": "SBXJP1"} if operation.path.startswith("/client/") else {}
    for query in _queries(operation):
        box.advance(61 if "profile_count" in str(query) or "predictive" in str(query) else 5)
        params = {**company, **_together(_NEEDED.get(operation.id, {}), query)}
        answer = client.get(_path(operation, idents), params=params)
        assert answer.status_code in (200, 404), f"{query}: {answer.status_code} {answer.text}"
