"""The bulk jobs over profiles that Klaviyo works off: imports, suppressions, and the end of suppressions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from klaviyo_admin.areas import jobs
from klaviyo_admin.areas.base import Column, Filter, Resource, Tab
from klaviyo_admin.areas.lists.columns import MEMBERSHIP
from klaviyo_admin.areas.profiles.service import LABELS, name
from klaviyo_admin.klaviyo.values import Item

_TAKEN = (Column("name", "Name", name), Column("email", "E-mail", lambda p: p.get("email")))
_KNOWN_BY = ("email", "phone_number", "external_id", "id")


def _pointed(error: Item) -> tuple[str, list[str]]:
    """The number of a row, counted from 1 where the pointer counts from 0, and the way from there to what is wrong."""
    parts = str(error.get("source.pointer") or "").split("/")
    place = next((n for n, part in enumerate(parts) if part.isdecimal()), None)
    if place is None:
        return "", []
    return str(int(parts[place]) + 1), [part for part in parts[place + 1 :] if part != "attributes"]


def _given(error: Item) -> Mapping[str, Any]:
    """The row itself: the attributes of a profile, with its id."""
    payload = error.get("original_payload")
    if not isinstance(payload, Mapping):
        return {}
    inner = payload.get("attributes")
    return {**inner, **({"id": payload["id"]} if payload.get("id") else {})} if isinstance(inner, Mapping) else payload


def _who(error: Item) -> str:
    """Whom the row was about, by something that is not what is wrong."""
    given = {key: value for key, value in _given(error).items() if key not in _pointed(error)[1]}
    names = " ".join(str(given[key]) for key in ("first_name", "last_name") if given.get(key))
    return next((str(given[key]) for key in _KNOWN_BY if given.get(key)), names)


def _field(error: Item) -> str:
    *outer, last = _pointed(error)[1] or [""]
    return " › ".join([*outer, LABELS.get(last, last)])


def _value(error: Item) -> Any:
    """What was given there; of a row that is wrong as a whole, nothing."""
    value: Any = _given(error)
    way = _pointed(error)[1]
    for step in way:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if way else None


_ERRORS = (
    Column("row", "Row", lambda e: _pointed(e)[0] or "The whole job"),
    Column("who", "Who", _who),
    Column("field", "Field", _field),
    Column("value", "What was given", _value),
    Column("detail", "What is wrong", lambda e: e.get("detail") or e.get("title")),
)

IMPORT_JOBS = replace(
    jobs.resource("import-jobs", "Imports", "get_bulk_import_profiles_jobs", "get_bulk_import_profiles_job", "import"),
    filters=(
        Filter("status", "Status", "get_bulk_import_profiles_jobs", "status", kind="choice", choices=jobs.STATUSES[:3]),
    ),
    tabs=(
        Tab(
            "errors",
            "Rows that were refused",
            "get_errors_for_bulk_import_profiles_job",
            _ERRORS,
            empty="Every row was taken.",
        ),
        Tab(
            "profiles",
            "Profiles",
            "get_profiles_for_bulk_import_profiles_job",
            _TAKEN,
            links_to="profiles",
            empty="No profile came of it yet.",
            ids="get_profile_ids_for_bulk_import_profiles_job",
        ),
        Tab(
            "lists",
            "Lists that they joined",
            "get_list_for_bulk_import_profiles_job",
            MEMBERSHIP,
            links_to="lists",
            empty="None.",
            ids="get_list_ids_for_bulk_import_profiles_job",
        ),
    ),
)


def _suppressing(key: str, many: str, verb: str, one: str) -> Resource:
    listing = f"get_bulk_{verb}_profiles_jobs"
    common = jobs.resource(key, many, listing, f"get_bulk_{verb}_profiles_job", one)
    shown = [column for column in common.columns if column.key not in ("failed_count", "expires_at")]
    skipped = Column("skipped_count", "Skipped", lambda j: j.get("skipped_count"), as_="number")
    groups = (
        Filter("list_id", "List", listing, "list_id", kind="thing", of="lists"),
        Filter("segment_id", "Segment", listing, "segment_id", kind="thing", of="segments"),
    )
    return replace(common, columns=(*shown, skipped), filters=(*common.filters, *groups))


SUPPRESS_JOBS = _suppressing("suppress-jobs", "Suppressions", "suppress", "suppression")
UNSUPPRESS_JOBS = _suppressing("unsuppress-jobs", "Ended suppressions", "unsuppress", "end of suppressions")
