"""Sign-up forms and their versions, declared: what visitors of a website are asked."""

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.signup_forms import forms, service
from klaviyo_admin.areas.signup_forms.columns import (
    CREATED,
    ID,
    NAME,
    OF_VERSION,
    STATUS,
    TESTED,
    UPDATED,
    VERSIONS,
    shape,
    version_name,
)
from klaviyo_admin.areas.words import name

STATUSES = (("live", "Live"), ("draft", "Draft"))

FORMS = Resource(
    key="forms",
    one="sign-up form",
    many="sign-up forms",
    type="form",
    source=Source("get_forms", "get_form", sort="-updated_at"),
    name=name,
    columns=(NAME, STATUS, TESTED, CREATED, UPDATED, ID),
    filters=(
        Filter("name", "Name contains", "get_forms", "name", "contains", guess=lambda word: True),
        Filter("status", "Status", "get_forms", "status", kind="choice", choices=STATUSES),
        Filter("ab_test", "A/B test", "get_forms", "ab_test", kind="flag"),
        Filter("created_after", "Created after", "get_forms", "created_at", "greater-than", "moment"),
        Filter("updated_after", "Updated after", "get_forms", "updated_at", "greater-than", "moment"),
    ),
    tabs=(
        Tab(
            "versions",
            "Versions",
            "get_versions_for_form",
            VERSIONS,
            links_to="form-versions",
            empty="It has no version.",
            ids="get_version_ids_for_form",
        ),
    ),
    actions=(
        Action(
            "copy",
            "Copy",
            forms.CopyForm,
            service.copy,
            ("create_form",),
            start=service.start_copy,
            hint="The copy is a draft: it appears on no website until somebody publishes it in Klaviyo.",
        ),
        Action(
            "create",
            "New sign-up form",
            forms.NewForm,
            service.create,
            ("create_form",),
            on="new",
            hint="A draft that asks for an e-mail address. Its looks and its publishing are for Klaviyo.",
        ),
        Action(
            "create-from-definition",
            "From a definition",
            forms.NewFormFromDefinition,
            service.create_from_definition,
            ("create_form",),
            on="new",
            hint="For a form written down as JSON, by a program or out of another account.",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_form",),
            on="many",
            hint="It disappears from the website with all its versions and figures.",
        ),
    ),
)

FORM_VERSIONS = Resource(
    key="form-versions",
    one="version of a sign-up form",
    many="versions of sign-up forms",
    type="form-version",
    source=Source(item="get_form_version", include=("form",)),
    name=version_name,
    columns=(
        Column("variation_name", "Version", version_name),
        Column("form_type", "Shape", shape),
        STATUS,
        *(Column(c.key, c.label, c.show, c.as_) for c in (CREATED, UPDATED, ID)),
    ),
    tabs=(
        Tab(
            "form",
            "Sign-up form",
            "get_form_for_form_version",
            OF_VERSION,
            links_to="forms",
            ids="get_form_id_for_form_version",
        ),
    ),
)
