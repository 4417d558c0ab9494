"""Webhooks and their topics, declared: what Klaviyo tells other systems as it happens."""

from klaviyo_admin.areas.base import Action, Column, Resource, Source
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.webhooks import forms, service
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item

_ID = Column("id", "ID", lambda w: w.id, as_="id", first=False)


def topic_name(topic: Item) -> str:
    """event:shopify.placed_order reads "Placed order (shopify)"; another form of id stays as it is."""
    source, dot, what = topic.id.removeprefix("event:").partition(".")
    words = what.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]} ({source.replace('_', ' ')})" if dot else topic.id


WEBHOOK_TOPICS = Resource(
    key="webhook-topics",
    one="topic",
    many="topics",
    type="webhook-topic",
    source=Source("get_webhook_topics", "get_webhook_topic"),
    name=topic_name,
    columns=(Column("name", "What happens", topic_name), Column("id", "Topic", lambda t: t.id)),
)

WEBHOOKS = Resource(
    key="webhooks",
    one="webhook",
    many="webhooks",
    type="webhook",
    source=Source("get_webhooks", "get_webhook", include=("webhook-topics",)),
    name=name,
    columns=(
        Column("name", "Name", name),
        Column(
            "state",
            "State",
            lambda w: "active" if w.get("enabled") else "switched off",
            as_="badge",
            covers=("enabled",),
        ),
        Column("endpoint_url", "Address", lambda w: w.get("endpoint_url")),
        Column("topics", "Topics", lambda w: len(w.related.get("webhook-topics", ())), as_="number"),
        Column("description", "Description", lambda w: w.get("description"), first=False),
        Column("created_at", "Created", lambda w: w.get("created_at"), as_="moment"),
        Column("updated_at", "Updated", lambda w: w.get("updated_at"), as_="moment", first=False),
        _ID,
    ),
    actions=(
        Action("edit", "Edit", forms.EditWebhook, service.edit, ("update_webhook",), start=service.start_edit),
        Action("create", "New webhook", forms.NewWebhook, service.create, ("create_webhook",), on="new"),
        Action("switch-on", "Switch on", NoQuestions, service.switch_on, ("update_webhook",), on="many"),
        Action(
            "switch-off",
            "Switch off",
            NoQuestions,
            service.switch_off,
            ("update_webhook",),
            on="many",
            hint="What happens while it is off is not sent later.",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_webhook",),
            on="many",
            hint="The receiver gets no more events. Its secret and whole address cannot be read from Klaviyo again.",
        ),
    ),
)
