"""What the grave words of a change mean in plain English: its risk, whether it can be undone, and how it stands."""

from collections.abc import Sequence

from klaviyo_admin.changes.flags import PLURALS
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Outcome, Signed

# Of each risk: the words on its badge, their tone, and what it means.
RISKS = {
    "reversible": ("Changes data", "plain", "It changes data in Klaviyo."),
    "destructive": ("Removes data", "bad", "It removes something from Klaviyo."),
    "sends": ("Can send messages", "bad", "It can make Klaviyo send messages to people."),
    "policy": ("Policy", "bad", "It changes who has to approve what in this account. Nothing is sent to Klaviyo."),
    "privacy": ("Privacy", "bad", "It touches what people agreed to, or their right to be forgotten."),
}
UNDOS = {
    "exact": "Can be undone exactly: the values from before are kept here.",
    "delete-created": "Can be undone by deleting what it creates.",
    "re-create": "What it removes can only be made anew: with another id and without its history.",
    "compensate": "Cannot be undone exactly. A second change can make up for it as far as that goes.",
    "irreversible": "Cannot be undone.",
}
# How a change stands, beside its outcome: a tone and a sentence.
STANDS = {
    "proposed": ("plain", "Nothing has been sent. Somebody other than its author decides about it."),
    "approved": ("plain", "Approved. A worker starts with it in a moment."),
    "running": ("plain", "It is being sent."),
    "paused": ("wary", "It is paused: nothing more of it is sent until somebody lets it go on."),
    "done": ("good", ""),
    "failed": ("bad", ""),
    "unclear": ("wary", "For at least one request nobody knows whether Klaviyo carried it out. A person decides."),
    "stale": ("wary", "Settle it value by value, or propose it again from how things are now."),
    "rejected": ("bad", "It was rejected, and nothing was sent."),
    "withdrawn": ("plain", "Its author took it back, and nothing was sent."),
    "cancelled": ("wary", "What had not been sent was left out."),
    "expired": ("wary", "Nothing was sent. Propose it again if it is still wanted."),
}
STEP_TONES = {"done": "good", "failed": "bad", "unclear": "wary", "accepted": "wary", "sent": "wary"}


def step_tone(status: str) -> str:
    return STEP_TONES.get(status, "plain")


def risk_tag(risk: str) -> tuple[str, str]:
    """The badge of a risk: words and tone."""
    words, tone, _ = RISKS.get(risk, ("Unknown risk", "bad", ""))
    return words, tone


def meaning(change: Change) -> list[tuple[str, str]]:
    """What a decider should know before anything else: pairs of a question and its answer."""
    risk = RISKS.get(change.risk, ("", "", "Nobody has judged what this does. Look closely."))[2]
    if change.risk == "policy":
        return [("What it does", risk), ("Undo", "Propose the earlier rules again.")]
    return [("What it does", risk), ("Undo", UNDOS.get(change.reversibility, UNDOS["irreversible"]))]


def agreed(asked: Outcome, given: int) -> str:
    """How far the approval of a change is: "2 approvals by admins are needed; 1 given"."""
    if asked.met([]):
        return "The policy asks for no approval"
    wanted = [quorum(one.number, one.by) for one in asked.asked if one.number]
    wanted += [f"the agreement of {duty}" for duty in asked.also]
    are = "is" if len(wanted) == 1 and wanted[0].startswith(("1 ", "the ")) else "are"
    return f"{' and '.join(wanted)} {are} needed; {given} given"


def missing(asked: Outcome, signed: Sequence[Signed]) -> str:
    """What nobody has given yet of what is asked for, "" if that is nothing."""
    lacks = [
        quorum(one.number - sum(each.role in one.by for each in signed), one.by)
        for one in asked.asked
        if not one.met(signed)
    ]
    duties = {duty for one in signed for duty in one.duties}
    return " and ".join([*lacks, *(f"the agreement of {duty}" for duty in asked.also if duty not in duties)])


def quorum(number: int, by: Sequence[str]) -> str:
    """So many approvals of these roles: "1 approval by an admin", "2 approvals by admins or marketers"."""
    if number == 1:
        return f"1 approval by {' or '.join(f'{_article(role)} {role}' for role in by)}"
    return f"{number} approvals by {' or '.join(PLURALS.get(role, role) for role in by)}"


def _article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"
