"""What the address of a list asks for: words, filters, sort, cursor and size, and the addresses that ask for more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from klaviyo_admin.areas import finding
from klaviyo_admin.areas.base import Asked, Column, Filter, Resource
from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.filters import BadFilter

WORDS, SORT, CURSOR, SIZE = "q", "sort", "cursor", "size"
TYPED = "-words"  # what a search box over things adds to the name of its filter
SIZES = (20, 50, 100)
LONGEST = 500  # characters of a typed value: longer ones are no address, name or id
BY_NAME = Filter("name", "Name", "", "name", guess=lambda word: True)
UNREAD = "One of the filters cannot be read: it says why."
ANSWERS = (("", "Any"), ("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition that is in force: what it says, and the address of the same list without it. Where its value is the
    id of a thing, `of` is the resource of that."""

    label: str
    value: str
    without: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of a list. `named` are words of a name that Klaviyo itself cannot search for. `fault` is a sentence when the words or values cannot be asked of Klaviyo: then nothing
    is read. `form` holds the filters, `chips` those in force; `data` are the parameters of the address that mean something."""

    resource: Resource
    data: QueryDict
    form: forms.Form
    chips: tuple[Chip, ...]
    asked: Asked
    fault: str = ""
    named: str = ""

    @property
    def words(self) -> str:
        return self.data.get(WORDS, "")

    @property
    def standing(self) -> tuple[str, ...]:
        """The conditions that hold although nobody asked for them, as people read them: they have no chip."""
        unasked = (each for each in self.resource.filters if each.default and each.key not in self.data)
        return tuple(f"{each.label} {said(each, each.default)}" for each in unasked)

    def url(self, **changes: str) -> str:
        """The query string with these parameters changed ("" takes one out). Anything but paging begins at page one."""
        return address(self.data, **changes)

    def sort_url(self, column: Column) -> str:
        """Sorts by the column; the other way round if it is the sort already; "" if Klaviyo cannot sort by it."""
        ways = [way for way in (column.sort, f"-{column.sort}") if column.sort and way in sorts(self.resource)]
        if not ways:
            return ""
        return self.url(sort=ways[-1] if self.asked.sort == ways[0] else ways[0])

    def sizes(self) -> tuple[tuple[int, str, bool], ...]:
        """The page sizes on offer as (size, address, whether it is the one in force); none if Klaviyo offers no choice, or
        where the collection is read through for a part of a name, which has one page."""
        offered = [size for size in SIZES if size <= largest(self.resource) and not self.named]
        now = self.asked.size or default_size(self.resource)
        return tuple((size, self.url(size=str(size)), size == now) for size in offered) if len(offered) > 1 else ()


def ask(resource: Resource, data: QueryDict) -> Question:
    """Reads the parameters of a list's address. Values that cannot be asked become the question's `fault`."""
    kept = meant(resource, data)
    form = filter_form(resource, kept, typed(resource, data))
    valid = form.is_valid()
    fault = "" if valid else UNREAD
    conditions: list[str] = []
    chips: list[Chip] = []
    named = ""
    try:
        for name, condition, value in wanted(resource, kept, form.cleaned_data):
            if name == WORDS and read_through(condition):
                named = value
                chips.append(Chip("Name contains", shortened(value), address(kept, **{name: ""})))
                continue
            conditions.append(condition.expression(value))
            if name:  # a default has no way to be without it
                chips.append(Chip(condition.label, said(condition, value), address(kept, **{name: ""}), condition.of))
    except (BadFilter, Unguessed) as error:
        fault = str(error)
    sort = kept.get(SORT, "")
    size = kept.get(SIZE, "")
    asked = Asked(
        filter=",".join(conditions),
        sort=sort if sort in sorts(resource) else "",
        cursor=kept.get(CURSOR, ""),
        size=int(size) if size in map(str, SIZES) and int(size) <= largest(resource) else None,
    )
    return Question(resource, kept, form, tuple(chips), asked, fault, named)


def read_through(condition: Filter) -> bool:
    """Whether Klaviyo compares whole names only, so that a part of one is looked for in the whole collection."""
    return condition.field in finding.CALLED and condition.operator in ("equals", "any")


class Unguessed(ValueError):
    """Words in the search box that fit no filter; the message says what would."""


def wanted(resource: Resource, data: QueryDict, cleaned: dict[str, Any]) -> Iterator[tuple[str, Filter, Any]]:
    """The conditions in force as (parameter, filter, value): the search box first, then the filters that were filled in."""
    words = data.get(WORDS, "").strip()
    if words:
        meant_for = next((f for f in searches(resource) if f.guess and f.guess(words)), None)
        if meant_for is None:
            raise Unguessed(f"Klaviyo cannot search {resource.many} for “{shortened(words)}”. {searchable(resource)}")
        yield WORDS, meant_for, words
    for each in resource.filters:
        if cleaned.get(each.key) not in (None, ""):
            value = cleaned[each.key]
            if each.kind != "thing":
                yield each.key, each, value == "yes" if each.kind == "flag" else value
            elif value.ids:
                yield each.key, each, value.ids[0]
        elif each.default:
            yield "", each, each.default


def searches(resource: Resource) -> list[Filter]:
    """What the search box is for: the filters that words can be meant for. Where there are none, but there may be several
    pages of rows that begin with the name of the thing, a part of that."""
    reading = operation_of(resource)
    meant = [f for f in resource.filters if f.guess]
    several = reading is not None and reading.paginated and reading.page_max != 1
    named = several and resource.columns[0].show is resource.name
    return meant or ([BY_NAME] if named else [])


def searchable(resource: Resource) -> str:
    """What can be typed into the search box: "Type a whole e-mail address, phone or ID." or "Type a part of the name." """
    meant = searches(resource)
    names = [f"{f.label} ID" if f.of else f.label.removesuffix(" exactly").removesuffix(" is") for f in meant]
    names = [name if name.isupper() else name[:1].lower() + name[1:] for name in names]
    if not names:
        return ""
    if len(meant) == 1 and (meant[0].operator == "contains" or read_through(meant[0])):
        return f"Type a part of the {names[0].removesuffix(' contains')}."
    return (
        f"Type the whole {', '.join(names[:-1])} or {names[-1]}." if len(names) > 1 else f"Type the whole {names[0]}."
    )


def filter_form(resource: Resource, data: QueryDict, words: Mapping[str, str]) -> forms.Form:
    """The filters with what the address says, and the words in the boxes that search for things."""
    kind = type("FilterForm", (forms.Form,), {f.key: field_of(f) for f in resource.filters})
    said = data.copy()
    said.update({f"{key}{TYPED}": value for key, value in words.items()})
    form: forms.Form = kind(said, auto_id="filter_%s", use_required_attribute=False)
    return form


def field_of(condition: Filter) -> forms.Field:
    label = condition.label
    match condition.kind:
        case "moment":
            return MomentField(label=label, required=False)
        case "choice":
            first = dict(condition.choices).get(condition.default, "Any")
            rest = [choice for choice in condition.choices if choice[0] != condition.default]
            return forms.ChoiceField(label=label, required=False, choices=(("", first), *rest))
        case "flag":
            return forms.ChoiceField(label=label, required=False, choices=ANSWERS)
        case "thing":
            return PickField(condition.of, label=label, required=False)
        case _:
            return forms.CharField(label=label, required=False, max_length=LONGEST)


def meant(resource: Resource, data: QueryDict) -> QueryDict:
    """Only the parameters that a list knows, and of those only the filled in."""
    kept = QueryDict(mutable=True)
    for name in (WORDS, *(f.key for f in resource.filters), SORT, CURSOR, SIZE):
        if value := data.get(name, "").strip():
            kept[name] = value[:LONGEST] if name != CURSOR else value
    return kept


def typed(resource: Resource, data: QueryDict) -> dict[str, str]:
    """What was typed for a thing of which nothing is picked, by filter. It stays out of addresses: it may name people."""
    keys = [f.key for f in resource.filters if f.kind == "thing" and not data.get(f.key)]
    return {key: words[:LONGEST] for key in keys if (words := data.get(f"{key}{TYPED}", "").strip())}


def address(data: QueryDict, **changes: str) -> str:
    changed = data.copy()
    if changes and CURSOR not in changes:
        changed.pop(CURSOR, None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"


def said(condition: Filter, value: Any) -> str:
    """A condition's value as people read it."""
    match condition.kind:
        case "moment":
            return f"{timezone.localtime(value):%-d %b %Y, %H:%M}"
        case "flag":
            return "yes" if value else "no"
        case "choice":
            return dict(condition.choices).get(str(value), str(value))
        case "thing":
            return str(value)
        case _:
            return shortened(str(value))


def shortened(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"


def sorts(resource: Resource) -> tuple[str, ...]:
    operation = operation_of(resource)
    return operation.sorts if operation else ()


def largest(resource: Resource) -> int:
    operation = operation_of(resource)
    return (operation.page_max or 0) if operation else 0


def default_size(resource: Resource) -> int:
    operation = operation_of(resource)
    return resource.source.size or (operation.page_default or 0) if operation else 0


def operation_of(resource: Resource) -> catalogue.Operation | None:
    """The operation behind the list; None for a resource without one."""
    return catalogue.operation(resource.source.list) if resource.source.list else None
