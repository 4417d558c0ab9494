"""How events look in tables, their own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.klaviyo.values import Item


def metric_name(event: Item) -> str:
    """The name of the metric that came with the event ("Placed Order"), else its id."""
    for metric in event.ones("metric"):
        return str(metric.get("name", metric.id))
    return next((kind.id for kind in event.related.get("metric", ())), "Event")


def who(event: Item) -> str | None:
    """The e-mail or name of the profile that came with the event, else its id."""
    for profile in event.ones("profile"):
        return str(profile.get("email") or profile.get("first_name") or profile.id)
    return next((kind.id for kind in event.related.get("profile", ())), None)


METRIC = Column("metric", "What happened", metric_name)
WHO = Column("profile", "Who", who)
VALUE = Column("value", "Value", lambda e: e.get("event_properties.$value"), as_="number")
WHEN = Column(
    "datetime", "When", lambda e: e.get("datetime"), as_="moment", sort="datetime", covers=("timestamp", "uuid")
)
ID = Column("id", "ID", lambda e: e.id, as_="id", first=False)

LATEST = (METRIC, VALUE, WHEN)
