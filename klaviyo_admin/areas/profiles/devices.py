"""Push tokens, declared: the devices on which people can be shown messages."""

from collections.abc import Sequence

from django import forms

from klaviyo_admin.areas.base import Action, Answers, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.building import Noun, deleted
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.profiles import service
from klaviyo_admin.areas.words import counted
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

STATES = (
    ("AUTHORIZED", "Allowed"),
    ("PROVISIONAL", "Allowed quietly"),
    ("NOT_DETERMINED", "Not asked yet"),
    ("DENIED", "Refused"),
    ("UNAUTHORIZED", "Not allowed"),
)
PLATFORMS = (("ios", "iOS"), ("android", "Android"))
VENDORS = (("apns", "Apple (APNs)"), ("fcm", "Google (FCM)"))
BACKGROUNDS = (("AVAILABLE", "Available"), ("DENIED", "Refused"), ("RESTRICTED", "Restricted"))


def name(token: Item) -> str:
    """What people call a device: its model and system, else the beginning of its token."""
    model = token.get("metadata.device_model")
    system = dict(PLATFORMS).get(token.get("platform"), token.get("platform"))
    return f"{model} ({system})" if model else f"{system} {str(token.get('token', token.id))[:8]}…"


def state(token: Item) -> str:
    return dict(STATES).get(token.get("enablement_status"), str(token.get("enablement_status")))


TOKEN = Noun("push token", "push tokens", "push-token", "get_push_token", name)
DEVICES = (
    Column("name", "Device", name),
    Column("state", "Messages", state, as_="badge", covers=("enablement_status",)),
    Column("app", "App", lambda t: t.get("metadata.app_name")),
    Column("recorded_date", "Last seen", lambda t: t.get("recorded_date"), as_="moment"),
)


def _chosen(key: str, label: str, choices: tuple[tuple[str, str], ...]) -> Column:
    """A column for one of a few values, in words; hidden until a person picks it."""
    return Column(key, label, lambda token: dict(choices).get(token.get(key), token.get(key)), first=False)


class NewToken(forms.Form):
    """One device of a person."""

    token = forms.CharField(label="Token", max_length=4096, help_text="As the app got it from Apple or Google.")
    platform = forms.ChoiceField(label="System", choices=PLATFORMS)
    vendor = forms.ChoiceField(label="Delivered by", choices=VENDORS)
    enablement_status = forms.ChoiceField(label="Messages", choices=STATES)
    background = forms.ChoiceField(label="Updates in the background", choices=BACKGROUNDS)
    device_model = forms.CharField(label="Model", max_length=100, required=False)
    app_name = forms.CharField(label="App", max_length=100, required=False)
    app_version = forms.CharField(label="Version of the app", max_length=50, required=False)


def register(items: Sequence[Item], answers: Answers) -> Intent:
    """Registers a device for the one profile."""
    (profile,) = items
    device = {key: answers[key] for key in ("device_model", "app_name", "app_version") if answers.get(key)}
    given = {key: answers[key] for key in ("token", "platform", "vendor", "enablement_status", "background")}
    attributes: dict[str, Json] = {
        **given,
        **({"device_metadata": device} if device else {}),
        "profile": {"data": {"type": "profile", "id": profile.id, "attributes": {}}},
    }
    found = operation("create_push_token")
    write = found.write({}, {"data": {"type": found.kind, "attributes": attributes}})
    fields = tuple(FieldChange((key,), _LABELS[key], None, value) for key, value in (given | device).items())
    person = service.target(profile)
    request = Request(write, Target("push-token", "", answers["token"][:8]), fields)
    return Intent("profiles.add_push_token", "Register a device for push messages to {target}.", (request,), person)


_LABELS = {key: str(field.label) for key, field in NewToken.base_fields.items()}


def delete(items: Sequence[Item], answers: Answers) -> Intent:
    """Forgets the devices; no push message reaches them any more."""
    requests = tuple(deleted("delete_push_token", TOKEN, item) for item in items)
    sentence = f"Delete {counted(len(items), 'push token')}: no push message reaches {'this device' if len(items) == 1 else 'these devices'} any more."
    return Intent(
        "profiles.delete_push_tokens", sentence, requests, TOKEN.target(items[0]) if len(items) == 1 else None
    )


PUSH_TOKENS = Resource(
    key="push-tokens",
    one="push token",
    many="push tokens",
    type="push-token",
    source=Source("get_push_tokens", "get_push_token", include=("profile",)),
    name=name,
    columns=(
        *DEVICES,
        Column("profile", "Whose", lambda t: next(map(service.name, t.ones("profile")), None)),
        _chosen("platform", "System", PLATFORMS),
        _chosen("vendor", "Delivered by", VENDORS),
        _chosen("background", "Updates in the background", BACKGROUNDS),
        Column("created", "Created", lambda t: t.get("created"), as_="moment", first=False),
        Column("id", "ID", lambda t: t.id, as_="id", first=False),
    ),
    filters=(
        Filter("enablement_status", "Messages", "get_push_tokens", "enablement_status", kind="choice", choices=STATES),
        Filter("platform", "System", "get_push_tokens", "platform", kind="choice", choices=PLATFORMS),
        Filter(
            "profile",
            "Profile",
            "get_push_tokens",
            "profile.id",
            kind="thing",
            guess=lambda word: len(word) == 26,
            of="profiles",
        ),
        Filter("id", "ID is", "get_push_tokens", "id"),
    ),
    tabs=(
        Tab(
            "profile",
            "Whose it is",
            "get_profile_for_push_token",
            (Column("name", "Name", service.name), Column("email", "E-mail", lambda p: p.get("email"))),
            links_to="profiles",
            ids="get_profile_id_for_push_token",
        ),
    ),
    actions=(
        Action(
            "delete",
            "Delete",
            NoQuestions,
            delete,
            ("delete_push_token",),
            on="many",
            hint="The app can register the device again.",
        ),
    ),
)
