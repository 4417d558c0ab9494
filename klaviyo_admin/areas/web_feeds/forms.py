"""What a person must say to make or change web feeds."""

from django import forms

from klaviyo_admin.areas.fields import ChangedOnlyForm

METHODS = (("get", "GET, as a browser does"), ("post", "POST"))
CONTENTS = (("json", "JSON"), ("xml", "XML"))


class FeedName(forms.RegexField):
    """A word by which templates call the feed."""

    def __init__(self) -> None:
        super().__init__(
            r"\A[0-9A-Za-z_]+\Z",
            label="Name",
            max_length=255,
            help_text="Templates call it by this name: letters, digits and underscores, such as new_products.",
            error_messages={"invalid": "Use letters, digits and underscores only, such as new_products."},
        )


class FeedAddress(forms.URLField):
    """Where Klaviyo fetches the feed."""

    def __init__(self) -> None:
        super().__init__(
            label="Address", assume_scheme="https", help_text="Klaviyo fetches it from here; it must be public."
        )


class EditFeed(ChangedOnlyForm):
    """A feed that messages use shows what the new address delivers from the next sending on."""

    name = FeedName()
    url = FeedAddress()
    request_method = forms.ChoiceField(label="Fetched by", choices=METHODS)
    content_type = forms.ChoiceField(label="What it delivers", choices=CONTENTS)


class NewFeed(forms.Form):
    name = FeedName()
    url = FeedAddress()
    request_method = forms.ChoiceField(label="Fetched by", choices=METHODS)
    content_type = forms.ChoiceField(label="What it delivers", choices=CONTENTS)
