"""How a page shows when a change is sent, what holds it back, and what the person who looks can do about it."""

from typing import Any
from urllib.parse import unquote

from django import template
from django.template import RequestContext

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes import controls, emergency, freezes, refs
from klaviyo_admin.changes.bodies import Damaged
from klaviyo_admin.changes.models import OPEN, STUCK, UNDER_WAY, BrokenGlass, Change, Step
from klaviyo_admin.pages import stands, when

register = template.Library()
Context = dict[str, Any]


@register.simple_tag
def planned(change: Change) -> list[tuple[str, str]]:
    """The rows of a plan: pairs of a question and its answer. What was tampered with is not read out."""
    try:
        return when.words(change)
    except (TypeError, ValueError):
        return [("When", "What is stored of its plan is none.")]


@register.simple_tag
def waits(change: Change) -> str:
    """What a change that has not ended waits for, "" if for nothing but its turn."""
    until = f" It goes on by itself on {when.moment(change.not_before, change.account)}." if change.not_before else ""
    match change.waits_for:
        case "time":
            return f"It is approved and waits for its time.{until}"
        case "window":
            return f"It waits for the hours in which it may be sent.{until}"
        case "freeze":
            return f"A freeze holds everything of this account.{until}"
        case "key":
            return "A sealing key of this installation is missing. Nothing is sent until it is back."
        case "canary" if change.status == "paused":
            return "Its first requests were sent. Look at what they did; the others wait until somebody says “Go on”."
        case "person" if change.status == "paused":
            return "Somebody paused it. Nothing more of it is sent until somebody says “Go on”."
    return {"pause": "It is being paused.", "cancel": "The rest of it is cancelled."}.get(change.wish, "")


@register.simple_tag
def standing(change: Change) -> str:
    """How a change that is under way stands, as a word on its badge."""
    return stands.badge(change)


@register.simple_tag
def address(step: Step) -> str:
    """The address of a request as it left; before that, with what it waits for in words."""
    if not step.gaps:
        return str(step.path)
    try:
        return refs.as_sent(step)[0] if step.taken else unquote(step.path)
    except (Damaged, refs.Unanswered):
        return unquote(step.path)


@register.simple_tag
def borrowed(step: Step) -> list[str]:
    """What a request takes, or took, from the answers to earlier ones: a sentence for each."""
    found: dict[tuple[int, str], list[str]] = {}
    for row in step.gaps:
        places = found.setdefault((row["step"], row["pointer"]), [])
        places.append("its address" if row["at"].startswith("path") else "its body")
    sentences = []
    for (number, pointer), places in found.items():
        what = "the id" if pointer == "/data/id" else f"“{pointer}”"
        into = " and ".join(dict.fromkeys(places))
        sentences.append(f"Takes {what} from the answer to request {number}, for {into}.")
    return sentences


@register.inclusion_tag("changes/_controls.html", takes_context=True)
def running(context: RequestContext, change: Change) -> Context:
    """The buttons about a change that is not over, and the glass."""
    person = context["person"]
    own = person.pk == change.author_id and rights.may(person, change.account, "propose")
    decides = rights.may(person, change.account, "approve")
    hinders = own or decides
    unsent = change.status in controls.CAN_CANCEL and change.steps.filter(status="waiting").exists()
    breaks = change.status in OPEN and change.author_id != person.pk and emergency.may(person, change.account)
    return {
        **_frame(context, change),
        "can_pause": hinders and change.status in UNDER_WAY and not change.wish,
        "can_go_on": decides and (change.status == "paused" or change.wish == "pause"),
        "can_cancel": hinders and unsent and change.wish != "cancel",
        "can_retry": decides and change.status in STUCK and change.steps.filter(status="failed").count() > 1,
        "can_plan": hinders and change.status in ("proposed", "approved") and change.risk != "policy",
        "held": emergency.stands_in_the_way(change) if breaks else "",
        "glass": BrokenGlass.objects.filter(change=change).select_related("person", "reviewed_by").first(),
        "can_review": decides,
    }


@register.inclusion_tag("changes/_reviews.html", takes_context=True)
def reviews(context: RequestContext, account: Account) -> Context:
    """The changes for which the glass was broken and that nobody has looked at since."""
    return {**_frame(context), "account": account, "open": list(emergency.to_review(account))}


@register.inclusion_tag("_brakes.html", takes_context=True)
def brakes(context: RequestContext, account: Account | None) -> Context:
    """The band of every page while nothing is sent, or while a broken glass waits for its review."""
    if account is None or not isinstance(context.get("person"), Person):
        return {"account": None}
    holding, broken = freezes.holding(account), emergency.to_review(account)
    # Nearly always there are none, and to ask only that costs a third of reading them with all that they name.
    return {
        "account": account,
        "holding": [(each, when.moment(each.ends_at, account)) for each in holding] if holding.exists() else [],
        "broken": list(broken) if broken.exists() else [],
    }


def _frame(context: RequestContext, change: Change | None = None) -> Context:
    found = {"person": context["person"], "csrf_token": context.get("csrf_token")}
    return {**found, "change": change, "account": change.account} if change else found


@register.filter
def skipped_rows(step: Step) -> int:
    """How many rows of a job that is over Klaviyo neither took nor refused: with those, nothing was to be done."""
    return max(0, (step.total_rows or 0) - (step.completed_rows or 0) - (step.failed_rows or 0))
