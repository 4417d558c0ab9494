"""Policies as values: when a rule matches a change, and what the strictest of the matching rules ask for. Reads nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

MOST_APPROVALS = 5
ADMINS = ("admin",)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as rules see it. `fields` are dotted paths that it overwrites, None if nobody knows."""

    operation: str
    area: str
    risk: str
    fields: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A change as rules see it. `things` is what it touches, None if nobody knows; `at` is the local time of proposing.

    `counted` is False where `things` is what Klaviyo estimated then, which may have grown since.
    """

    requests: tuple[Asked, ...]
    things: int | None
    role: str
    at: datetime
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the week: days (0 is Monday, none means any) and minutes of the day, over midnight if begin > end."""

    days: tuple[int, ...] = ()
    begin: int = 0
    end: int = 24 * 60

    def hold(self, at: datetime) -> bool:
        minute = at.hour * 60 + at.minute
        inside = self.begin <= minute < self.end if self.begin <= self.end else not self.end <= minute < self.begin
        return inside and (not self.days or at.weekday() in self.days)

    @property
    def empty(self) -> bool:
        return self.begin == self.end


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions, of which an empty one always holds, and what is asked of a change that fulfils all of them.

    A rule that asks for an approval (or denies) matches if any request may fulfil it; one that asks for none matches only
    if every request surely does. An unknown size is above every `more_than` and above every `at_most`. `by` are the roles
    whose approvals count (none means admins), `also` the responsibilities of which somebody has to agree as well.
    """

    operations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    more_than: int | None = None
    at_most: int | None = None
    roles: tuple[str, ...] = ()
    hours: Hours | None = None
    approvals: int = 1
    deny: bool = False
    window: Hours | None = None
    by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def lax(self) -> bool:
        return self.approvals == 0 and not self.deny and not self.also

    def matches(self, facts: Facts) -> bool:
        # An estimate may raise what is asked, but it never lets anything pass without approval.
        size = float("inf") if facts.things is None or (self.lax and not facts.counted) else facts.things
        if (self.more_than is not None and size <= self.more_than) or (
            self.at_most is not None and size > self.at_most
        ):
            return False
        if (self.roles and facts.role not in self.roles) or (self.hours is not None and not self.hours.hold(facts.at)):
            return False
        quantity = all if self.lax else any
        return bool(facts.requests) and quantity(self._covers(request) for request in facts.requests)

    def _covers(self, request: Asked) -> bool:
        listed = (
            (not self.operations or request.operation in self.operations)
            and (not self.areas or request.area in self.areas)
            and (not self.risks or request.risk in self.risks)
        )
        if not listed or not self.fields:
            return listed
        if request.fields is None:
            return not self.lax
        touched = [any(f == own or f.startswith(f"{own}.") for own in self.fields) for f in request.fields]
        return bool(touched) and (all if self.lax else any)(touched)


@dataclass(frozen=True, slots=True)
class Quorum:
    """So many approvals of people with one of these roles."""

    number: int
    by: tuple[str, ...] = ADMINS

    def met(self, signed: Iterable["Signed"]) -> bool:
        return sum(1 for one in signed if one.role in self.by) >= self.number


@dataclass(frozen=True, slots=True)
class Signed:
    """One person's approval: the role and the responsibilities that they had when they gave it."""

    role: str
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy asks for: every quorum, and the agreement of everybody in `also`. `approvals` is the largest number
    asked for; of admins, unless `quorums` say of whom. `matched` are the places of the rules that matched, from 1."""

    approvals: int = 1
    deny: bool = False
    windows: tuple[Hours, ...] = ()
    matched: tuple[int, ...] = ()
    quorums: tuple[Quorum, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[Quorum, ...]:
        """Every quorum, also that of admins alone."""
        return self.quorums or (Quorum(self.approvals),)

    def met(self, signed: Sequence[Signed]) -> bool:
        """Whether these approvals are all that is asked for. One person's counts for every role and duty they had."""
        duties = {duty for one in signed for duty in one.duties}
        return all(quorum.met(signed) for quorum in self.asked) and duties.issuperset(self.also)

    def lets(self, role: str, duties: Iterable[str]) -> bool:
        """Whether somebody with this role and these responsibilities is among those who may be asked."""
        return any(role in quorum.by for quorum in self.asked) or bool(set(duties) & set(self.also))


def evaluate(rules: Sequence[Rule], facts: Facts) -> Outcome:
    """The strictest of all matching rules: any denial, the most approvals, every window. Nothing matches: one approval."""
    found = [(place, rule) for place, rule in enumerate(rules, start=1) if rule.matches(facts)]
    if not found:
        return Outcome()
    return Outcome(
        approvals=max(rule.approvals for _, rule in found),
        deny=any(rule.deny for _, rule in found),
        windows=tuple(rule.window for _, rule in found if rule.window),
        matched=tuple(place for place, _ in found),
        quorums=quorums([Quorum(rule.approvals, rule.by or ADMINS) for _, rule in found]),
        also=tuple(dict.fromkeys(duty for _, rule in found for duty in rule.also)),
    )


def quorums(asked: Iterable[Quorum]) -> tuple[Quorum, ...]:
    """The largest number for each set of roles; nothing where admins alone are asked."""
    most: dict[tuple[str, ...], int] = {}
    for one in asked:
        by = tuple(sorted(one.by))
        most[by] = max(one.number, most.get(by, 0))
    return tuple(Quorum(number, by) for by, number in most.items()) if set(most) - {ADMINS} else ()


def next_opening(windows: Sequence[Hours], at: datetime) -> datetime | None:
    """The first moment from `at` on that lies in every window by the clocks of its zone, None if there is none within eight
    days. The answer is in UTC, for by the clocks alone two moments of one night are the same, and some are none."""
    now, midnight = at.astimezone(UTC), at.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {begin for window in windows for begin in (0, window.begin)}
    clocks = [midnight + timedelta(days=day, minutes=start) for day in range(9) for start in starts]
    times = {clock.replace(fold=fold).astimezone(UTC) for clock in clocks for fold in (0, 1)}
    moments = sorted({now, *(moment for moment in times if moment > now)})
    return next((m for m in moments if all(window.hold(m.astimezone(at.tzinfo)) for window in windows)), None)


def written(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Rules as JSON, without what is empty."""
    rows = [{"approvals": rule.approvals, **{k: v for k, v in asdict(rule).items() if v or v == 0}} for rule in rules]
    return [{k: v for k, v in row.items() if v is not False} for row in rows]


def read(rows: Any) -> tuple[Rule, ...]:
    """Rules from JSON. Raises ValueError for anything that `written` would not have written."""
    if not isinstance(rows, list):
        raise ValueError("Rules are a list.")
    return tuple(_rule(row) for row in rows)


def hours(row: Any) -> Hours | None:
    """A part of the week from JSON, None for none. Raises ValueError."""
    if row is None:
        return None
    known = {"days", "begin", "end"}
    if not isinstance(row, dict) or set(row) - known:
        raise ValueError("These are no hours.")
    days, begin, end = row.get("days", []), row.get("begin", 0), row.get("end", 24 * 60)
    if (
        not isinstance(days, list | tuple)
        or not all(_whole(day, 0, 6) for day in days)
        or not (_whole(begin, 0, 24 * 60) and _whole(end, 0, 24 * 60))
    ):
        raise ValueError("These are no hours.")
    return Hours(tuple(days), begin, end)


def _rule(row: Any) -> Rule:
    known = {field.name for field in fields(Rule)}
    if not isinstance(row, dict) or set(row) - known:
        raise ValueError("This is no rule.")
    approvals, deny = row.get("approvals", 1), row.get("deny", False)
    if not _whole(approvals, 0, MOST_APPROVALS) or not isinstance(deny, bool):
        raise ValueError("A rule asks for 0 to 5 approvals.")
    return Rule(
        operations=_words(row, "operations"),
        areas=_words(row, "areas"),
        risks=_words(row, "risks"),
        fields=_words(row, "fields"),
        more_than=_size(row, "more_than"),
        at_most=_size(row, "at_most"),
        roles=_words(row, "roles"),
        hours=hours(row.get("hours")),
        approvals=approvals,
        deny=deny,
        window=hours(row.get("window")),
        by=_words(row, "by"),
        also=_words(row, "also"),
    )


def _words(row: dict[str, Any], key: str) -> tuple[str, ...]:
    words = row.get(key, [])
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError("A condition is a list of words.")
    return tuple(words)


def _size(row: dict[str, Any], key: str) -> int | None:
    size: int | None = row.get(key)
    if size is not None and not _whole(size, 0, 10**9):
        raise ValueError("A size is a whole number.")
    return size


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
