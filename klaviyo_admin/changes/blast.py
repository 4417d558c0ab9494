"""How far a change reaches: how many people, which flows it would start, and what hangs on the things it removes.

Every figure says how sure it is. What Klaviyo does not tell is said to be unknown, never left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils import timezone

from klaviyo_admin.changes import touching
from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.touching import AUDIENCE, Touched
from klaviyo_admin.klaviyo import catalogue, filters
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.values import Item, Kind, Page, Query

EXACT, AS_OF, AT_MOST, AT_LEAST, UNKNOWN = "exact", "as of", "at most", "at least", "unknown"
MOST_GROUPS, MOST_GONE = (
    4,
    3,
)  # sizes cost one of a second each; a change of more things than that is looked at by its parts
SEGMENT_PAGES = 10
NAMED = 12
CHANNELS = ("email", "sms", "mobile_push")
TO_COME = ("Draft", "Scheduled", "Preparing to schedule", "Preparing to send", "Adding Recipients", "Sending Segments")
# Types of which Klaviyo tells nobody where they are used.
USED_UNSEEN = {
    "template": "Messages made from it keep a copy of their own. Klaviyo does not tell which they are.",
    "template-universal-content": "Klaviyo does not tell which templates use it.",
    "web-feed": "Klaviyo does not tell which messages show it.",
    "custom-metric": "Klaviyo does not tell which reports and segments use it.",
    "image": "Klaviyo does not tell which messages show it.",
    "object-type": "Klaviyo does not tell which segments and flows use it.",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One answer. `number` is None if nobody knows; `names` are what was counted, or the first of it if `more`; `note` is
    a sentence."""

    label: str
    number: int | None
    sure: str
    as_of: datetime | None = None
    names: tuple[str, ...] = ()
    note: str = ""
    error: KlaviyoError | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """`people` is the figure that counts for policies; None where a change is not about people."""

    people: Figure | None
    figures: tuple[Figure, ...]

    @property
    def error(self) -> KlaviyoError | None:
        """The first error that left a figure unknown."""
        return next((figure.error for figure in self.figures if figure.error), None)


def reach(reader: Reader, steps: Iterable[Step]) -> Reach:
    """Everything known of how far these requests reach, asked side by side. Raises Unreadable, Damaged."""
    touched = touching.of(steps)
    calls: list[Callable[[], list[Figure]]] = [partial(_sizes, reader, touched)]
    calls += [partial(_started, reader, group) for group in touched.joined if group.id]
    calls += [partial(_started_by_event, reader, name) for name in list(touched.events)[:MOST_GROUPS]]
    calls += [partial(_left, reader, *place, kind) for place, kind in list(touched.gone.items())[:MOST_GONE]]
    for group in [group for group in touched.groups if group.type != AUDIENCE][:MOST_GONE]:
        # What uses it: flows that begin with it, campaigns to come, segments that mention it.
        calls += [partial(_started, reader, group), partial(_campaigns_for, reader, group.id)]
        calls += [partial(_segments_with, reader, group.id)]
    found = reader.gather(*calls)
    figures = [figure for answer in found if isinstance(answer, list) for figure in answer]
    figures += [Figure("Not all could be read", None, UNKNOWN, error=e) for e in found if isinstance(e, KlaviyoError)]
    sizes = found[0] if isinstance(found[0], list) else []
    people = _people(touched, sizes)
    if people and people.number is not None and len(sizes) == 1 and not touched.people:
        # The one part says all that the sum would.
        people, figures = sizes[0], figures[1:]
    return Reach(people, tuple(figures))


def people(reader: Reader, steps: Iterable[Step]) -> Figure | None:
    """How many people these requests reach; None where they are not about people. Raises Unreadable, Damaged."""
    touched = touching.of(steps)
    found = reader.gather(partial(_sizes, reader, touched))[0]
    return _people(touched, found if isinstance(found, list) else [])


def _people(touched: Touched, sizes: Sequence[Figure]) -> Figure | None:
    """Adds up what is known; one unknown part makes the whole unknown."""
    note = "Unknown: counts as large." if touched.grave else ""
    asked = touched.groups or touched.campaigns or touched.messages
    if touched.uncounted or (asked and not sizes) or any(size.number is None for size in sizes):
        return Figure("People reached", None, UNKNOWN, note=note)
    if not touched.people and not sizes:
        return None
    number = touched.people + sum(size.number or 0 for size in sizes)
    if not sizes:
        return Figure("People reached", number, AT_MOST if touched.at_most else EXACT)
    several = len(sizes) + bool(touched.people) > 1
    return Figure("People reached", number, AT_MOST if several else sizes[0].sure, sizes[0].as_of)


def _sizes(reader: Reader, touched: Touched) -> list[Figure]:
    """How many people are in every group and campaign that the requests are about."""
    groups = list(touched.groups)
    calls = [partial(_size, reader, group) for group in groups[:MOST_GROUPS]]
    campaigns = [partial(_campaign, reader, ident) for ident in touched.campaigns]
    campaigns += [partial(_of_message, reader, ident) for ident in touched.messages]
    found = reader.gather(*calls, *campaigns[:MOST_GROUPS])
    figures = [
        answer if isinstance(answer, Figure) else Figure("People", None, UNKNOWN, error=answer) for answer in found
    ]
    left = max(0, len(groups) - MOST_GROUPS) + max(0, len(campaigns) - MOST_GROUPS)
    return [*figures, *([Figure(f"People in {left:,} more", None, UNKNOWN, note="Not read.")] if left else [])]


def _size(reader: Reader, group: Kind) -> Figure:
    """The members of a list or segment, of a segment as of its last calculation."""
    kinds = ("segment", "list") if group.type == AUDIENCE else (group.type,)
    for kind in kinds:
        try:
            query = Query(additional_fields={kind: ("profile_count",)})
            item = reader.item(f"get_{kind}", path={"id": group.id}, query=query)
        except NotFound:
            continue
        count = item.get("profile_count")
        label = f"People in the {kind} “{item.get('name', group.id)}”"
        known = isinstance(count, int)
        return Figure(label, count if known else None, AS_OF if known else UNKNOWN, timezone.now())
    return Figure(f"People in {group.id}", None, UNKNOWN, note="It is not in Klaviyo, or not yet.")


def _campaign(reader: Reader, ident: str) -> Figure:
    """Klaviyo's own estimate; where there is none, the size of the groups that the campaign is for."""
    item = reader.item("get_campaign", path={"id": ident})
    label = f"People whom the campaign “{item.get('name', ident)}” is for"
    try:
        estimate = reader.item("get_campaign_recipient_estimation", path={"id": ident})
        count = estimate.get("estimated_recipient_count")
        if isinstance(count, int):
            return Figure(label, count, AS_OF, timezone.now(), note="Klaviyo’s own estimate.")
    except NotFound:
        pass
    included = [Kind(AUDIENCE, group) for group in item.get("audiences.included", ()) if isinstance(group, str)]
    sizes = [_size(reader, group) for group in included[:MOST_GROUPS]]
    if not sizes or len(included) > MOST_GROUPS or any(size.number is None for size in sizes):
        return Figure(label, None, UNKNOWN, note="Klaviyo has no estimate of it.")
    names = tuple(size.label.partition(" the ")[2] for size in sizes)
    note = "All members of its lists and segments; Klaviyo leaves out who may not be written to."
    return Figure(label, sum(size.number or 0 for size in sizes), AT_MOST, timezone.now(), names, note)


def _of_message(reader: Reader, ident: str) -> Figure:
    return _campaign(reader, reader.item("get_campaign_for_campaign_message", path={"id": ident}).id)


def _started(reader: Reader, group: Kind) -> list[Figure]:
    """The flows that begin when somebody comes to a list."""
    page = reader.page(f"get_flows_triggered_by_{group.type}", path={"id": group.id})
    name = reader.item(f"get_{group.type}", path={"id": group.id}).get("name", group.id)
    return [_flows(f"Flows that begin for people who come to “{name}”", page)]


def _started_by_event(reader: Reader, name: str) -> list[Figure]:
    label = f"Flows that begin with “{name}”"
    for page in reader.pages("get_metrics"):
        metric = next((item for item in page.items if item.get("name") == name), None)
        if metric is not None:
            return [_flows(label, reader.page("get_flows_triggered_by_metric", path={"id": metric.id}))]
    return [Figure(label, 0, AS_OF, timezone.now(), note="Klaviyo has no such metric yet.")]


def _flows(label: str, page: Page) -> Figure:
    """`names` carry the status, because only a live flow messages anybody."""
    names = tuple(f"{item.get('name', item.id)} ({item.get('status', 'unknown')})" for item in page.items)
    return _listed(label, names, page.as_of, bool(page.next))


def _listed(label: str, names: Sequence[str], as_of: datetime, more: bool) -> Figure:
    """So many things, the first of them by name; at least so many, if there are more pages of them."""
    sure = AT_LEAST if more else AS_OF
    return Figure(label, len(names), sure, as_of, tuple(names[:NAMED]), more=more or len(names) > NAMED)


def _campaigns_for(reader: Reader, ident: str) -> list[Figure]:
    pages = [reader.page("get_campaigns", query=Query(filter=_to_come(channel))) for channel in CHANNELS]
    using = {item.id: item for page in pages for item in page.items if _for_group(item, ident)}
    names = tuple(f"{item.get('name', item.id)} ({item.get('status', '')})" for item in using.values())
    more = any(page.next for page in pages)
    return [_listed("Campaigns to come that are for it or leave it out", names, pages[0].as_of, more)]


def _to_come(channel: str) -> str:
    return filters.all_of(filters.equals("messages.channel", channel), filters.any_of("status", TO_COME))


def _for_group(item: Item, ident: str) -> bool:
    return ident in [*item.get("audiences.included", ()), *item.get("audiences.excluded", ())]


def _segments_with(reader: Reader, ident: str) -> list[Figure]:
    """Segments whose definition mentions an id; of many segments only the first hundred are read."""
    names, as_of, more = [], timezone.now(), False
    query = Query(fields={"segment": ("name", "definition")}, size=10)
    for number, page in enumerate(reader.pages("get_segments", query=query), start=1):
        names += [str(item.get("name", item.id)) for item in page.items if _mentions(item.get("definition"), ident)]
        more = number == SEGMENT_PAGES and page.next is not None
        if number == SEGMENT_PAGES:
            break
    return [_listed("Segments that are defined by it", names, as_of, more)]


def _mentions(definition: object, ident: str) -> bool:
    match definition:
        case dict():
            return any(_mentions(part, ident) for part in definition.values())
        case list():
            return any(_mentions(part, ident) for part in definition)
        case _:
            return definition == ident


def _left(reader: Reader, path: str, ident: str, kind: str) -> list[Figure]:
    """What Klaviyo lists under a thing that is deleted, and a word where it lists nothing of the kind."""
    found = []
    for name, operation in _belongings(path).items():
        page = reader.page(operation, path={"id": ident})
        names = tuple(str(named) for item in page.items if (named := item.get("name") or item.get("title")))
        label = f"{name.replace('-', ' ').capitalize()} of it"
        more = bool(page.next) or len(names) > NAMED
        sure = AT_LEAST if page.next else AS_OF
        found.append(Figure(label, len(page.items), sure, page.as_of, names[:NAMED], more=more))
    unseen = USED_UNSEEN.get(kind)
    return [*found, *([Figure("Where it is used", None, UNKNOWN, note=unseen)] if unseen else [])]


def _belongings(path: str) -> dict[str, str]:
    """For a path like /api/tags/{id}: what is listed below it, and the operation that lists it, things before ids."""
    found: dict[str, str] = {}
    for operation in catalogue.operations():
        inside = operation.path.removeprefix(f"{path}/")
        name = inside.removeprefix("relationships/")
        several = name.endswith("s") and "/" not in name and operation.kind not in ("profile", "object-ingestion-log")
        if operation.writes or inside == operation.path or not several or name == "flow-triggers":
            continue
        if inside == name or name not in found:
            found[name] = operation.id
    return found
