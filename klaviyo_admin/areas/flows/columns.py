"""How flows, their steps and messages look in tables, their own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.email_templates.columns import EDITOR
from klaviyo_admin.areas.flows import steps
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item

STATUSES = {"live": "Live", "manual": "Manual", "draft": "Draft"}
CHANNELS = {
    "email": "E-mail",
    "sms": "Text message",
    "mobile_push": "Push",
    "whatsapp": "WhatsApp",
    "webhook": "Webhook",
}


def step_name(action: Item) -> str:
    return steps.named(action.get("definition", {}))


def step_kind(action: Item) -> str:
    kind = str(action.get("definition.type") or "")
    return steps.WORDS.get(kind, kind)


def message_name(message: Item) -> str:
    """The name of a message, else its subject, else its id."""
    return str(message.get("definition.name") or subject(message) or message.id)


def subject(message: Item) -> str:
    """The words that a person sees first: subject, title or text."""
    found = (message.get(f"definition.{part}") for part in ("subject_line", "title", "body"))
    return next((str(words) for words in found if words), "")


NAME = Column("name", "Name", name, sort="name")
TRIGGER = Column("trigger_type", "Set off by", lambda f: f.get("trigger_type"), sort="trigger_type")
STATUS = Column("status", "Status", lambda f: f.get("status"), as_="badge", sort="status")
ARCHIVED = Column("archived", "Archived", lambda f: f.get("archived"), as_="flag", first=False)
CREATED = Column("created", "Created", lambda f: f.get("created"), as_="moment", sort="created")
UPDATED = Column("updated", "Updated", lambda f: f.get("updated"), as_="moment", sort="updated")
ID = Column("id", "ID", lambda f: f.id, as_="id", sort="id", first=False)

TRIGGERED = (NAME, STATUS)
STEPS = (
    Column("name", "Step", step_name),
    Column("type", "What it does", step_kind),
    Column("status", "Status", lambda a: a.get("definition.data.status"), as_="badge"),
)
MESSAGES = (
    Column("name", "Message", message_name),
    Column("channel", "Channel", lambda m: CHANNELS.get(m.get("channel"), m.get("channel"))),
    Column("subject", "Subject or text", subject),
)
TIMES = (
    Column("created", "Created", lambda f: f.get("created"), as_="moment"),
    Column("updated", "Updated", lambda f: f.get("updated"), as_="moment"),
    Column("id", "ID", lambda f: f.id, as_="id"),
)
TEMPLATE = (NAME, EDITOR)
