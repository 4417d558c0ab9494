"""What a person must say to make or change webhooks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.fields import ChangedOnlyForm, PickField

SHORTEST = 16  # characters of a secret


class HookAddress(forms.URLField):
    """Where events are posted; Klaviyo takes https only."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Address", assume_scheme="https", max_length=2000, **kwargs)

    def clean(self, value: Any) -> Any:
        address = super().clean(value)
        if address and not address.startswith("https://"):
            raise ValidationError(f"“{address}” is not secure. Klaviyo posts to addresses that begin with https://.")
        return address


class SecretField(forms.CharField):
    """The secret that signs every delivery. It is never shown again, not even on this form."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
        super().__init__(label="Secret", min_length=SHORTEST, max_length=255, widget=widget, **kwargs)


class NewWebhook(forms.Form):
    name = forms.CharField(label="Name", max_length=255)
    description = forms.CharField(label="Description", max_length=1000, required=False)
    endpoint_url = HookAddress(
        help_text="Klaviyo posts events here, with personal data in them. The secret signs each delivery."
    )
    secret_key = SecretField(
        help_text=f"At least {SHORTEST} characters that the receiver knows too. Keep it: nobody can read it again."
    )
    topics = PickField("webhook-topics", label="What it tells of", many=True)


class EditWebhook(ChangedOnlyForm):
    """Klaviyo shows only the host of the address, so a new address is asked for instead of the old one shown."""

    name = forms.CharField(label="Name", max_length=255)
    description = forms.CharField(label="Description", max_length=1000, required=False)
    enabled = forms.BooleanField(label="Switched on", required=False)
    endpoint_url = HookAddress(required=False, help_text="Left empty, the address stays as it is.")
    secret_key = SecretField(required=False, help_text="Left empty, the secret stays as it is.")
    topics = PickField("webhook-topics", label="What it tells of", many=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret_key"].show_hidden_initial = False
