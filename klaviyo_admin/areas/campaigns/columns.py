"""How a campaign and its message look in tables, their own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.campaigns import strategy
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item

MESSAGES = "campaign-messages"
EMAIL, SMS, PUSH = "email", "sms", "mobile_push"
CHANNELS = {EMAIL: "E-mail", SMS: "SMS", PUSH: "Push notification"}


def channel(message: Item) -> str:
    return str(message.get("definition.channel") or message.get("channel") or "")


def headline(message: Item) -> str | None:
    """What its reader sees first of a message: subject, title or text."""
    for place in ("subject", "title", "body"):
        if said := message.get(f"definition.content.{place}"):
            return str(said)
    return "Silent push notification" if message.get("definition.notification_type") == "silent" else None


def message_name(message: Item) -> str:
    return str(message.get("definition.label") or headline(message) or message.id)


def first_message(campaign: Item) -> Item | None:
    """The message that came along with a campaign."""
    return next(iter(campaign.ones(MESSAGES)), None)


def _of_message(campaign: Item) -> str | None:
    message = first_message(campaign)
    return headline(message) if message else None


def _channel_name(campaign: Item) -> str | None:
    message = first_message(campaign)
    return CHANNELS.get(channel(message), channel(message)) if message else None


NAME = Column("name", "Name", name, sort="name")
STATUS = Column("status", "Status", lambda c: c.get("status"), as_="badge")
HEADLINE = Column("headline", "Subject or text", _of_message)
CHANNEL = Column("channel", "Channel", _channel_name, first=False)
WHEN = Column("send_strategy", "When", lambda c: strategy.said(c.get("send_strategy")), first=False)
SENT = Column("send_time", "Sent", lambda c: c.get("send_time"), as_="moment")
SCHEDULED = Column(
    "scheduled_at", "Scheduled", lambda c: c.get("scheduled_at"), as_="moment", sort="scheduled_at", first=False
)
CREATED = Column("created_at", "Created", lambda c: c.get("created_at"), as_="moment", sort="created_at", first=False)
UPDATED = Column("updated_at", "Updated", lambda c: c.get("updated_at"), as_="moment", sort="updated_at")
ARCHIVED = Column("archived", "Archived", lambda c: bool(c.get("archived")), as_="flag", first=False)
ID = Column("id", "ID", lambda c: c.id, as_="id", sort="id", first=False)

COLUMNS = (NAME, STATUS, HEADLINE, SENT, UPDATED, CHANNEL, WHEN, SCHEDULED, CREATED, ARCHIVED, ID)
SHOWN = (NAME, STATUS, SENT)


def _template(message: Item) -> str | None:
    return next((name(template) for template in message.ones("template")), None)


def _image(message: Item) -> str | None:
    return next((name(image) for image in message.ones("image")), None)


MESSAGE_COLUMNS = (
    Column("label", "Message", message_name),
    Column("message_channel", "Channel", lambda m: CHANNELS.get(channel(m), channel(m))),
    Column("message_headline", "Subject or text", headline),
    Column("message_template", "Template", _template),
    Column("message_image", "Image", _image, first=False),
    Column("updated_at", "Updated", lambda m: m.get("updated_at"), as_="moment", first=False),
    Column("id", "ID", lambda m: m.id, as_="id", first=False),
)
