"""One measurement of the pages in a process of its own, on the demo's data; prints one line of figures.

The sandbox is in this process, behind a transport that notes when it was waited for: calls side by side count once. The
time of a page is what is left, as a person with all rights in an account sees it. With `each` every page has its line on stderr.
"""

import statistics
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

import django

django.setup()

import httpx  # noqa: E402 after the set-up
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from klaviyo_admin import api  # noqa: E402
from klaviyo_admin.accounts.models import Account, Person  # noqa: E402
from klaviyo_admin.areas.lists import service  # noqa: E402
from klaviyo_admin.changes.models import Change  # noqa: E402
from klaviyo_admin.changes.review import propose  # noqa: E402
from klaviyo_admin.management import demo_people  # noqa: E402
from tests.fakes import InProcess, sandbox_in_process  # noqa: E402
from tests.pages.conftest import Shop  # noqa: E402
from tests.pages.filling import RESOURCES, some  # noqa: E402

PROFILES, CHANGES, ROUNDS, SLOW_ROUNDS = 5000, 50, 7, 3
START = 1_795_000_000.0
FASTEST, SLOWEST = 0.12, 0.30  # seconds that a slow Klaviyo takes for a call
PLAIN = {
    "home": ("",),
    "changes": ("changes/", "changes/?tab=all", "changes/?tab=finished"),
    "audit": ("audit/",),
    "console": ("console/", "console/create_campaign/", "console/get_profiles/", "console/create_segment/"),
    "coverage": ("coverage/", "coverage/?by=tool"),
    "reports": ("reports/campaigns/", "reports/flows/"),
    "files": ("imports/", "imports/new/", "exports/"),
    "settings": ("settings/", "settings/notices/", "people/", "policies/", "freezes/"),
    "find": ("find/", "find/?q=list", "outlook/limits/"),
}


class Waited(httpx.BaseTransport):
    """Carries requests to the sandbox, as slowly as one is told, and notes the time from the request to the last byte."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner, self.slow = inner, False
        self.spans: list[tuple[float, float, float]] = []
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        began, worked = time.perf_counter(), time.thread_time()
        answer = self.inner.handle_request(request)
        if self.slow:
            time.sleep(FASTEST + (SLOWEST - FASTEST) * (zlib.crc32(str(request.url).encode()) % 1000) / 1000)
        answer.read()
        with self._lock:
            self.spans.append((began, time.perf_counter(), time.thread_time() - worked))
        return answer

    def taken(self) -> tuple[float, float, float]:
        """Seconds in which anything was waited for, of the slowest call, and of the sandbox's work; then forgets."""
        spans, self.spans = sorted(self.spans), []
        waited, until = 0.0, 0.0
        for began, ended, _ in spans:
            waited += max(0.0, ended - max(began, until))
            until = max(until, ended)
        return waited, max((ended - began for began, ended, _ in spans), default=0.0), sum(work for *_, work in spans)


@dataclass(frozen=True, slots=True)
class Look:
    """Milliseconds of one look at a page: of the server without what it waited for, of the processor in that, altogether,
    and of the slowest call."""

    own: float
    worked: float
    whole: float
    slowest: float


def installed(klaviyo: InProcess) -> tuple[Shop, Client]:
    """The demo's people and accounts, with changes that wait, and a browser of the admin."""
    call_command("migrate", verbosity=0)
    demo_people.settle({address: "correct horse battery" for address, _, _ in demo_people.PEOPLE})
    shop = Shop(klaviyo, Account.objects.get(name="Juniper & Pine"))
    things = api.reader(shop.account).page("get_lists").items
    marketer = Person.objects.get(email="marketer@example.com")
    for number in range(CHANGES):
        thing = things[number % len(things)]
        propose(marketer, shop.account, service.edit((thing,), {"name": f"Autumn {number}"}), "For the fair in autumn")
    browser = Client(SERVER_NAME="127.0.0.1", headers={"Cache-Control": "no-cache"})
    browser.force_login(Person.objects.get(email="admin@example.com"))
    return shop, browser


def addresses(shop: Shop) -> Iterator[tuple[str, str]]:
    """Every kind of page with each of its addresses, and those of all areas."""
    for kind, rests in PLAIN.items():
        yield from ((kind, shop.url(rest)) for rest in rests)
    for change in Change.objects.order_by("pk")[:2]:
        yield "review", shop.url(f"changes/{change.pk}/")
    for resource in RESOURCES:
        if resource.source.list:
            yield "lists", shop.url(f"{resource.key}/")
        if resource.source.item:
            yield "details", shop.url(f"{resource.key}/{some(shop, resource, 1)[0].id}/")
        for action in resource.actions:
            ids = [] if action.on == "new" else [item.id for item in some(shop, resource, 1, action.key)]
            yield "forms", shop.url(f"{resource.key}/act/{action.key}/?{urlencode({'id': ids}, doseq=True)}")


def looked(browser: Client, waited: Waited, address: str) -> Look:
    waited.taken()
    began, worked = time.perf_counter(), time.process_time()
    answer = browser.get(address)
    whole, worked = time.perf_counter() - began, time.process_time() - worked
    assert answer.status_code == 200, (address, answer.status_code)
    upstream, slowest, sandbox = waited.taken()
    return Look(*(seconds * 1000 for seconds in (whole - upstream, worked - sandbox, whole, slowest)))


def server(shop: Shop, browser: Client, waited: Waited) -> str:
    """The server's own time for every page, each looked at several times after a first that does not count."""
    found: dict[str, list[Look]] = {}
    wanted = list(addresses(shop))
    for number in range(ROUNDS + 1):
        for _, address in wanted:
            look = looked(browser, waited, address)
            if number:
                found.setdefault(address, []).append(look)
    kinds: dict[str, list[str]] = {}
    for kind, address in wanted:
        kinds.setdefault(kind, []).append(address)
    told = [f"{kind} ({len(pages)}) {figures(found, pages)}" for kind, pages in kinds.items()]
    slow = sorted(found, key=lambda address: -statistics.median(look.worked for look in found[address]))
    for address in slow if "each" in sys.argv else ():
        print(figures(found, [address]), address, file=sys.stderr)  # noqa: T201 asked for
    worst = ", ".join(f"{address} {figures(found, [address])}" for address in slow[:3])
    return (
        f"{figures(found, list(found))} ms for {len(found)} pages (target p95 40), p50/p95 by the clock and of the processor; "
        f"{'; '.join(told)}; slowest {worst}"
    )


def session(shop: Shop, browser: Client, waited: Waited) -> str:
    """The cookie of somebody who is signed in, and the address of their start page."""
    return f"{browser.cookies['sessionid'].value} {shop.url()}"


def figures(found: dict[str, list[Look]], pages: list[str]) -> str:
    looks = [look for page in pages for look in found[page]]
    return f"{spread([look.own for look in looks])} [{spread([look.worked for look in looks])}]"


def details(shop: Shop, browser: Client, waited: Waited) -> str:
    """Detail pages on a slow Klaviyo, beside their slowest call; the median of each page counts."""
    wanted = [address for kind, address in addresses(shop) if kind == "details"]
    waited.slow = True
    ratios: dict[str, list[float]] = {}
    for _ in range(SLOW_ROUNDS):
        for address in wanted:
            look = looked(browser, waited, address)
            ratios.setdefault(address, []).append(look.whole / look.slowest)
    middle = {address: statistics.median(each) for address, each in ratios.items()}
    above = sorted((address for address in middle if middle[address] > 1.3), key=lambda address: -middle[address])
    said = ", ".join(f"{address} {middle[address]:.2f}" for address in above)
    return f"{spread(list(middle.values()), 2)} x of {len(middle)} pages (target 1.3); above: {said or 'none'}"


def spread(found: list[float], digits: int = 1) -> str:
    """The median and the 95th percentile."""
    ordered = sorted(found)
    return f"{statistics.median(ordered):.{digits}f}/{ordered[len(ordered) * 95 // 100]:.{digits}f}"


MEASURES = {"server": server, "details": details, "session": session}


def main() -> None:
    ticks = count()

    def now() -> float:  # leaps with every call, so that no limit is ever used up
        return START + next(ticks) * 0.5

    with sandbox_in_process(PROFILES, now=now) as klaviyo:
        waited = Waited(klaviyo.transport)
        with api.use_transport(waited, now):
            print(MEASURES[sys.argv[1]](*installed(klaviyo), waited))  # noqa: T201 read by the bench


if __name__ == "__main__":
    main()
