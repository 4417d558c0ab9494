"""The page of one action: its form, the things it is about, and the reason; a good answer becomes a proposed change."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import area_of, find
from klaviyo_admin.areas.base import Action, Resource
from klaviyo_admin.changes import timing
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.review import ReviewRefused, propose
from klaviyo_admin.klaviyo.bodies import BadBody
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.operation import BadQuery
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import again, picking, rejected_rows, selection, upload_ceiling
from klaviyo_admin.pages.render import Trouble, account_for, page, person_of, trouble
from klaviyo_admin.pages.selection import Selection
from klaviyo_admin.pages.when import When
from klaviyo_admin.pages.when import begun as begun_plan

MOST = 100  # things that a person ticks on list pages for one action


class Why(forms.Form):
    """The reason of a change, which its approver reads first and the audit keeps."""

    reason = forms.CharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The person who approves reads this first, and it stays in the audit.",
        error_messages={"required": "Say why: whoever approves this sees only what you write here."},
    )


class Planned(When, Why):
    """The reason of a change, and when and how carefully it is sent."""


@dataclass(slots=True)
class Doing:
    """One action that somebody is about to propose: what on, what they typed, and what stands in the way."""

    account: Account
    resource: Resource
    action: Action
    ids: tuple[str, ...]
    matching: Selection | None = None
    items: tuple[Item, ...] = ()
    error: KlaviyoError | None = None

    @property
    def names(self) -> list[str]:
        return [self.resource.name(item) for item in self.items]

    @property
    def back_url(self) -> str:
        if len(self.ids) == 1 and self.resource.source.item:
            return reverse("resource-item", args=[self.account.pk, self.resource.key, self.ids[0]])
        return list_url(self.account, self.resource)


def act(request: HttpRequest, account: int, key: str, action: str) -> HttpResponse:
    """GET shows the form; POST proposes the change, or shows the form again with what is wrong and what was typed."""
    doing = begun(request, account_for(request, account, "propose"), key, action)
    if fault := wrong_number(doing):
        messages.error(request, fault)
        return redirect(list_url(doing.account, doing.resource))
    doing.items, doing.error = read(doing)
    form, why = filled(request, doing)
    if request.method == "POST" and not doing.error and form.is_valid() & why.is_valid():
        change = proposed(request, doing, form, why)
        if change:
            messages.success(
                request, "Proposed. Nothing has been sent to Klaviyo: somebody else decides about it first."
            )
            return redirect("change", doing.account.pk, change.pk)
    return shown(request, doing, form, why)


def resource_of(key: str) -> Resource:
    """The resource of an address; 404 for a key that none has."""
    resource = find(key)
    if resource is None:
        raise Http404("There is no such area.")
    return resource


def begun(request: HttpRequest, account: Account, key: str, action: str) -> Doing:
    resource = resource_of(key)
    found = resource.action(action)
    if found is None:
        raise Http404("There is no such action.")
    ids = tuple(dict.fromkeys(i for i in request.GET.getlist("id") if i))
    matching = selection.of(resource, request) if found.on == "many" else None
    return Doing(account, resource, found, () if matching else ids, matching)


def wrong_number(doing: Doing) -> str:
    """A sentence if the action cannot take this many things."""
    given, one, many = len(doing.ids), doing.resource.one, doing.resource.many
    match doing.action.on:
        case "item" if given != 1:
            return f"“{doing.action.verb}” is for one {one} at a time. Open it and start there."
        case "many" if not given and not doing.matching:
            return f"Tick at least one of the {many} first."
        case "many" if given > MOST:
            return f"At most {MOST} {many} can be changed at once from a list. For more, use an import."
    return ""


def read(doing: Doing) -> tuple[tuple[Item, ...], KlaviyoError | None]:
    """The things as Klaviyo has them now, side by side; the first error if any of them cannot be read."""
    if doing.action.on == "new":
        return (), None
    reader = api.reader(doing.account)
    if doing.matching:
        return selection.read(reader, doing.resource, doing.matching)
    found = reader.gather(*(partial(doing.resource.item, reader, id) for id in doing.ids))
    error = next((each for each in found if isinstance(each, KlaviyoError)), None)
    return tuple(each for each in found if isinstance(each, Item)), error


def filled(request: HttpRequest, doing: Doing) -> tuple[forms.Form, Planned]:
    start = doing.action.start
    initial = start(doing.items) if start and doing.items and not doing.error else {}
    # A link may say what is picked to begin with.
    initial |= {name: request.GET[name] for name in picking.named(doing.action.form) if name in request.GET}
    asked: dict[str, Any] = {"account": doing.account, "prefix": "why"}
    if request.method == "POST":
        form, why = doing.action.form(request.POST, request.FILES, initial=initial), Planned(request.POST, **asked)
    else:
        old = again.replaced(request, person_of(request), doing.account)
        if old and not doing.error:
            initial = again.begun(old, doing.action, doing.items, initial)
        kept = {"reason": old.reason, **begun_plan(timing.of(old))} if old else {}
        form, why = doing.action.form(initial=initial), Planned(initial=kept, **asked)
    if not doing.error:
        picking.prepare(form, doing.account)
    upload_ceiling.say_what_was_dropped(request, form)
    return form, why


def proposed(request: HttpRequest, doing: Doing, form: forms.Form, why: Planned) -> Change | None:
    """The new change; None if it cannot be proposed, with the reason as an error of the form."""
    try:
        intent = doing.action.build(doing.items, answers(doing, form))
        reason, old = why.cleaned_data["reason"], again.replaced(request, person_of(request), doing.account)
        return propose(person_of(request), doing.account, intent, reason, supersedes=old, plan=why.plan())
    except ReviewRefused as refusal:
        form.add_error(None, refusal.sentence)
    except BadBody as error:
        form.add_error(None, f"Klaviyo would not take this: {error}")
    except BadQuery as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error)
    return None


def answers(doing: Doing, form: forms.Form) -> dict[str, Any]:
    """What was answered, with things in place of what was picked; with the account's public id (`company_id`) where an
    operation of the browser's API asks for it."""
    found = picking.resolved(form, doing.account)
    asked = {parameter.name for name in doing.action.operations for parameter in operation(name).parameters}
    return found | {"company_id": doing.account.klaviyo_id} if "company_id" in asked else found


def list_url(account: Account, resource: Resource) -> str:
    """The list of a resource, or of the first of its area where it has none of its own."""
    area = area_of(resource.key)
    listed = [each for each in (resource, *(area.resources if area else ())) if each.source.list or each == resource]
    first = next((each for each in listed if each.source.list), resource)
    return reverse("resource-list", args=[account.pk, first.key])


def shown(request: HttpRequest, doing: Doing, form: forms.Form, why: Why) -> HttpResponse:
    panel = trouble_of(doing.error) if doing.error else None
    wrong = request.method == "POST" and panel is None
    rejected_rows.offer(form)
    context: dict[str, Any] = {
        "here": doing.resource.key,
        "doing": doing,
        "form": form,
        "why": why,
        "trouble": panel,
        "title": heading(doing),
    }
    templates = [f"areas/{doing.resource.key}/act_{doing.action.key}.html", "areas/act.html"]
    return page(request, templates, context, doing.account, panel.status if panel else 422 if wrong else 200)


def trouble_of(error: KlaviyoError) -> Trouble:
    """The panel for what keeps the things from being acted on."""
    if isinstance(error, selection.Unfit):
        remedy = "Go back to the list and change what it asks for, or tick single rows there."
        return Trouble("This cannot be done to all that fit", error.summary, remedy, status=400)
    return trouble(error)


def heading(doing: Doing) -> str:
    """What is about to be proposed: "Edit Ada Lovelace", "Set a property: 12 profiles", "New list"."""
    names: Sequence[str] = doing.names
    if doing.action.on == "new":
        return doing.action.verb
    if len(names) == 1:
        return f"{doing.action.verb}: {names[0]}"
    number = len(names) or len(doing.ids)
    return f"{doing.action.verb}: {number:,} {doing.resource.one if number == 1 else doing.resource.many}"
