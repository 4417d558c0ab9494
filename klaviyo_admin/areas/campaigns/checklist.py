"""Knows what a campaign needs before it can be sent, and what of that it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from klaviyo_admin.areas.campaigns import strategy
from klaviyo_admin.areas.campaigns.columns import EMAIL, MESSAGES, channel, headline
from klaviyo_admin.areas.words import counted, name
from klaviyo_admin.klaviyo.values import Item

DONE, OPEN, HINT = "done", "open", "hint"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to see to: its state is DONE, OPEN (needed and missing) or HINT (missing, yet not needed); `said` is how
    it stands. `resource`, `action` and `id` say where it is changed."""

    label: str
    state: str
    said: str
    resource: str
    action: str
    id: str


def checks(campaign: Item, messages: Sequence[Item], estimate: Item | None) -> tuple[Check, ...]:
    """What there is to see to, in the order in which people do it."""
    found = [_audience(campaign), *(check for message in messages for check in _message(message))]
    return (*found, _estimate(campaign, estimate), _when(campaign))


def _audience(campaign: Item) -> Check:
    included, excluded = (campaign.get(f"audiences.{way}", ()) for way in ("included", "excluded"))
    said = counted(len(included), "list or segment", "lists and segments") if included else "Nobody gets it yet"
    said += f", {len(excluded)} left out" if excluded else ""
    return Check("Audience", DONE if included else OPEN, said, "campaigns", "audience", campaign.id)


def _message(message: Item) -> tuple[Check, ...]:
    missing = _missing(message)
    said = f"Missing: {', '.join(missing)}" if missing else headline(message) or ""
    text = Check("Message", OPEN if missing else DONE, said, "campaign-messages", "edit", message.id)
    if channel(message) != EMAIL:
        return (text,)
    kept = next(iter(message.ones("template")), None)
    has = kept is not None or bool(message.related.get("template"))
    said = name(kept) if kept else "Chosen" if has else "None yet"
    return text, Check("Template", DONE if has else OPEN, said, "campaign-messages", "template", message.id)


def _missing(message: Item) -> list[str]:
    needed = {"subject": "the subject", "from_label": "the sender’s name", "from_email": "the sender’s address"}
    if channel(message) != EMAIL:
        needed = {} if message.get("definition.notification_type") == "silent" else {"body": "the text"}
    return [words for key, words in needed.items() if not message.get(f"definition.content.{key}")]


def _estimate(campaign: Item, estimate: Item | None) -> Check:
    count = estimate.get("estimated_recipient_count") if estimate else None
    if count is None:
        return Check("Recipients", HINT, "Not counted lately", "campaigns", "estimate", campaign.id)
    state, said = (DONE, counted(count, "person", "people")) if count else (OPEN, "Nobody can be reached")
    return Check("Recipients", state, said, "campaigns", "estimate", campaign.id)


def _when(campaign: Item) -> Check:
    wanted = campaign.get("send_strategy")
    if strategy.passed(wanted):
        return Check(
            "When", OPEN, f"The time has passed: {strategy.said(wanted)}", "campaigns", "schedule", campaign.id
        )
    said = strategy.said(wanted) or "at once"
    return Check("When", DONE, said[:1].upper() + said[1:], "campaigns", "schedule", campaign.id)


def lacking(campaign: Item) -> tuple[Check, ...]:
    """What a campaign surely lacks, by what came along with it: nothing is said of what did not come."""
    found = [_audience(campaign), *(check for message in campaign.ones(MESSAGES) for check in _message(message))]
    unknown = {message.id for message in campaign.ones(MESSAGES) if "template" not in message.related}
    missing = (check for check in found if check.state == OPEN)
    return tuple(check for check in missing if not (check.action == "template" and check.id in unknown))


def ready(found: Sequence[Check]) -> bool:
    """Whether nothing needed is missing."""
    return all(check.state != OPEN for check in found)
