"""The policy of an account: its rules as sentences, a draft of others, and what they would have decided."""

import json
from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from klaviyo_admin.accounts import trust
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes import flags, policing, policy, rules
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.changes.rules import Rule
from klaviyo_admin.changes.zones import zone_of
from klaviyo_admin.pages.act import Why
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.pages.policy_form import RuleForm, answers, sentence
from klaviyo_admin.pages.render import account_for, page, person_of

MOST_RULES = 50


@dataclass(slots=True)
class Draft:
    """The rules that a person is about to propose. They travel with the page; nothing is kept before the proposal."""

    rules: list[Rule]
    editing: int = 0
    form: RuleForm | None = None
    why: Why | None = None
    replayed: list[policing.Replayed] | None = None

    @property
    def text(self) -> str:
        return json.dumps(rules.written(self.rules))


def policies(request: HttpRequest, account: int) -> HttpResponse:
    """GET shows the rules that hold; POST carries a draft one step further, at last to a proposal."""
    here = account_for(request, account, "manage")
    version = policy.current(here)
    held = list(rules.read(version.rules)) if version else []
    draft = carried(request, held)
    if request.method == "POST":
        made = act(request, here, draft)
        if made is not None:
            messages.success(request, "The policy is proposed. It holds once another admin has approved it.")
            return redirect("change", here.pk, made.pk)
    return page(request, "policies/policies.html", context(here, version, held, draft), here)


def carried(request: HttpRequest, held: list[Rule]) -> Draft:
    """The draft that came with the page, or the rules that hold if none or a broken one did."""
    try:
        return Draft(list(rules.read(orjson.loads(request.POST["draft"])))[:MOST_RULES])
    except (KeyError, ValueError):
        return Draft(list(held))


def act(request: HttpRequest, here: Account, draft: Draft) -> Change | None:
    """Does what the pressed button says; the change if that was a proposal."""
    verb, _, place = request.POST.get("do", "").partition(" ")
    number = whole(place) if whole(place) <= len(draft.rules) else 0
    match verb:
        case "remove" if number:
            del draft.rules[number - 1]
        case "edit" if number:
            draft.editing, draft.form = number, RuleForm(initial=answers(draft.rules[number - 1]))
        case "save":
            save(request, draft, number)
        case "replay":
            draft.replayed = list(policing.replay(here, draft.rules))
        case "propose":
            return proposed(request, here, draft)
    return None


def save(request: HttpRequest, draft: Draft, number: int) -> None:
    draft.form = form = RuleForm(request.POST)
    draft.editing = number
    if not form.is_valid():
        return
    draft.rules[number - 1 if number else len(draft.rules) : number or None] = [form.rule()]
    draft.editing, draft.form = 0, None


def proposed(request: HttpRequest, here: Account, draft: Draft) -> Change | None:
    draft.why = why = Why(request.POST, prefix="why")
    if not why.is_valid():
        return None
    try:
        return policing.propose(person_of(request), here, draft.rules, why.cleaned_data["reason"])
    except ReviewRefused as refused:
        why.add_error(None, refused.sentence)
        return None


def context(here: Account, version: Any, held: list[Rule], draft: Draft) -> dict[str, Any]:
    flagged = flags.flags(draft.rules, flags.deciders(here))
    replayed = draft.replayed or []
    waiting = Change.objects.for_account(here).filter(action=policy.ACTION, status="proposed").first()
    return {
        "version": version,
        "lines": [
            (n, sentence(rule), flag) for n, (rule, flag) in enumerate(zip(draft.rules, flagged, strict=True), 1)
        ],
        "draft": draft,
        "changed": draft.rules != held,
        "form": draft.form or RuleForm(),
        "why": draft.why or Why(prefix="why"),
        "waiting": waiting,
        "zone": str(zone_of(here)),
        "duties": trust.duties_in(here),
        "replayed": replayed,
        "asked_replay": draft.replayed is not None,
        "all_replayed": len(replayed) < policing.MOST_REPLAYED,
        "differing": [line for line in replayed if line.differs],
    }


urlpatterns = [path("a/<int:account>/policies/", policies, name="policies")]
