"""Questions to the audit log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from klaviyo_admin.audit import index
from klaviyo_admin.audit.marks import TEXT, Called, Clue, Containing, clues
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.klaviyo import catalogue

_WORDS = (*(name for name in TEXT if name != "detail"), "text")
_MANY = 12  # words: more of them narrow a search no further
_MOST = 1_000  # lines that one query may name
END = 2**62


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines are asked for: those that meet every condition given.

    `account_ids` bounds what the asker may see; None among them stands for lines that belong to no account, such as
    logins. Each of `words` must be somewhere in the line. `person` and `object` match a part of a name, or an id whole.
    `area` is one of Klaviyo's ("profiles"). `action` is a whole name ("change.approved") or its first word ("change").
    `until` itself is not included.
    """

    account_ids: frozenset[int | None]
    words: str = ""
    person: str = ""
    action: str = ""
    area: str = ""
    operation: str = ""
    object: str = ""
    change: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def newest(self, count: int, before: int = END) -> list[Entry]:
        """The newest lines whose number is below `before`, the newest first."""
        if self.change is not None:  # its lines are few, and have an index of their own
            return list(self._lines().filter(id__lt=before).order_by("-id")[:count])
        end = min(index.indexed() + 1, before)
        found = list(self._lines().filter(id__gte=end, id__lt=before).order_by("-id")[:count])
        candidates, size = self._candidates(end), count
        while len(found) < count and (numbers := list(islice(candidates, size))):
            found += self._lines().filter(id__in=numbers).order_by("-id")[: count - len(found)]
            size = min(2 * size, _MOST)
        return found

    def entries(self) -> QuerySet[Entry]:
        """All lines, newest first; where they are few, found by the index."""
        end = index.indexed() + 1
        numbers = list(islice(self._candidates(end), _MOST + 1))
        found = self._lines() if len(numbers) > _MOST else self._lines().filter(Q(id__in=numbers) | Q(id__gte=end))
        return found.order_by("-id")

    def _candidates(self, end: int) -> Iterator[int]:
        return index.candidates(self._needs(), end, self.since, self.until)

    def _lines(self) -> QuerySet[Entry]:
        """The question as the database understands it."""
        some = self.account_ids - {None}
        of = Q(account_id__in=some) | Q(account_id=None) if None in self.account_ids else Q(account_id__in=some)
        found: QuerySet[Entry] = Entry.objects.filter(of).alias(text=Cast(F("detail"), TextField()))
        for word in self.words.split():
            found = found.filter(_any(_WORDS, word))
        if self.person:
            found = found.filter(_any(("person_name",), self.person))
        if self.action:
            found = found.filter(Q(action=self.action) | Q(action__startswith=self.action + "."))
        if self.object:
            own = Q(object_id=self.object) | Q(object_type=self.object)
            found = found.filter(own | _any(("object_name",), self.object))
        bounds = {
            "change_id": self.change,
            "at__gte": self.since,
            "at__lt": self.until,
            "operation__in": self._called(),
        }
        return found.filter(**{name: bound for name, bound in bounds.items() if bound is not None})

    def _needs(self) -> list[list[list[Clue]]]:
        """What the index must say of a line before it is worth a look."""
        needs = [[clues("t", word)] for word in self.words.split()[:_MANY]]
        if self.object:
            needs.append([clues("o", self.object), [Clue("object_type", {self.object})]])
        if self.person:
            needs.append([[Clue("person_name", Containing(self.person))]])
        if self.action:
            needs.append([[Clue("action", Called(self.action))]])
        if (operations := self._called()) is not None:
            needs.append([[Clue("operation", operations)]])
        return [*needs, [[Clue("account_id", {str(each) for each in self.account_ids})]]]

    def _called(self) -> set[str] | None:
        """The operations asked for, by their own name or by their area; None for all."""
        named = {self.operation} if self.operation else None
        if not self.area:
            return named
        within = {each.id for each in catalogue.operations(self.area)}
        return within if named is None else within & named


def _any(columns: Iterable[str], word: str) -> Q:
    """Whether one of the columns contains the word, in capitals or not."""
    # SQLite takes only the letters of ASCII for the same in both cases.
    ways = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    condition = Q()
    for column in columns:
        for way in ways:
            condition |= Q(**{f"{column}__icontains": way})
    return condition
