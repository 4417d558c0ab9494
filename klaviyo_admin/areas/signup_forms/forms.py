"""What a person must say to make sign-up forms. Klaviyo takes drafts only; publishing stays in Klaviyo."""

from django import forms

from klaviyo_admin.areas.fields import PickField
from klaviyo_admin.areas.flows.forms import DefinitionField
from klaviyo_admin.areas.signup_forms.columns import SHAPES

KINDS = tuple((kind, SHAPES[kind]) for kind in ("popup", "flyout", "embed", "full_screen", "banner"))


class NewForm(forms.Form):
    """A form that asks for an e-mail address and puts who answers on a list."""

    name = forms.CharField(label="Name", max_length=255, help_text="Only your colleagues see it.")
    kind = forms.ChoiceField(label="Shape", choices=KINDS)
    heading = forms.CharField(label="Heading", max_length=200)
    text = forms.CharField(label="Text below it", max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))
    button = forms.CharField(label="Words on the button", max_length=60, initial="Sign up")
    thanks = forms.CharField(label="Thanks afterwards", max_length=500, initial="Thank you. You are on the list.")
    circle = PickField("lists", label="List that people join")
    delay = forms.IntegerField(
        label="Seconds before it appears", min_value=0, max_value=3600, initial=5, help_text="0: at once."
    )


class NewFormFromDefinition(forms.Form):
    """A form as Klaviyo writes it down, for what no form of questions covers."""

    name = forms.CharField(label="Name", max_length=255)
    ab_test = forms.BooleanField(label="An A/B test between its versions", required=False)
    definition = DefinitionField(
        label="Definition (JSON)", help_text="An object with “versions”; each needs at least two steps."
    )


class CopyForm(forms.Form):
    name = forms.CharField(label="Name of the copy", max_length=255)
