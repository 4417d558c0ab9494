"""Knows what "everything that fits these filters" means to an action: the question, and the things at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, QueryDict

from klaviyo_admin.areas import finding
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import Invalid, KlaviyoError
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.asking import Question, ask, largest

ALL = "all"
MOST = 1000  # things; for more there are imports and segments
_PREFIX = "f-"


class Unfit(Invalid):
    """Klaviyo was asked for nothing wrong: what fits is nothing, or too much, for an action on all of it."""

    def __init__(self, summary: str) -> None:
        super().__init__(summary, status=400)


@dataclass(frozen=True, slots=True)
class Selection:
    """All things that fit a list's filters. `known` are the ids that the person saw when the form was opened: what
    joined since is left out, because nobody looked at it."""

    question: Question
    known: frozenset[str] | None


def parameters(question: Question) -> list[tuple[str, str]]:
    """The question as hidden fields beside the boxes of a list."""
    return [(f"{_PREFIX}{name}", str(value)) for name, value in question.data.items() if name not in ("cursor", "size")]


def of(resource: Resource, request: HttpRequest) -> Selection | None:
    """The selection that a request speaks of; None where single things were ticked."""
    if request.GET.get(ALL) != "1":
        return None
    data = QueryDict(mutable=True)
    for name, value in request.GET.items():
        if name.startswith(_PREFIX):
            data[name.removeprefix(_PREFIX)] = str(value)
    seen = frozenset(request.POST.getlist("seen")) if request.method == "POST" else None
    return Selection(ask(resource, data), seen)


def read(reader: Reader, resource: Resource, chosen: Selection) -> tuple[tuple[Item, ...], KlaviyoError | None]:
    """The things now, or the error that kept them from being read: among others, that they are none, or too many."""
    if chosen.question.fault:
        return (), Unfit(chosen.question.fault)
    try:
        found = _named(reader, resource, chosen.question) if chosen.question.named else _all(reader, resource, chosen)
    except KlaviyoError as error:
        return (), error
    items = tuple(item for item in found if chosen.known is None or item.id in chosen.known)
    if not items:
        now = "" if chosen.known is None else " of those that you saw"
        return (), Unfit(f"None of the {resource.many}{now} fits these filters now.")
    return items, None


def _named(reader: Reader, resource: Resource, question: Question) -> Sequence[Item]:
    """What has the words of the search box in its name, where Klaviyo cannot search for a part of one."""
    asked = question.asked
    found = finding.find(reader, resource, question.named, MOST, asked.filter, asked.sort)
    if found.more:
        raise Unfit(
            f"There may be more {resource.many} with “{question.named}” in their names than the {len(found.items):,} "
            "found: there are too many to look through. Narrow the filters, or use an import."
        )
    return found.items


def _all(reader: Reader, resource: Resource, chosen: Selection) -> Sequence[Item]:
    asked = replace(chosen.question.asked, cursor="", size=largest(resource) or None)
    items: list[Item] = []
    while True:
        page = resource.page(reader, asked)
        items += page.items
        if len(items) > MOST:
            raise Unfit(f"More than {MOST:,} {resource.many} fit. Narrow the filters, or use an import.")
        if not page.next_cursor:
            return items
        asked = replace(asked, cursor=page.next_cursor)
