"""Every read that the official client has, with all that it may bring along, read by the client's models."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_client.exceptions import NotFoundException

from klaviyo_admin.klaviyo.catalogue import Operation, operations
from tests.contract.flows import FLOWS
from tests.contract.official import Json, Official

READS = [found for found in operations() if found.method == "GET" and not found.path.startswith("/client/")]
# The type of the things that live under an address: "profile" under "profiles".
OWNERS = {found.path.split("/")[2]: found.kind for found in READS if found.path.count("/") == 3}
NEEDED = {"get_campaigns": "equals(messages.channel,'email')", "get_coupon_codes": 'any(coupon.id,["CONTRACT"])'}
TRIED = 60
# The live service gives a report an id; the official schema has none.
RECORDED = {
    (f"query_{kind}", "/data/id")
    for kind in (
        "campaign_values",
        "flow_values",
        "flow_series",
        "form_values",
        "form_series",
        "segment_values",
        "segment_series",
    )
}
# Ways to things that no list tells: an action before its message.
RELATED = [found for found in READS if found.path.count("/") == 4]


@pytest.fixture(scope="session")
def furnished(shop: Official) -> Official:
    """The shop after all flows, so that there is something of each kind."""
    for flow in FLOWS:
        shop.once(flow)
    for found in READS:
        if "{" not in found.path:
            shop.call(found.id, *given(shop, found))
    for found in RELATED:
        owners = shop.seen.get(OWNERS[found.path.split("/")[2]], ())
        any(exists(shop, found, ident) for ident in list(owners)[-TRIED:] if found.kind not in shop.seen)
    return shop


def queries(found: Operation) -> Iterator[dict[str, Any]]:
    """Every include and additional field together, every sort by itself, and the smallest page."""
    plain = {
        f"additional_fields_{kind.replace('-', '_')}": list(names) for kind, names in found.additional_fields.items()
    }
    yield plain | ({"include": list(found.includes)} if found.includes else {})
    yield from ({"sort": sort} for sort in found.sorts)
    if found.page_max:
        yield {"page_size": 1}


def exists(shop: Official, found: Operation, ident: str) -> bool:
    try:
        shop.call(found.id, ident)
    except NotFoundException:
        return False
    return True


def given(shop: Official, found: Operation) -> tuple[str, ...]:
    """Path part or filter with which the read finds something: what was told last comes first."""
    if "{" not in found.path:
        return (NEEDED[found.id],) if found.id in NEEDED else ()
    for ident in list(reversed(shop.seen[OWNERS[found.path.split("/")[2]]]))[:TRIED]:
        if exists(shop, found, ident):
            return (ident,)
    raise AssertionError(f"nothing to ask {found.id} about")


@pytest.mark.processes
@pytest.mark.parametrize("found", READS, ids=lambda found: found.id)
def test_every_read_is_read_by_the_official_models(furnished: Official, found: Operation) -> None:
    first = given(furnished, found)
    for query in queries(found):
        document: Json = furnished.call(found.id, *first, **query)
        assert "data" in document


@pytest.mark.processes
def test_every_operation_was_asked_and_told_only_what_the_models_know(furnished: Official) -> None:
    asked = {line["operation"] for line in furnished.box.requests() if 200 <= (line["status"] or 0) < 300}
    assert {found.id for found in operations()} - asked == set()
    told = {(name, place) for name, places in furnished.differences.items() for place in places}
    assert told == RECORDED
