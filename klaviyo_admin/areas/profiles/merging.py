"""Knows two profiles side by side: what each of them has, which of it a merge keeps, and the merge itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import to_many
from klaviyo_admin.areas.profiles.service import LABELS, LOCATION, name, target
from klaviyo_admin.areas.profiles.standing import standings
from klaviyo_admin.intents import MERGED, FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

STAYS, GOES = "of who stays", "of who goes"
TAKEN, SHOWN = "taken", "shown"  # whether what one of them lacks is taken over from the other, or Klaviyo decides


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of both: what it is called, how it is drawn, its two values, and whether it is one of those that who stays
    takes over where they lack them."""

    label: str
    one: Json
    two: Json
    as_: str = "text"
    taken: bool = True

    @property
    def differs(self) -> bool:
        return bool(self.one != self.two)


def lines(one: Item, two: Item) -> Iterator[Line]:
    """Every fact that one of them has: the identity, the custom properties, the moments, and consent."""
    for key, label in LABELS.items():
        place = ("location", key) if key in LOCATION else (key,)
        yield from _line(Line(label, one.at(place), two.at(place)))
    for key in sorted({*one.get("properties", {}), *two.get("properties", {})}, key=str.lower):
        yield from _line(Line(key, one.at(("properties", key)), two.at(("properties", key))))
    for key, label in (("created", "Created"), ("last_event_date", "Last active")):
        yield from _line(Line(label, one.get(key), two.get(key), "moment", taken=False))
    mine, theirs = ({each.channel: each.word for each in standings(item)} for item in (one, two))
    for channel in mine | theirs:
        yield from _line(Line(channel, mine.get(channel), theirs.get(channel), taken=False))


def _line(line: Line) -> Iterator[Line]:
    if any(value not in (None, "", []) for value in (line.one, line.two)):
        yield line


def merge(items: Sequence[Item], answers: Answers) -> Intent:
    """Gives up the profile `other` for the one in `items`. What both of them have goes with it, for who approves."""
    (kept,) = items
    other: Item = answers["other"]
    if other.id == kept.id:
        raise ValidationError({"other": "This is the same profile. Pick the one that shall go."})
    data = {"type": "profile-merge", "id": kept.id, "relationships": {"profiles": to_many([other])}}
    fields = [FieldChange((MERGED,), "Takes over all of", None, [f"{name(other)} ({other.id})"])]
    fields += [
        FieldChange((MERGED, TAKEN if line.taken else SHOWN, line.label), line.label, None, _both(line))
        for line in lines(kept, other)
    ]
    write = operation("merge_profiles").write({}, {"data": data})
    sentence = f"Merge the profile {other.id} into {{target}}; that profile is gone then."
    return Intent("profiles.merge", sentence, (Request(write, target(kept), tuple(fields)),), target(kept))


def _both(line: Line) -> Json:
    return {STAYS: line.one, GOES: line.two}
