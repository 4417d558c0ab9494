"""What a website or an app tells Klaviyo of its visitors, declared: things that can be said, and no list of them."""

from collections.abc import Sequence

from django.forms import Form

from klaviyo_admin.areas.base import Action, Column, Resource, Source
from klaviyo_admin.areas.building import Build
from klaviyo_admin.areas.onsite import forms, service
from klaviyo_admin.klaviyo.values import Item


def _name(item: Item) -> str:
    return item.id


def _say(key: str, verb: str, form: type[Form], build: Build, operation: str, hint: str) -> Action:
    return Action(key, verb, form, build, (operation,), on="new", hint=hint)


_SAID: Sequence[tuple[str, str, type[Form], Build, str, str]] = (
    (
        *("identify", "Tell of a visitor", forms.NewProfile, service.identify, "create_client_profile"),
        "Creates a profile, or adds to the one with this address.",
    ),
    (
        *("record", "Record an event", forms.NewEvent, service.record, "create_client_event"),
        "It can start flows, and cannot be deleted.",
    ),
    (
        *("record-many", "Record many events", forms.NewEvents, service.record_many, "bulk_create_client_events"),
        "Up to 1,000 events of one person, pasted or from a file.",
    ),
    (
        *("subscribe", "Subscribe a visitor", forms.NewSubscription, service.subscribe, "create_client_subscription"),
        "As a sign-up form does it. Only people who agreed may be subscribed.",
    ),
    (
        *("wait", "Tell when it is back in stock", forms.NewWaiting, service.wait),
        *(
            "create_client_back_in_stock_subscription",
            "The person gets a message once it is back. This cannot be undone.",
        ),
    ),
    (
        *("register", "Register a device", forms.NewDevice, service.register, "create_client_push_token"),
        "From then on it can show push messages.",
    ),
    (
        *("unregister", "Forget a device", forms.ForgetDevice, service.unregister, "unregister_client_push_token"),
        "It gets no more push messages until its app registers again.",
    ),
    (
        *("review", "Add a review", forms.NewReview, service.review, "create_client_review"),
        "In the name of a customer, whose own words these must be. It waits until somebody publishes it.",
    ),
)

ONSITE = Resource(
    key="onsite",
    one="message of a website",
    many="what a website tells",
    type="onsite",
    source=Source(),
    name=_name,
    columns=(Column("id", "ID", _name),),
    actions=tuple(_say(*said) for said in _SAID),
)
