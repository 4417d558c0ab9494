"""What a person must say to write the message of a campaign, channel by channel."""

from typing import Any

from django import forms

from klaviyo_admin.areas.campaigns import strategy
from klaviyo_admin.areas.campaigns.columns import EMAIL, PUSH, SMS
from klaviyo_admin.areas.campaigns.forms import AudienceFields, somebody
from klaviyo_admin.areas.campaigns.looks import StyledForm
from klaviyo_admin.areas.fields import ChangedOnlyForm, JsonField
from klaviyo_admin.areas.picking import PickField

_PERSONAL = "Values of the recipient stand in double braces: {{ first_name|default:'there' }}."
OPENS = (("open_app", "The app"), ("deep_link", "A place in the app"), ("open_web_url", "A web page"))
BADGES = (
    ("", "No badge"),
    ("increment_one", "One more than before"),
    ("set_count", "A certain number"),
    ("set_property", "The number in a property of the person"),
)
_WHO = ("included_lists", "excluded_lists", "included_segments", "excluded_segments")
AFTERWARDS = (
    ("draft", "Keep it as a draft"),
    ("send", "Send it, or schedule it, as said under When"),
)


def _json() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false"})


class EmailFields(forms.Form):
    subject = forms.CharField(label="Subject", max_length=998, required=False, help_text=_PERSONAL)
    preview_text = forms.CharField(
        label="Preview text", max_length=998, required=False, help_text="Stands behind the subject in most inboxes."
    )
    from_label = forms.CharField(label="Sender’s name", max_length=255, required=False)
    from_email = forms.EmailField(label="Sender’s address", required=False)
    reply_to_email = forms.EmailField(
        label="Answers go to", required=False, help_text="Without one, to the sender’s address."
    )
    cc_email = forms.EmailField(label="Copy to (CC)", required=False)
    bcc_email = forms.EmailField(label="Blind copy to (BCC)", required=False)


class TextOptions(forms.Form):
    shorten_links = forms.BooleanField(label="Shorten links", required=False)
    add_org_prefix = forms.BooleanField(label="Begin with the shop’s name", required=False)
    add_info_link = forms.BooleanField(label="Add a link to the contact details", required=False)
    add_opt_out_language = forms.BooleanField(label="Add how to opt out", required=False)


class PushFields(StyledForm):
    title = forms.CharField(label="Title", max_length=255, required=False)
    dynamic_image = forms.CharField(
        label="Image per recipient", required=False, help_text="A variable that holds the address of an image."
    )
    opens = forms.ChoiceField(label="A tap opens", choices=OPENS, required=False)
    ios_deep_link = forms.CharField(label="Place in the app, iOS", required=False)
    android_deep_link = forms.CharField(label="Place in the app, Android", required=False)
    web_url = forms.CharField(label="Web page", required=False)
    badge = forms.ChoiceField(label="Badge on the app’s icon", choices=BADGES, required=False)
    badge_value = forms.CharField(label="Number, or name of the property", required=False)
    play_sound = forms.BooleanField(label="Play a sound", required=False)
    action_buttons = JsonField(
        label="Buttons",
        required=False,
        widget=_json(),
        help_text='A list such as [{"label": "Look", "action_type": "open_app"}].',
    )
    kv_pairs = JsonField(
        label="Data for the app",
        required=False,
        widget=_json(),
        help_text='Names and values that the app reads: {"page": "sale"}.',
    )


def _body(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 4}), required=False, help_text=_PERSONAL, **kwargs
    )


FIELDS = {
    EMAIL: ("label", *EmailFields.base_fields),
    SMS: ("body", *TextOptions.base_fields),
    PUSH: ("title", "body", *PushFields.base_fields),
}
SILENT = ("kv_pairs",)


def missing_of_push(form: forms.Form, given: dict[str, Any]) -> None:
    """Puts an error at each field of a push notification that its choices need."""
    needs = {"deep_link": ("ios_deep_link", "android_deep_link"), "open_web_url": ("web_url",)}
    asked = needs.get(given.get("opens", ""), ())
    if asked and not any(given.get(name) for name in asked):
        form.add_error(asked[0], "Say where the tap leads, or let it open the app.")
    if given.get("badge") in ("set_count", "set_property") and not given.get("badge_value"):
        form.add_error("badge_value", "The badge needs it.")
    if not isinstance(given.get("kv_pairs") or {}, dict):
        form.add_error("kv_pairs", 'Write names and values in braces: {"page": "sale"}.')
    if not isinstance(given.get("action_buttons") or [], list):
        form.add_error("action_buttons", "Write a list in square brackets.")


class EditMessage(EmailFields, TextOptions, PushFields, ChangedOnlyForm):
    """One message; which of the questions are asked depends on its channel."""

    label = forms.CharField(label="Name of the message", max_length=255, required=False)
    body = _body()
    field_order = ("label", "subject", "title", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self.initial or {}
        kept = SILENT if shown.get("silent") else FIELDS.get(shown.get("channel", EMAIL), ())
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        missing_of_push(self, self.cleaned_data)
        return super().clean()


class _New(AudienceFields, strategy.WhenFields):
    """A campaign that does not exist yet: what all channels ask."""

    name = forms.CharField(label="Name of the campaign", max_length=255, help_text="Only your team reads it.")
    use_smart_sending = forms.BooleanField(
        label="Smart sending",
        required=False,
        initial=True,
        help_text="Spares people who had a message a short while ago.",
    )
    afterwards = forms.ChoiceField(
        label="And then", choices=AFTERWARDS, help_text="Either way nothing happens before somebody else approves."
    )

    needs: tuple[str, ...] = ()  # what cannot be empty in a campaign that is sent at once

    def clean(self) -> dict[str, Any]:
        given = somebody(dict(self.cleaned_data))
        if given.get("afterwards") == "send":
            for name in self.needs:
                if not _answered(given.get(name)) and name not in self.errors:
                    self.add_error(name, "A campaign that is sent cannot be without it. Fill it in, or keep a draft.")
        return strategy.checked(self, given)


def _answered(value: Any) -> bool:
    return bool(value.ids or value.words) if hasattr(value, "ids") else bool(value)


class NewEmail(EmailFields, _New):
    template = PickField(
        "templates", label="Template", required=False, help_text="The message gets a copy of it as it is then."
    )
    needs = ("subject", "from_email", "from_label", "template")
    field_order = ("name", *EmailFields.base_fields, "template", *_WHO)


class NewText(TextOptions, _New):
    body = _body()
    image = PickField("images", label="Image", required=False, help_text="Makes it an MMS.")
    needs = ("body",)
    field_order = ("name", "body", "image", *TextOptions.base_fields, *_WHO)


class NewPush(PushFields, _New):
    body = _body()
    image = PickField("images", label="Image", required=False)
    silent = forms.BooleanField(
        label="Silent: only data for the app, nothing on the screen",
        required=False,
        help_text="Then it has no title, text or image.",
    )
    field_order = ("name", "title", "body", "image", "silent", *PushFields.base_fields, *_WHO)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        missing_of_push(self, given)
        if given.get("silent") and not given.get("kv_pairs"):
            self.add_error("kv_pairs", "A silent notification is nothing but its data. Say which.")
        if not given.get("silent") and not given.get("body"):
            self.add_error("body", "A notification on the screen needs a text.")
        return given
