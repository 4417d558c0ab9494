"""The API console: every operation with a form of its own. Reads run at once; writes become proposals."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django_htmx.http import HttpResponseClientRedirect

from klaviyo_admin import api
from klaviyo_admin.accounts import rights
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.review import ReviewRefused, propose
from klaviyo_admin.console import asking, drafts, editing, nodes, snippets, wanting
from klaviyo_admin.intents import PEOPLE, Intent
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import BadBody, BadQuery, Operation, UnknownOperation
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages import console_answer, console_words
from klaviyo_admin.pages.audit_reads import read
from klaviyo_admin.pages.console_answer import Answer
from klaviyo_admin.pages.console_typed import Form, begun
from klaviyo_admin.pages.facts import label
from klaviyo_admin.pages.render import account_for, page, part, person_of, wants_part
from klaviyo_admin.pages.words import RISKS

PROPOSED = "Proposed. Nothing has been sent to Klaviyo: somebody else decides about it first."


def console(request: HttpRequest, account: int) -> HttpResponse:
    """All operations, by words, area and what they do."""
    here = account_for(request, account)
    found = searched(request.GET)
    areas = [(key, label(key)) for key in catalogue.areas()]
    context = {
        "groups": grouped(found),
        "total": len(found),
        "of": len(catalogue.operations()),
        "areas_of_api": areas,
        "risks": [("read", "Reads"), ("write", "Changes something"), *RISK_CHOICES],
        "asked": {name: request.GET.get(name, "") for name in ("q", "area", "does")},
    }
    if wants_part(request):
        return part(request, "console/_operations.html", context, here)
    return page(request, "console/list.html", context, here)


RISK_CHOICES = [(name, words) for name, (words, _, _) in RISKS.items() if name != "policy"]


def searched(asked: QueryDict) -> list[Operation]:
    """The operations that hold all words in their name, address or aliases, within an area and a risk."""
    words, area, does = (asked.get("q") or "").lower().split(), asked.get("area"), asked.get("does")
    return [
        one
        for one in catalogue.operations()
        if (not area or one.area == area)
        and (not does or does == one.risk or (does == "write" and one.writes))
        and all(
            word in f"{one.label} {one.id} {one.method} {one.path} {' '.join(one.aliases)}".lower() for word in words
        )
    ]


def grouped(found: Sequence[Operation]) -> list[tuple[str, list[tuple[Operation, tuple[str, str, str]]]]]:
    groups: dict[str, list[tuple[Operation, tuple[str, str, str]]]] = {}
    for one in found:
        groups.setdefault(label(one.area), []).append((one, console_words.risk(one)))
    return list(groups.items())


def console_operation(request: HttpRequest, account: int, operation: str) -> HttpResponse:
    """The form of one operation; a POST is one of its buttons, named by `do`."""
    here = account_for(request, account)
    form = begun(request, here, operation_or_404(operation))
    answer, change = done(request, form, request.POST.get("do", ""))
    if change is not None:
        messages.success(request, PROPOSED)
        address = reverse("change", args=[here.pk, change.pk])
        return HttpResponseClientRedirect(address) if wants_part(request) else redirect(address)
    context = shown(form, answer, rights.may(request.user, here, "propose"))
    if wants_part(request):
        return part(request, "console/_operation.html", context, here)
    status = 422 if form.faults or form.why.errors else answer.trouble.status if answer and answer.trouble else 200
    return page(request, "console/operation.html", context, here, status)


def operation_or_404(name: str) -> Operation:
    try:
        return catalogue.operation(name)
    except UnknownOperation as unknown:
        raise Http404(str(unknown)) from None


def done(request: HttpRequest, form: Form, do: str) -> tuple[Answer | None, Change | None]:
    """What a button does to the form, and what came of it: an answer of Klaviyo's, or a change."""
    verb, _, place = do.partition(":")
    if verb in editing.VERBS:
        name, _, start = place.partition("@")
        form.draft = editing.edited(form.draft, verb, name, drafts.small(start, 0))
    elif verb == "condition":
        form.typed["q/filter/n"] = str(min(len(asking.rows(form.fields)) + 1, asking.MOST_CONDITIONS))
    elif verb in ("json", "form"):
        form.turn(to_json=verb == "json")
    elif verb == "propose" and form.found.writes:
        return proposed(request, form)
    elif verb in ("run", "next", "check"):
        if verb == "next":
            form.typed["q/cursor"] = place
        if form.check() and verb != "check" and not form.found.writes:
            return answered(request, form), None
    return None, None


def answered(request: HttpRequest, form: Form) -> Answer:
    """Runs a read; whose data of customers came with it is a line of the audit."""
    try:
        told = api.reader(form.account).hear(form.found.id, form.asked.path, form.asked.query, form.document)
    except KlaviyoError as error:
        return console_answer.failed(error)
    answer = console_answer.heard(form.account, told)
    for kind in PEOPLE & answer.kinds.keys():
        idents = answer.kinds[kind]
        if len(idents) == 1:
            said = f"Read {kind} {idents[0]} with “{form.found.label}” in the API console."
            read(person_of(request), form.account, kind, idents[0], said)
        else:
            said = f"Read {kind} data with “{form.found.label}” in the API console."
            read(person_of(request), form.account, kind, form.found.id, said)
    return answer


def proposed(request: HttpRequest, form: Form) -> tuple[Answer | None, Change | None]:
    """The new change; without one, the form's faults say why, or the answer does."""
    person = person_of(request)
    rights.demand(person, form.account, "propose")
    if not form.check() & form.why.is_valid():
        return None, None
    try:
        reason = form.why.cleaned_data["reason"]
        return None, propose(person, form.account, intent_of(form), reason, plan=form.why.plan())
    except KlaviyoError as error:
        return console_answer.failed(error), None
    except ReviewRefused as refusal:
        form.why.add_error(None, refusal.sentence)
    except (BadBody, BadQuery) as error:
        form.faults["q"] = [str(error)]
    return None, None


def intent_of(form: Form) -> Intent:
    return wanting.intent(
        form.found,
        form.asked.path,
        form.write(),
        None if form.found.media else form.document,
        api.reader(form.account),
        action=f"console.{form.found.id}",
        origin="from the API console",
    )


def shown(form: Form, answer: Answer | None, may_propose: bool) -> dict[str, Any]:
    tree, kept = form.tree()
    wire = form.wire()
    found = form.found
    return {
        "here": "console",
        "form": form,
        "found": found,
        "risk": console_words.risk(found),
        "facts": list(console_words.facts(found)),
        "tree": tree,
        "kept": kept,
        "path_parts": [(p, asking.text(form.fields, f"p/{p.name}")) for p in asking.path_parts(found)],
        "others": [(p, asking.text(form.fields, f"q/x/{p.name}")) for p in asking.other_parameters(found)],
        "conditions": asking.conditions(found),
        "rows": asking.rows(form.fields) if found.filters else [],
        "many": many(form),
        "curl": snippets.curl(found, wire),
        "python": snippets.python(found, wire),
        "answer": answer,
        "may_propose": may_propose,
        "most_fields": nodes.MOST_FIELDS,
    }


def many(form: Form) -> list[tuple[str, str, list[tuple[str, bool]]]]:
    """The boxes to tick: (name of the field, what it is, [(value, whether it is ticked)])."""
    found = form.found
    groups = [("q/include", "Read along", found.includes)] if found.includes else []
    groups += [
        (f"q/more/{kind}", f"Additional fields of {kind}", names) for kind, names in found.additional_fields.items()
    ]
    groups += [(f"q/fields/{kind}", f"Only these fields of {kind}", names) for kind, names in found.fields.items()]
    return [
        (name, title, [(value, value in form.typed.getlist(name)) for value in values])
        for name, title, values in groups
        if values
    ]


urlpatterns = [
    path("a/<int:account>/console/", console, name="console"),
    path("a/<int:account>/console/<slug:operation>/", console_operation, name="console-operation"),
]
