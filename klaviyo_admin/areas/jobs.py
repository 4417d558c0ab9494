"""How the jobs that Klaviyo works off in the background look, whatever they are about."""

from klaviyo_admin.areas.base import Column, Filter, Resource, Source
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item

STATUSES = (
    ("queued", "Queued"),
    ("processing", "Processing"),
    ("complete", "Complete"),
    ("cancelled", "Cancelled"),
)
COLUMNS = (
    Column("created_at", "Started", lambda j: j.get("created_at"), as_="moment", covers=("started_at",)),
    Column("status", "Status", lambda j: j.get("status"), as_="badge"),
    Column("total_count", "Rows", lambda j: j.get("total_count"), as_="number"),
    Column("completed_count", "Taken", lambda j: j.get("completed_count"), as_="number"),
    Column("failed_count", "Refused", lambda j: j.get("failed_count"), as_="number"),
    Column("completed_at", "Ended", lambda j: j.get("completed_at"), as_="moment"),
    Column("expires_at", "Forgotten after", lambda j: j.get("expires_at"), as_="moment", first=False),
    Column("id", "ID", lambda j: j.id, as_="id", first=False),
)


def name(job: Item) -> str:
    """A job has no name: how much it was to do says most, and its id tells it from others."""
    rows = job.get("total_count")
    return f"Job {job.id}" if rows is None else f"Job of {rows:,} {'row' if rows == 1 else 'rows'}"


def resource(key: str, many: str, listing: str, reading: str, one: str = "") -> Resource:
    """A kind of jobs, called `many` on its tab ("Created products"); the operations that list them and show one."""
    shown = operation(reading)
    return Resource(
        key=key,
        one=one or f"job ({many[:1].lower()}{many[1:]})",
        many=many,
        type=shown.kind,
        source=Source(listing, reading, include=shown.includes, parameter="job_id"),
        name=name,
        columns=COLUMNS,
        filters=(Filter("status", "Status", listing, "status", kind="choice", choices=STATUSES),),
    )
