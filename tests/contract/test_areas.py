"""Every area, worked through by Klaviyo's own client: made, read, changed, paged to the end, queued, reported, deleted."""

from collections.abc import Callable

import pytest

from tests.contract.flows import FLOWS
from tests.contract.official import Official


@pytest.mark.processes
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_the_official_client_works_through(shop: Official, flow: Callable[[Official], None]) -> None:
    shop.once(flow)
