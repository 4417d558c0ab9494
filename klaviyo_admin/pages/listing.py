"""What a list page shows: the question asked, its answer as a table, and the ways on from here."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import finding
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Page
from klaviyo_admin.pages import picked_filters, selection, tables
from klaviyo_admin.pages.asking import Question, searchable
from klaviyo_admin.pages.render import trouble

MOST_FOUND = 100  # things by a part of their name on one page


def frame(request: HttpRequest, account: Account, question: Question) -> dict[str, Any]:
    """Everything but the rows: it shows even if Klaviyo does not answer."""
    resource = question.resource
    shown = tables.chosen(request, resource)
    may_propose = rights.may(request.user, account, "propose")
    actions = resource.actions if may_propose else ()
    return {
        "here": resource.key,
        "resource": resource,
        "question": question,
        "form": question.form,
        "query": question.data.urlencode(),
        "search_hint": searchable(resource),
        "columns": [(c, c in shown) for c in resource.columns],
        "new_actions": [a for a in actions if a.on == "new"],
        "bulk_actions": [a for a in actions if a.on == "many"],
        "matching": selection.parameters(question),
        "most": selection.MOST,
        "table": [f"areas/{resource.key}/_table.html", "components/_table.html"],
    }


def listed(reader: Reader, question: Question) -> tuple[Page, bool]:
    """One page of the list; for words that Klaviyo cannot search for, the first things with them in their names, and
    whether there may be more of those."""
    if not question.named:
        return question.resource.page(reader, question.asked), False
    asked = question.asked
    found = finding.find(reader, question.resource, question.named, MOST_FOUND, asked.filter, asked.sort)
    return Page(found.items, as_of=timezone.now()), found.more


def _side_by_side(reader: Reader, question: Question) -> list[Any]:
    """The page, and the things that the question speaks of; a KlaviyoError in place of what cannot be read."""
    calls: list[Callable[[], Any]] = [partial(listed, reader, question), *picked_filters.readings(reader, question)]
    if len(calls) > 1:
        return reader.gather(*calls)
    try:  # most lists speak of nothing else, which is not worth a thread
        return [listed(reader, question)]
    except KlaviyoError as error:
        return [error]


def read(request: HttpRequest, account: Account, question: Question) -> dict[str, Any]:
    """The rows as Klaviyo has them now and the addresses of the pages around them; or the `trouble` with reading them."""
    resource = question.resource
    shown = tables.chosen(request, resource)
    reader = api.reader(account)
    answer, *things = _side_by_side(reader, question)
    question = picked_filters.named(question, things)
    if isinstance(answer, KlaviyoError):
        return {"question": question, "trouble": trouble(answer)}
    found, more = answer
    return {
        "question": question,
        "heads": tables.heads(shown, question),
        "rows": tables.rows(found.items, shown, account, resource.key if resource.source.item else ""),
        "as_of": found.as_of,
        "more": more,
        "first_url": question.url(cursor="") if question.asked.cursor else "",
        "previous_url": question.url(cursor=found.previous_cursor) if found.previous_cursor else "",
        "next_url": question.url(cursor=found.next_cursor) if found.next_cursor else "",
    }
