"""What of Klaviyo's API this dashboard reaches: each operation and each old tool with its screens and its tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import reach
from klaviyo_admin.klaviyo.catalogue import operation, operations
from klaviyo_admin.pages.facts import label
from klaviyo_admin.pages.render import account_for, page, person_of


@dataclass(frozen=True, slots=True)
class Line:
    """One operation or tool: `screens` are (words, address) of the places where it is reached."""

    id: str
    label: str
    screens: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]
    operations: tuple[tuple[str, str], ...] = ()


def coverage_anywhere(request: HttpRequest) -> HttpResponse:
    """The page of the first account, whose screens it links to."""
    accounts = rights.accounts_of(person_of(request))
    return redirect("coverage", account=accounts[0].pk) if accounts else redirect("home")


def coverage(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account)
    by_tool, gaps = request.GET.get("by") == "tool", request.GET.get("only") == "gaps"
    lines = tool_lines(here) if by_tool else operation_lines(here)
    shown = [line for line in lines if not (gaps and complete(line))]
    context = {"by_tool": by_tool, "gaps": gaps, "groups": grouped(shown, by_tool), **totals()}
    return page(request, "console/coverage.html", context, here)


def totals() -> dict[str, int]:
    old = reach.old_tools()
    return {
        "total": len(operations()),
        "reached": len(reach.spots()),
        "tested": len(reach.screen_tests()),
        "tools": len(old),
        "tools_reached": sum(tool.reachable for tool in old),
    }


def complete(line: Line) -> bool:
    names = [name for name, _ in line.operations] or [line.id]
    return all(name in reach.spots() for name in names)


def operation_lines(account: Account) -> Iterator[Line]:
    screens = screens_of(account)
    for one in operations():
        yield Line(one.id, one.label, screens(one.id), reach.tests(one.id))


def tool_lines(account: Account) -> Iterator[Line]:
    screens = screens_of(account)
    for tool in reach.old_tools():
        used = tuple((name, operation(name).label) for name in tool.operations)
        places = dict.fromkeys(place for name in tool.operations for place in screens(name))
        tested = dict.fromkeys(test for name in tool.operations for test in reach.tests(name))
        yield Line(tool.name, tool.name, tuple(places), tuple(tested), used)


def screens_of(account: Account) -> Callable[[str], tuple[tuple[str, str], ...]]:
    """What gives an operation's screens; each address is made once, though many operations share it."""

    @cache
    def address(url_name: str, keys: tuple[str, ...]) -> str:
        return reverse(url_name, args=[account.pk, *keys])

    def screens(name: str) -> tuple[tuple[str, str], ...]:
        found = reach.spots().get(name, ())
        return tuple((f"{spot.area}: {spot.label}", address(spot.url_name, spot.keys)) for spot in found)

    return screens


def grouped(lines: list[Line], by_tool: bool) -> list[tuple[str, list[Line]]]:
    if by_tool:
        return [("Tools", lines)] if lines else []
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(label(operation(line.id).area), []).append(line)
    return list(groups.items())


urlpatterns = [
    path("coverage/", coverage_anywhere, name="coverage-anywhere"),
    path("a/<int:account>/coverage/", coverage, name="coverage"),
]
