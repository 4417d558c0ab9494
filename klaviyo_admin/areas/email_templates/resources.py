"""Templates and universal blocks, declared: what messages are made of."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Source
from klaviyo_admin.areas.email_templates import forms, service
from klaviyo_admin.areas.email_templates.columns import CREATED, EDITOR, ID, KIND, KINDS, NAME, UPDATED
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.words import name

_UNIVERSAL = "get_all_universal_content"

TEMPLATES = Resource(
    key="templates",
    one="template",
    many="templates",
    type="template",
    source=Source("get_templates", "get_template", additional={"template": ("definition",)}, sort="-updated"),
    name=name,
    columns=(NAME, EDITOR, UPDATED, CREATED, ID),
    filters=(
        Filter("name", "Name contains", "get_templates", "name", "contains", guess=lambda word: True),
        Filter("created_after", "Created after", "get_templates", "created", "greater-than", "moment"),
        Filter("updated_after", "Updated after", "get_templates", "updated", "greater-than", "moment"),
        Filter("updated_before", "Updated before", "get_templates", "updated", "less-than", "moment"),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.EditTemplate,
            service.edit,
            ("update_template",),
            start=service.start_edit,
            hint="Messages that were made from it hold copies of their own and do not change.",
        ),
        Action("copy", "Copy", forms.CopyTemplate, service.copy, ("clone_template",), start=service.start_copy),
        Action("create", "New template", forms.NewTemplate, service.create, ("create_template",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_template",),
            on="many",
            hint="It is gone for good. Messages keep the copies that they have.",
        ),
    ),
)

UNIVERSAL = Resource(
    key="universal-content",
    one="universal block",
    many="universal blocks",
    type="template-universal-content",
    source=Source(_UNIVERSAL, "get_universal_content", sort="name"),
    name=name,
    columns=(NAME, KIND, UPDATED, CREATED, ID),
    filters=(
        Filter("name", "Name is exactly", _UNIVERSAL, "name", guess=lambda word: True),
        Filter("kind", "Kind", _UNIVERSAL, "definition.type", kind="choice", choices=tuple(KINDS.items())),
        Filter(
            "content_type",
            "Made of",
            _UNIVERSAL,
            "definition.content_type",
            kind="choice",
            choices=(("block", "One block"), ("section", "A section of blocks")),
        ),
        Filter("updated_after", "Updated after", _UNIVERSAL, "updated", "greater-than", "moment"),
        Filter("id", "ID is", _UNIVERSAL, "id"),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.EditBlock,
            service.edit_block,
            ("update_universal_content",),
            start=service.start_block,
            hint="This changes every template and message that uses the block, those of live flows too.",
        ),
        Action(
            "create",
            "New universal block",
            forms.NewBlock,
            service.create_block,
            ("create_universal_content",),
            on="new",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete_blocks,
            ("delete_universal_content",),
            on="many",
            hint="It goes from every template that uses it.",
        ),
    ),
)
