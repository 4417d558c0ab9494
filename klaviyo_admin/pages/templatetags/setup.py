"""How templates ask for what sign-up forms, tracking settings and webhooks say."""

from django import template

from klaviyo_admin.areas.signup_forms import outline
from klaviyo_admin.areas.tracking_settings import examples
from klaviyo_admin.areas.webhooks import service as webhooks
from klaviyo_admin.klaviyo.values import Item

register = template.Library()


@register.filter
def versions(form: Item) -> tuple[outline.Version, ...]:
    """The versions of a sign-up form that was read with its definition."""
    return outline.versions(form.get("definition", {}))


@register.filter
def tracking(setting: Item) -> tuple[tuple[str, str, str], ...]:
    """Each parameter: its name, and what campaigns and flows say for it."""
    return examples.rows(setting)


@register.filter
def example(setting: Item, where: str) -> str:
    """A link of a campaign or a flow with the parameters on it."""
    return examples.link(setting, where)


@register.filter
def first_topic(webhook: Item) -> str:
    """The id of one thing that a webhook tells of, for a sample."""
    return next(iter(webhooks.topics(webhook)), "event:api.placed_order")
