"""Web feeds, declared: outside sources from which messages take what they show."""

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.web_feeds import forms, service
from klaviyo_admin.areas.words import name

WEB_FEEDS = Resource(
    key="web-feeds",
    one="web feed",
    many="web feeds",
    type="web-feed",
    source=Source("get_web_feeds", "get_web_feed", sort="name", size=20),
    name=name,
    columns=(
        Column("name", "Name", name, sort="name"),
        Column("url", "Address", lambda f: f.get("url")),
        Column("request_method", "Fetched by", lambda f: str(f.get("request_method", "")).upper()),
        Column("content_type", "Delivers", lambda f: str(f.get("content_type", "")).upper()),
        Column("status", "Status", lambda f: f.get("status"), as_="badge"),
        Column("created", "Created", lambda f: f.get("created"), as_="moment", sort="created", first=False),
        Column("updated", "Updated", lambda f: f.get("updated"), as_="moment", sort="updated"),
        Column("id", "ID", lambda f: f.id, as_="id", first=False),
    ),
    filters=(
        Filter("name", "Name contains", "get_web_feeds", "name", "contains", guess=lambda word: True),
        Filter("created_after", "Created after", "get_web_feeds", "created", "greater-than", "moment"),
        Filter("updated_after", "Updated after", "get_web_feeds", "updated", "greater-than", "moment"),
    ),
    actions=(
        Action("edit", "Edit", forms.EditFeed, service.edit, ("update_web_feed",), start=service.start_edit),
        Action("create", "New web feed", forms.NewFeed, service.create, ("create_web_feed",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_web_feed",),
            on="many",
            hint="Messages that use it have nothing to show in its place.",
        ),
    ),
)
