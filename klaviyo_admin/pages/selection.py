"""Knows what "everything that fits these filters" means to an action: the question, and the things at this moment."""

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
    """The things now, or the error that kept them from being read: among others, that they are too many."""
    if chosen.question.fault:
        return (), Invalid(chosen.question.fault, status=400)
    asked = replace(chosen.question.asked, cursor="", size=largest(resource) or None)
    items: list[Item] = []
    try:
        if chosen.question.named:
            found = finding.find(reader, resource, chosen.question.named, MOST, asked.filter, asked.sort)
            if found.more:
                return (), Invalid(
                    f"There may be more {resource.many} with “{chosen.question.named}” in their names than the "
                    f"{len(found.items):,} found: there are too many to look through. Narrow the filters, or use an import.",
                    status=400,
                )
            return tuple(item for item in found.items if chosen.known is None or item.id in chosen.known), None
        while True:
            page = resource.page(reader, asked)
            items += page.items
            if len(items) > MOST:
                return (), Invalid(
                    f"More than {MOST:,} {resource.many} fit. Narrow the filters, or use an import.", status=400
                )
            if not page.next_cursor:
                break
            asked = replace(asked, cursor=page.next_cursor)
    except KlaviyoError as error:
        return (), error
    return tuple(item for item in items if chosen.known is None or item.id in chosen.known), None
