"""Knows in which order people pass the steps of a flow: one after another, parting, and meeting again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from klaviyo_admin.areas.flows import steps
from klaviyo_admin.areas.flows.steps import Names
from klaviyo_admin.klaviyo.values import Json

Actions = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Way:
    """One way on from a split: its name, the steps on it, and whether the flow ends there rather than going on below."""

    name: str
    chain: tuple["Step", ...]
    ends: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow. `text` is what it does in detail, `status` "" where it has none. `ways` leave a split. `again`
    is set where the same step is drawn elsewhere already."""

    id: str
    kind: str
    label: str
    text: str = ""
    status: str = ""
    ways: tuple[Way, ...] = ()
    again: bool = False

    @property
    def icon(self) -> str:
        return steps.ICONS.get(self.kind, "segment" if self.ways else "flow")


def chain(definition: Json, names: Names | None = None) -> tuple[Step, ...]:
    """The steps in the order in which people pass them, from the first one on, each once; `names` are given in place of
    the ids of lists, segments and metrics.

    Where all ways that leave a split meet again, what follows stands below the split. What no way leads to comes last, so
    that nothing of the definition is hidden.
    """
    actions = _actions(definition)
    seen: set[str] = set()
    first = str(steps.part(definition, "entry_action_id") or next(iter(actions), ""))
    found = _follow(first, actions, seen, names or {})
    while lost := [ident for ident in actions if ident not in seen]:
        found += _follow(lost[0], actions, seen, names or {})
    return tuple(found)


def switched(definition: Json) -> tuple[Step, ...]:
    """The steps that have a status, which a change of the flow's status sets too, in the definition's order."""
    found = (_step(action, {}) for action in _actions(definition).values())
    return tuple(step for step in found if step.status)


def every(found: Sequence[Step]) -> Iterator[Step]:
    """Each step of a chain and of the ways that leave it, once."""
    for step in found:
        if not step.again:
            yield step
        for way in step.ways:
            yield from every(way.chain)


def _follow(ident: str, actions: Actions, seen: set[str], names: Names, until: str = "") -> list[Step]:
    """The steps from `ident` on, up to the step `until`, which is somebody else's to draw."""
    found: list[Step] = []
    while ident in actions and ident != until:
        action = actions[ident]
        if ident in seen:
            found.append(_step(action, names, again=True))
            break
        seen.add(ident)
        leading = steps.links(action)
        if len(leading) < 2:
            found.append(_step(action, names))
            ident = leading[0][1] if leading else ""
            continue
        meet = _meeting([to for _, to in leading], actions, until)
        ways = []
        for name, to in leading:
            on = _follow(to, actions, seen, names, meet or until)
            ways.append(Way(name, tuple(on), not _reaches(to, meet or until, actions)))
        found.append(_step(action, names, tuple(ways)))
        ident = meet
    return found


def _meeting(starts: Sequence[str], actions: Actions, until: str) -> str:
    """The first step at which all ways that go on meet; "" if they do not, or only beyond `until`."""
    going = [to for to in starts if to in actions]
    if len(going) < 2:
        return ""
    reached = [_reach(to, actions) for to in going]
    shared = [ident for ident in reached[0] if all(ident in other for other in reached[1:])]
    # The first one that every other shared step comes after: nothing may be passed on the way to it.
    first = next((one for one in shared if all(other in _reach(one, actions) for other in shared)), "")
    return "" if first == until else first


def _reach(ident: str, actions: Actions) -> dict[str, None]:
    """The step and every step that can come after it, nearest first."""
    found: dict[str, None] = {}
    ahead = [ident]
    while ahead:
        here = ahead.pop(0)
        if here in actions and here not in found:
            found[here] = None
            ahead += [to for _, to in steps.links(actions[here])]
    return found


def _reaches(ident: str, to: str, actions: Actions) -> bool:
    return bool(to) and to in _reach(ident, actions)


def _step(action: Json, names: Names, ways: tuple[Way, ...] = (), *, again: bool = False) -> Step:
    kind = str(steps.part(action, "type") or "")
    told = steps.label(action), steps.text(action, names), steps.status(action)
    return Step(steps.ident(action), kind, *told, ways, again)


def _actions(definition: Json) -> dict[str, Json]:
    found: Sequence[Json] = steps.part(definition, "actions") or ()
    return {steps.ident(action) or str(place): action for place, action in enumerate(found)}
