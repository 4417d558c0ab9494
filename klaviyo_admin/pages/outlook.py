"""The parts of a start page that have to ask: key figures, what the limits leave today, what the key cannot read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import figures, scopes
from klaviyo_admin.areas.figures import Figure
from klaviyo_admin.klaviyo.catalogue import operations
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages.render import account_for, page, part, trouble, wants_part

T = TypeVar("T")
MINUTES = 60
FIGURES_FOR, SCOPES_FOR = 10 * MINUTES, 60 * MINUTES  # seconds for which an answer is good
DAY = 86_400
WIDTH, HEIGHT = 160, 36  # of a line of figures


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with its line: `line` are the points of a polyline within WIDTH and HEIGHT, `said` what it shows in words."""

    figure: Figure
    line: str
    said: str


@dataclass(frozen=True, slots=True)
class Day:
    """How much of an operation's daily limit is spent."""

    label: str
    operation: str
    spent: int
    allowed: int

    @property
    def near(self) -> bool:
        return self.spent * 10 >= self.allowed * 8


def outlook(request: HttpRequest, account: int, name: str) -> HttpResponse:
    """One part of the start page, for htmx; as a page of its own without."""
    here = account_for(request, account)
    if name not in PARTS:
        raise Http404("The start page has no such part.")
    template, read = PARTS[name]
    try:
        context = read(here, fresh=bool(request.GET.get("fresh")))
    except KlaviyoError as error:
        context = {"trouble": trouble(error)}
    context |= {"name": name, "part": template}
    if wants_part(request):
        return part(request, template, context, here)
    return page(request, "home/part.html", context, here)


def kept(account: Account, name: str, seconds: int, fresh: bool, read: Callable[[], T]) -> tuple[T, datetime]:
    """What `read` gave at most so many seconds ago, and when; of this key alone, and never personal data: it lies in the
    memory of the process."""
    key = f"{name}/{account.pk}/{account.key_added_at}/{timezone.get_current_timezone_name()}".replace(" ", "_")
    found: tuple[T, datetime] | None = None if fresh else cache.get(key)
    if found is None:
        found = (read(), timezone.now())
        cache.set(key, found, seconds)
    return found


def key_figures(account: Account, fresh: bool) -> dict[str, Any]:
    def read() -> tuple[tuple[Figure, ...], str]:
        reader = api.reader(account)
        return figures.figures(reader, timezone.localtime()), currency(reader)

    (found, money), as_of = kept(account, "figures", FIGURES_FOR, fresh, read)
    drawn = [Drawn(each, polyline(each.points), words(each)) for each in found]
    return {"figures": drawn, "currency": money, "as_of": as_of, "days": figures.DAYS, "width": WIDTH, "height": HEIGHT}


def currency(reader: Reader) -> str:
    """The account's currency; "" where the key may not read it."""
    try:
        found = reader.page("get_accounts").items
    except KlaviyoError:
        return ""
    return str(found[0].get("preferred_currency") or "") if found else ""


def polyline(points: Sequence[float]) -> str:
    """ "0,34 5.9,12 …": from the first to the last, zero at the bottom, the highest at the top."""
    if len(points) < 2:
        return ""
    top = max(points) or 1
    step, room = WIDTH / (len(points) - 1), HEIGHT - 4
    return " ".join(f"{n * step:.1f},{HEIGHT - 2 - point / top * room:.1f}" for n, point in enumerate(points))


def words(figure: Figure) -> str:
    return f"{figure.label} by day: lowest {min(figure.points, default=0):,.0f}, highest {max(figure.points, default=0):,.0f}"


def limits(account: Account, fresh: bool) -> dict[str, Any]:
    """The daily limits that anything was spent of, the fullest first. Nothing is asked of Klaviyo."""
    budget = api.reader(account).budget
    found = []
    for one in operations():
        if one.limits.day and budget:
            for window in budget.spending(one):
                if window.seconds == DAY and window.left < window.allowed:
                    found.append(Day(one.label, one.id, window.allowed - window.left, window.allowed))
    return {"budgets": sorted(found, key=lambda day: -day.spent / day.allowed), "as_of": timezone.now()}


def unreadable(account: Account, fresh: bool) -> dict[str, Any]:
    found, as_of = kept(account, "scopes", SCOPES_FOR, fresh, lambda: scopes.missing(api.reader(account)))
    return {"missing": found, "as_of": as_of}


PARTS: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "figures": ("home/_figures.html", key_figures),
    "limits": ("home/_limits.html", limits),
    "scopes": ("home/_scopes.html", unreadable),
}
urlpatterns = [path("a/<int:account>/outlook/<slug:name>/", outlook, name="outlook")]
