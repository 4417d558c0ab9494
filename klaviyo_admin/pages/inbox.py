"""The inbox: which changes of an account a person asked to see, and in which words each is listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes import policy
from klaviyo_admin.changes.models import CHANGE_STATUSES, OPEN, UNDER_WAY, Approval, Change, Changes
from klaviyo_admin.pages.context import waiting
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
FINISHED = tuple(status for status, _ in CHANGE_STATUSES if status not in OPEN)
SIZE = 25


class Narrow(forms.Form):
    """The filters of the inbox; each is optional, and an unknown value is as good as none."""

    area = forms.ChoiceField(label="Area", required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Any"), *CHANGE_STATUSES])
    person = forms.ChoiceField(label="Proposed by", required=False)

    def __init__(self, data: Mapping[str, Any], account: Account) -> None:
        super().__init__(data, prefix=None)
        changes = Change.objects.filter(account=account)
        areas = sorted({action.partition(".")[0] for action in changes.values_list("action", flat=True).distinct()})
        people = Person.objects.filter(pk__in=changes.values("author")).order_by("name")
        self.choose("area", [(area, area.replace("_", " ").capitalize()) for area in areas])
        self.choose("person", [(str(person.pk), str(person)) for person in people])

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Anybody" if name == "person" else "Any"), *choices]

    def of(self, changes: Changes) -> Changes:
        self.is_valid()
        asked = {key: value for key, value in self.cleaned_data.items() if value}
        if "area" in asked:
            changes = changes.filter(action__startswith=f"{asked['area']}.")
        if "status" in asked:
            changes = changes.filter(status=asked["status"])
        if "person" in asked:
            changes = changes.filter(author_id=asked["person"])
        return changes


@dataclass(frozen=True, slots=True)
class Line:
    """One change in the list. `requests` and `things` count what it sends and what that touches."""

    change: Change
    risk: str
    tone: str
    requests: int
    things: int
    agreed: str


def context(person: Person, account: Account, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that templates/changes/inbox.html draws. `asked` is the query: tab, area, status, person, before."""
    tab = asked.get("tab", "")
    decides, proposes = rights.may(person, account, "approve"), rights.may(person, account, "propose")
    if tab not in EMPTY:
        tab = "waiting" if decides else "mine" if proposes else "all"
    form = Narrow(asked, account)
    found = form.of(_of_tab(tab, person, account))
    before = str(asked.get("before", ""))
    page = list(_counted(found.filter(pk__lt=int(before)) if before.isdecimal() else found)[: SIZE + 1])
    narrowed = {key: value for key, value in form.cleaned_data.items() if value}
    shown = [key for key, _ in TABS if (decides or key != "waiting") and (proposes or key != "mine")]
    older = {"tab": tab, **narrowed, "before": page[SIZE - 1].pk} if len(page) > SIZE else {}
    return {
        "tab": tab,
        "tabs": [(key, label, "?" + urlencode({"tab": key, **narrowed})) for key, label in TABS if key in shown],
        "form": form,
        "narrowed": bool(narrowed),
        "lines": [_line(change) for change in page[:SIZE]],
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
            return every.filter(status__in=(*UNDER_WAY, "paused"))
        case "finished":
            return every.filter(status__in=FINISHED)
        case _:
            return every


def _counted(changes: Changes) -> Any:
    signed = Approval.objects.filter(change=OuterRef("pk"), digest=OuterRef("digest"), decision="approve")
    given = signed.order_by().values("change").annotate(n=Count("pk")).values("n")
    counted = changes.select_related("author").annotate(requests=Count("steps"), things=Sum("steps__counts"))
    return counted.annotate(given=Coalesce(Subquery(given), 0))


def _line(change: Any) -> Line:
    words, tone = risk_tag(change.risk)
    said = agreed(policy.approvals_needed(change), change.given) if change.status == "proposed" else ""
    return Line(change, words, tone, change.requests, change.things or 0, said)
