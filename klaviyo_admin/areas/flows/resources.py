"""Flows, their steps and messages, declared: what happens by itself once somebody does something."""

from klaviyo_admin.areas import tagging
from klaviyo_admin.areas.base import Action, Filter, Resource, Source, Tab
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.flows import forms, service
from klaviyo_admin.areas.flows.columns import (
    ARCHIVED,
    CREATED,
    ID,
    MESSAGES,
    NAME,
    STATUS,
    STATUSES,
    STEPS,
    TEMPLATE,
    TIMES,
    TRIGGER,
    TRIGGERED,
    UPDATED,
    message_name,
    step_name,
)
from klaviyo_admin.areas.words import name

_TRIGGERS = ("Metric", "Added to List", "Date Based", "Price Drop", "Low Inventory", "Unconfigured")

FLOWS = Resource(
    key="flows",
    one="flow",
    many="flows",
    type="flow",
    source=Source("get_flows", "get_flow", additional={"flow": ("definition",)}, sort="name"),
    name=name,
    columns=(NAME, TRIGGER, STATUS, ARCHIVED, CREATED, UPDATED, ID),
    filters=(
        Filter("name", "Name contains", "get_flows", "name", "contains", guess=lambda word: True),
        Filter("status", "Status", "get_flows", "status", kind="choice", choices=tuple(STATUSES.items())),
        Filter(
            "trigger_type",
            "Set off by",
            "get_flows",
            "trigger_type",
            kind="choice",
            choices=tuple((each, each) for each in _TRIGGERS),
        ),
        Filter("archived", "Archived", "get_flows", "archived", kind="flag"),
        Filter("created_after", "Created after", "get_flows", "created", "greater-than", "moment"),
        Filter("updated_after", "Updated after", "get_flows", "updated", "greater-than", "moment"),
    ),
    tabs=(
        Tab(
            "steps",
            "Steps as a table",
            "get_actions_for_flow",
            (*STEPS, *TIMES),
            links_to="flow-actions",
            empty="It has no steps.",
            ids="get_action_ids_for_flow",
            lazy=True,
        ),
        tagging.tab("get_tags_for_flow", "get_tag_ids_for_flow"),
    ),
    actions=(
        Action(
            "status",
            "Set status",
            forms.SetStatus,
            service.set_status,
            ("update_flow",),
            on="many",
            start=service.start_status,
            hint="Klaviyo gives the status to the flow and to every one of its steps.",
        ),
        Action(
            "copy",
            "Copy",
            forms.CopyFlow,
            service.copy,
            ("create_flow",),
            start=service.start_copy,
            hint="The copy is a draft with the same trigger and steps, and messages nobody.",
        ),
        tagging.tag("flows", service.FLOW, "tag_flows"),
        tagging.untag("flows", service.FLOW, "remove_tag_from_flows"),
        Action(
            "create",
            "New flow",
            forms.NewFlow,
            service.create,
            ("create_flow",),
            on="new",
            hint="A draft with one e-mail; it messages nobody until it is set live.",
        ),
        Action(
            "create-from-definition",
            "From a definition",
            forms.NewFlowFromDefinition,
            service.create_from_definition,
            ("create_flow",),
            on="new",
            hint="For a flow written down as JSON, by a program or out of another account.",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_flow",),
            on="many",
            hint="It stops, and is gone with its figures; people inside it get no further message.",
        ),
    ),
)

FLOW_ACTIONS = Resource(
    key="flow-actions",
    one="step of a flow",
    many="steps of flows",
    type="flow-action",
    source=Source(item="get_flow_action", include=("flow", "flow-messages")),
    name=step_name,
    columns=(*STEPS, *TIMES),
    tabs=(
        Tab(
            "messages",
            "Its message",
            "get_flow_action_messages",
            MESSAGES,
            links_to="flow-messages",
            empty="This step sends nothing.",
            ids="get_message_ids_for_flow_action",
        ),
        Tab(
            "flow",
            "The flow",
            "get_flow_for_flow_action",
            TRIGGERED,
            links_to="flows",
            ids="get_flow_id_for_flow_action",
        ),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.EditStep,
            service.edit_step,
            ("update_flow_action",),
            start=service.start_step,
            hint="In a live flow this changes what people get from then on.",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete_step,
            ("delete_flow_action",),
            hint="What came before it leads to what came after it. A step where ways part cannot be deleted.",
        ),
    ),
)

FLOW_MESSAGES = Resource(
    key="flow-messages",
    one="message of a flow",
    many="messages of flows",
    type="flow-message",
    source=Source(item="get_flow_message", include=("flow-action", "template")),
    name=message_name,
    columns=(*MESSAGES, *TIMES),
    tabs=(
        Tab(
            "template",
            "Template",
            "get_template_for_flow_message",
            TEMPLATE,
            links_to="templates",
            empty="It has no template.",
            ids="get_template_id_for_flow_message",
        ),
        Tab(
            "step",
            "The step that sends it",
            "get_action_for_flow_message",
            STEPS,
            links_to="flow-actions",
            ids="get_action_id_for_flow_message",
        ),
    ),
)
