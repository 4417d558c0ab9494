"""How the page of a change tells how far it reaches: read from Klaviyo after the page itself, or on demand without scripts."""

from collections.abc import Mapping
from typing import Any

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes import blast, bodies, digests, policy, undo
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages.render import trouble

OPEN = ("proposed", "approved")


def asked(account: Account, change: Change, query: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page draws of it at first: None for a change that is over, nothing yet until it is read by `reach`."""
    if change.status not in OPEN or change.action == policy.ACTION:
        return None
    return context(account, change) if query.get("reach") else {"unread": True}


def context(account: Account, change: Change) -> dict[str, Any]:
    """Everything that templates/changes/_reach.html draws."""
    told: dict[str, Any] = {"change": change}
    try:
        _, steps = digests.check(change.pk)
        found = blast.reach(api.reader(account), steps)
    except (digests.Altered, bodies.Damaged):
        return told
    except KlaviyoError as error:
        return told | {"reach_trouble": trouble(error)}
    people = found.people.number if found.people else None
    told["no_undo"] = undo.beyond(steps, people)
    return told | {"reach": found, "reach_trouble": trouble(found.error) if found.error else None}
