"""What a person must say to tell Klaviyo what a website or an app would tell it of a visitor."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from klaviyo_admin.areas.fields import MomentField, PickField, PropertiesField
from klaviyo_admin.areas.profiles.devices import BACKGROUNDS, PLATFORMS, STATES, VENDORS
from klaviyo_admin.areas.profiles.forms import NewProfile
from klaviyo_admin.areas.rows import Column, RowsField
from klaviyo_admin.areas.sheets import cells
from klaviyo_admin.areas.sheets.cells import Fault

__all__ = ["NewProfile"]

MOST_EVENTS = 1000  # of one request
REVIEWS = (("review", "Review"), ("rating", "Rating"), ("question", "Question"), ("store", "Review of the shop"))
RATINGS = (("", "None"), *((str(stars), f"{stars} star{'s' if stars > 1 else ''}") for stars in range(5, 0, -1)))
INCENTIVES = (
    ("", "None"),
    ("coupon_or_discount", "Coupon or discount"),
    ("free_product", "Free product"),
    ("loyalty_points", "Loyalty points"),
    ("sweepstakes_entry", "Entry into a prize draw"),
    ("paid_promotion", "Paid promotion"),
    ("employee_review", "Written by an employee"),
    ("other", "Something else"),
)
SHOPS = (("", "No product"), ("shopify", "Shopify"), ("woocommerce", "WooCommerce"))
CHANNELS = (("EMAIL", "E-mail"), ("SMS", "Text message"), ("PUSH", "Push"), ("WHATSAPP", "WhatsApp"))
CONSENTS = (("email", "E-mail marketing"), ("sms", "Text message marketing"))
_REACHED_BY = {
    "EMAIL": "email",
    "SMS": "phone_number",
    "WHATSAPP": "phone_number",
    "email": "email",
    "sms": "phone_number",
}


class _Visitor(forms.Form):
    """Who it is about, by at least one of three."""

    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="An e-mail address, a phone number or an external ID: one of the three is enough.",
    )
    phone_number = forms.CharField(
        label="Phone number", max_length=24, required=False, help_text="With country code, such as +12125550123."
    )
    external_id = forms.CharField(
        label="External ID", max_length=255, required=False, help_text="The id of this person in your shop or CRM."
    )

    def clean_phone_number(self) -> str:
        given: str = self.cleaned_data["phone_number"]
        return _checked(cells.phone, given, "") if given else ""

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and not any(said.get(key) for key in ("email", "phone_number", "external_id")):
            raise ValidationError("Say whom it is about: give an e-mail address, a phone number or an external ID.")
        for channel in said.get("channels") or ():
            if (key := _REACHED_BY.get(channel)) and not said.get(key) and key not in self.errors:
                self.add_error(key, "The channel that you ticked needs it.")
        return said


class NewEvent(_Visitor):
    """One thing that happened to a visitor."""

    metric = forms.CharField(
        label="What happened",
        max_length=127,
        help_text="The metric, spelt as your website spells it. A new name makes a new metric, which nobody can delete.",
    )
    time = MomentField(label="When", required=False, help_text="Empty: when it is sent.")
    value = forms.DecimalField(label="Value", max_digits=15, decimal_places=2, required=False)
    value_currency = forms.RegexField(
        r"\A[A-Z]{3}\Z",
        label="Currency",
        required=False,
        help_text="Three letters, such as EUR.",
        error_messages={"invalid": "Use the three capital letters of the currency, such as EUR."},
    )
    unique_id = forms.CharField(
        label="Unique ID", max_length=255, required=False, help_text="A second event with the same one is left out."
    )
    backfill = forms.BooleanField(label="Only for the record: it starts no flow", required=False)
    properties = PropertiesField(label="Properties", required=False)


def _when(cell: str) -> str:
    """A date or moment, as RFC 3339."""
    found = datetime.fromisoformat(cells.iso_date(cell))
    return (found if found.tzinfo else timezone.make_aware(found)).isoformat()


class NewEvents(_Visitor):
    """Many things that happened to one visitor; columns that have no meaning of their own become properties."""

    events = RowsField(
        (
            Column("metric", "Metric", required=True, also=("event", "what happened")),
            Column("time", "Time", _when, also=("when", "date")),
            Column("value", "Value", cells.number),
            Column("value_currency", "Currency"),
            Column("unique_id", "Unique ID", also=("id",)),
        ),
        others=True,
        most=MOST_EVENTS,
        label="Events",
    )
    backfill = forms.BooleanField(label="Only for the record: they start no flow", required=False)
    field_order = ("email", "phone_number", "external_id", "backfill", "events")


class NewSubscription(_Visitor):
    """A visitor who agreed to get messages, as a sign-up form would tell it."""

    circle = PickField("lists", label="List")
    channels = forms.MultipleChoiceField(label="They agreed to", choices=CONSENTS, widget=forms.CheckboxSelectMultiple)
    custom_source = forms.CharField(
        label="Where they agreed", max_length=255, required=False, help_text="Such as Counter at the trade fair."
    )
    field_order = ("circle", "channels", "email", "phone_number", "external_id", "custom_source")


class NewWaiting(_Visitor):
    """A visitor who wants to hear when something is back in stock."""

    variant = PickField("catalog-variants", label="What they wait for")
    channels = forms.MultipleChoiceField(label="Told by", choices=CHANNELS, widget=forms.CheckboxSelectMultiple)
    field_order = ("variant", "channels", "email", "phone_number", "external_id")


class _Device(_Visitor):
    token = forms.CharField(label="Token", max_length=4096, help_text="As the app got it from Apple or Google.")
    platform = forms.ChoiceField(label="System", choices=PLATFORMS)
    vendor = forms.ChoiceField(label="Delivered by", choices=VENDORS)


class NewDevice(_Device):
    """A device of a visitor that may show push messages."""

    enablement_status = forms.ChoiceField(label="Messages", choices=STATES)
    background = forms.ChoiceField(label="Updates in the background", choices=BACKGROUNDS)
    device_model = forms.CharField(label="Model", max_length=100, required=False)
    app_name = forms.CharField(label="App", max_length=100, required=False)
    app_version = forms.CharField(label="Version of the app", max_length=50, required=False)


class ForgetDevice(_Device):
    """A device that shall get no more push messages."""


class NewReview(forms.Form):
    """What a customer says of a product or of the shop; it waits in Klaviyo until somebody publishes it."""

    review_type = forms.ChoiceField(label="Kind", choices=REVIEWS)
    author = forms.CharField(label="Name shown", max_length=255)
    email = forms.EmailField(label="E-mail of the author")
    rating = forms.ChoiceField(label="Rating", choices=RATINGS, required=False)
    title = forms.CharField(label="Title", max_length=255, required=False)
    content = forms.CharField(label="Text", max_length=10_000, widget=forms.Textarea({"rows": 4}))
    integration_key = forms.ChoiceField(label="Shop system of the product", choices=SHOPS, required=False)
    external_id = forms.CharField(label="Product ID in that shop", max_length=255, required=False)
    incentive_type = forms.ChoiceField(label="Given in return", choices=INCENTIVES, required=False)
    images = forms.CharField(
        label="Pictures",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="One https address on each line.",
    )

    def clean_images(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["images"].splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            if not line.startswith("https://"):
                raise ValidationError(f"Line {number}, “{line}”: begin the address with https://.")
        return lines

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if bool(said.get("integration_key")) != bool(said.get("external_id")):
            self.add_error("external_id", "A product needs both: its shop system and its ID there.")
        if said.get("review_type") == "rating" and not said.get("rating"):
            self.add_error("rating", "A rating has stars. Choose how many.")
        return said


def _checked(check: Any, *given: str) -> Any:
    try:
        return check(*given)
    except Fault as fault:
        raise ValidationError(f"“{given[0]}”: {fault.wrong} {fault.remedy}") from fault
