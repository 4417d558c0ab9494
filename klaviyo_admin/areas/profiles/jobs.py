"""The bulk jobs over profiles that Klaviyo works off: imports, suppressions, and the end of suppressions."""

from dataclasses import replace

from klaviyo_admin.areas import jobs
from klaviyo_admin.areas.base import Column, Filter, Resource, Tab
from klaviyo_admin.areas.lists.columns import MEMBERSHIP
from klaviyo_admin.areas.profiles.service import name
from klaviyo_admin.klaviyo.values import Item

_TAKEN = (Column("name", "Name", name), Column("email", "E-mail", lambda p: p.get("email")))


def _place(error: Item) -> str:
    """Which row of the job it was, counted from 1: the pointer counts from 0."""
    parts = str(error.get("source.pointer", "")).split("/")
    number = next((part for part in parts if part.isdigit()), "")
    return f"Row {int(number) + 1}" if number else "The whole job"


_ERRORS = (
    Column("row", "Row", _place),
    Column("detail", "What is wrong", lambda e: e.get("detail") or e.get("title")),
    Column("payload", "What was given", lambda e: e.get("original_payload"), as_="json"),
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
        Filter("list_id", "List ID is", listing, "list_id"),
        Filter("segment_id", "Segment ID is", listing, "segment_id"),
    )
    return replace(common, columns=(*shown, skipped), filters=(*common.filters, *groups))


SUPPRESS_JOBS = _suppressing("suppress-jobs", "Suppressions", "suppress", "suppression")
UNSUPPRESS_JOBS = _suppressing("unsuppress-jobs", "Ended suppressions", "unsuppress", "end of suppressions")
