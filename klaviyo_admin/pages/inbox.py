"""The inbox: which changes of an account a person asked to see, and in which words each is listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Membership, Person
from klaviyo_admin.changes import comments, policy
from klaviyo_admin.changes.models import OPEN, UNDER_WAY, Approval, Change, Changes
from klaviyo_admin.pages import stands, together
from klaviyo_admin.pages.context import waiting
from klaviyo_admin.pages.models import SavedView
from klaviyo_admin.pages.narrowing import Narrow
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.pages.words import agreed, risk_tag

TABS = (
    ("waiting", "Waiting for me"),
    ("mine", "Mine"),
    ("running", "Running"),
    ("finished", "Finished"),
    ("all", "All"),
)
EMPTY = {
    "waiting": ("Nothing waits for your decision.", "What other people propose shows up here."),
    "mine": ("You have proposed nothing yet.", "Open a profile or a list and change something: it becomes a proposal."),
    "running": ("Nothing is running.", "Approved changes run here, one request after another."),
    "finished": ("Nothing has ended yet.", ""),
    "all": ("There are no changes yet.", "Whatever anybody wants to change in this account starts here."),
}
SIZE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One change in the list. `requests` and `things` count what it sends and what that touches. `flags` are badges in
    words with their tones, `held` the word for one that is under way; `together` says whether it may be approved beside others."""

    change: Change
    risk: str
    tone: str
    requests: int
    things: int
    agreed: str
    flags: tuple[tuple[str, str], ...] = ()
    together: bool = False
    held: str = ""


def context(person: Person, account: Account, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that templates/changes/inbox.html draws. `asked` is the query: tab, before, and the
    filters of narrowing.Narrow."""
    tab = asked.get("tab", "")
    proposes = rights.may(person, account, "propose")
    decides = rights.may(person, account, "approve") or Change.objects.waiting_for(person, account).exists()
    if tab not in EMPTY:
        tab = "waiting" if decides else "mine" if proposes else "all"
    form = Narrow(asked, account)
    found = form.of(_of_tab(tab, person, account), person)
    before = whole(asked.get("before"))
    page = list(_counted(found.filter(pk__lt=before) if before else found)[: SIZE + 1])
    narrowed = form.asked()
    shown = [key for key, _ in TABS if (decides or key != "waiting") and (proposes or key != "mine")]
    older = {"tab": tab, **narrowed, "before": page[SIZE - 1].pk} if len(page) > SIZE else {}
    return {
        "tab": tab,
        "tabs": [(key, label, "?" + urlencode({"tab": key, **narrowed})) for key, label in TABS if key in shown],
        "form": form,
        "narrowed": bool(narrowed),
        "lines": (lines := [_line(change, person) for change in page[:SIZE]]),
        "together": tab == "waiting" and sum(line.together for line in lines) > 1,
        "views": _views(person, account, query := urlencode({"tab": tab, **narrowed})),
        "query": query,
        "older_url": "?" + urlencode(older) if older else "",
        "newest_url": "?" + urlencode({"tab": tab, **narrowed}) if before else "",
        "empty": ("Nothing matches these filters.", "") if narrowed else EMPTY[tab],
    }


def _of_tab(tab: str, person: Person, account: Account) -> Changes:
    every = Change.objects.for_account(account)
    match tab:
        case "waiting":
            return waiting(person, account)
        case "mine":
            return every.filter(author_id=person.pk)
        case "running":
            return every.filter(status__in=[status for status in OPEN if status != "proposed"])
        case "finished":
            return every.exclude(status__in=OPEN)
        case _:
            return every


def _counted(changes: Changes) -> Any:
    here = Membership.objects.filter(account=OuterRef("change__account"), person=OuterRef("person"))
    signed = Approval.objects.filter(
        Exists(here), change=OuterRef("pk"), digest=OuterRef("digest"), decision="approve", person__is_active=True
    )
    given = signed.order_by().values("change").annotate(n=Count("pk")).values("n")
    counted = comments.flagged(changes).select_related("author")
    counted = counted.annotate(requests=Count("steps"), things=Sum("steps__counts"))
    return counted.annotate(given=Coalesce(Subquery(given), 0))


def _views(person: Person, account: Account, query: str) -> list[tuple[SavedView, bool]]:
    """The person's saved views of this inbox, and whether each is the one on show."""
    return [(view, view.query == query) for view in SavedView.objects.filter(person=person, account=account)]


def _line(change: Any, person: Person) -> Line:
    words, tone = risk_tag(change.risk)
    waits = change.status == "proposed"
    said = agreed(policy.sealed(change), change.given) if waits else ""
    flags = [("Changes requested", "wary")] if waits and change.wants_changes else []
    flags += [("You are asked", "wary")] if waits and change.asked_id == person.pk else []
    fits = not together.why_alone(change, person, change.requests, change.wants_changes)
    held = stands.badge(change) if change.status in UNDER_WAY else ""
    return Line(change, words, tone, change.requests, change.things or 0, said, tuple(flags), fits, held)
