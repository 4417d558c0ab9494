"""Campaigns and their messages, declared: what is sent once to many people, by e-mail, SMS or push notification."""

from klaviyo_admin.areas import tagging
from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.campaigns import creating, forms, message_forms, messages, reading, service
from klaviyo_admin.areas.campaigns.columns import (
    CHANNELS,
    COLUMNS,
    EMAIL,
    MESSAGE_COLUMNS,
    SHOWN,
    channel,
    message_name,
)
from klaviyo_admin.areas.campaigns.reading import perhaps
from klaviyo_admin.areas.email_templates.columns import SHOWN as TEMPLATE_COLUMNS
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.images.columns import SHOWN as IMAGE_COLUMNS
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item

_LIST = "get_campaigns"
_STATUSES = next(f.enum for f in operation(_LIST).filters if f.name == "status")
_SEND = "send_campaign"


def _kind(group: Item) -> str:
    return {"list": "List", "segment": "Segment"}.get(group.type, "")


CAMPAIGNS = Resource(
    key="campaigns",
    one="campaign",
    many="campaigns",
    type="campaign",
    source=Source(_LIST, "get_campaign", include=("campaign-messages", "tags"), sort="-updated_at", size=20),
    name=name,
    columns=COLUMNS,
    filters=(
        Filter(
            "channel",
            "Channel",
            _LIST,
            "messages.channel",
            kind="choice",
            choices=tuple(CHANNELS.items()),
            default="email",
        ),
        Filter("name", "Name contains", _LIST, "name", "contains", guess=lambda word: True),
        Filter("status", "Status", _LIST, "status", kind="choice", choices=tuple((each, each) for each in _STATUSES)),
        Filter("archived", "Archived", _LIST, "archived", kind="flag"),
        Filter("created_after", "Created after", _LIST, "created_at", "greater-than", "moment"),
        Filter("updated_after", "Updated after", _LIST, "updated_at", "greater-than", "moment"),
        Filter("scheduled_after", "Scheduled after", _LIST, "scheduled_at", "greater-than", "moment"),
        Filter("scheduled_before", "Scheduled before", _LIST, "scheduled_at", "less-than", "moment"),
    ),
    tabs=(
        Tab(
            "messages",
            "Message",
            "get_messages_for_campaign",
            MESSAGE_COLUMNS,
            links_to="campaign-messages",
            ids="get_message_ids_for_campaign",
            page=reading.messages,
        ),
        Tab(
            "audience",
            "Audience",
            "get_campaign",
            (
                Column("name", "Name", name),
                Column("kind", "Kind", _kind),
                Column("left_out", "", lambda g: "Left out" if g.get("left_out") else "Gets it", as_="badge"),
            ),
            links_to="*",
            empty="Nobody yet.",
            lazy=True,
            page=reading.audience,
        ),
        Tab(
            "estimate",
            "Recipients",
            "get_campaign_recipient_estimation",
            (
                Column(
                    "estimated_recipient_count",
                    "People",
                    lambda e: e.get("estimated_recipient_count"),
                    as_="number",
                ),
            ),
            empty="Not counted lately.",
            page=perhaps("get_campaign_recipient_estimation"),
        ),
        Tab(
            "estimation",
            "The latest count",
            "get_campaign_recipient_estimation_job",
            (Column("status", "Status", lambda j: j.get("status"), as_="badge"),),
            empty="Never counted.",
            lazy=True,
            page=perhaps("get_campaign_recipient_estimation_job"),
        ),
        Tab(
            "sending",
            "Sending",
            "get_campaign_send_job",
            (Column("status", "Status", lambda j: j.get("status"), as_="badge"),),
            empty="Never sent.",
            page=perhaps("get_campaign_send_job"),
        ),
        tagging.tab("get_tags_for_campaign", "get_tag_ids_for_campaign"),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.EditCampaign,
            service.edit,
            ("update_campaign",),
            start=service.start_edit,
            suits=service.is_draft,
        ),
        Action(
            "audience",
            "Change the audience",
            forms.Audience,
            service.audience,
            ("update_campaign",),
            start=service.start_audience,
            suits=service.is_draft,
        ),
        Action(
            "schedule",
            "Set the time",
            forms.Schedule,
            service.schedule,
            ("update_campaign",),
            start=service.start_schedule,
            suits=service.is_draft,
            hint="This only notes the time in the draft. Nothing goes out before it is sent, which is a step of its own.",
        ),
        Action(
            "estimate",
            "Count recipients",
            NoQuestions,
            service.estimate,
            ("refresh_campaign_recipient_estimation",),
            on="many",
            suits=service.is_to_come,
        ),
        Action(
            "send",
            "Send or schedule",
            forms.Send,
            service.send,
            ("update_campaign", _SEND),
            start=service.start_send,
            suits=service.is_draft,
            hint="Once it is approved, it goes out to the whole audience, or at its time. What was delivered cannot be called back.",
        ),
        Action(
            "revert",
            "Make it a draft again",
            NoQuestions,
            service.revert,
            ("cancel_campaign_send",),
            hint="Stops a campaign that is scheduled or on its way. Whoever has received it keeps it.",
            suits=service.is_under_way,
        ),
        Action(
            "cancel",
            "Cancel for ever",
            NoQuestions,
            service.cancel,
            ("cancel_campaign_send",),
            hint="A cancelled campaign can never be sent again. To change it and send it later, make it a draft again.",
            suits=service.is_under_way,
        ),
        Action("copy", "Copy", forms.CopyCampaign, service.copy, ("create_campaign_clone",), start=service.start_copy),
        tagging.tag("campaigns", service.CAMPAIGN, "tag_campaigns"),
        tagging.untag("campaigns", service.CAMPAIGN, "remove_tag_from_campaigns"),
        Action(
            "create-email",
            "New e-mail campaign",
            message_forms.NewEmail,
            creating.create_email,
            ("create_campaign", "assign_template_to_campaign_message", _SEND),
            on="new",
        ),
        Action(
            "create-sms",
            "New SMS campaign",
            message_forms.NewText,
            creating.create_text,
            ("create_campaign", _SEND),
            on="new",
        ),
        Action(
            "create-push",
            "New push campaign",
            message_forms.NewPush,
            creating.create_push,
            ("create_campaign", _SEND),
            on="new",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_campaign",),
            on="many",
            hint="The campaign, its messages and its settings are gone for good. What was sent already cannot be deleted.",
            suits=service.is_to_come,
        ),
    ),
)

CAMPAIGN_MESSAGES = Resource(
    key="campaign-messages",
    one="campaign message",
    many="campaign messages",
    type="campaign-message",
    source=Source("", "get_campaign_message", include=("campaign", "image", "template")),
    name=message_name,
    columns=MESSAGE_COLUMNS,
    tabs=(
        Tab(
            "campaign",
            "Campaign",
            "get_campaign_for_campaign_message",
            SHOWN,
            links_to="campaigns",
            ids="get_campaign_id_for_campaign_message",
        ),
        Tab(
            "template",
            "Template",
            "get_template_for_campaign_message",
            TEMPLATE_COLUMNS,
            links_to="templates",
            empty="No template.",
            ids="get_template_id_for_campaign_message",
            page=perhaps("get_template_for_campaign_message"),
        ),
        Tab(
            "image",
            "Image",
            "get_image_for_campaign_message",
            IMAGE_COLUMNS,
            links_to="images",
            empty="No image.",
            ids="get_image_id_for_campaign_message",
            page=perhaps("get_image_for_campaign_message"),
        ),
    ),
    actions=(
        Action(
            "edit",
            "Edit the message",
            message_forms.EditMessage,
            messages.edit,
            ("update_campaign_message",),
            start=messages.start,
            hint="Klaviyo takes this for drafts only.",
            suits=messages.may_change,
        ),
        Action(
            "template",
            "Choose a template",
            forms.ChangeTemplate,
            messages.assign,
            ("assign_template_to_campaign_message",),
            suits=lambda m: messages.may_change(m) and channel(m) == EMAIL,
        ),
        Action(
            "image",
            "Choose an image",
            forms.ChangeImage,
            messages.show_image,
            ("update_image_for_campaign_message",),
            suits=lambda m: messages.may_change(m) and channel(m) != EMAIL,
        ),
    ),
)
