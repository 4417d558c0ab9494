"""What a person must say to change lists."""

from django import forms

from klaviyo_admin.areas.fields import ChangedOnlyForm, PickField
from klaviyo_admin.areas.lists.columns import OPT_IN
from klaviyo_admin.areas.profiles.people import PeopleField


class EditList(ChangedOnlyForm):
    """The name and the opt-in process of one list."""

    name = forms.CharField(label="Name", max_length=255)
    opt_in_process = forms.ChoiceField(
        label="Opt-in",
        choices=tuple(OPT_IN.items()),
        help_text="With double opt-in, a new subscriber confirms by a message before joining.",
    )


class NewList(forms.Form):
    """A list that does not exist yet."""

    name = forms.CharField(label="Name", max_length=255)
    opt_in_process = forms.ChoiceField(
        label="Opt-in", choices=(("", "As set for the account"), *OPT_IN.items()), required=False
    )


class PickProfiles(forms.Form):
    """People who join or leave a list."""

    profiles = PickField(
        "profiles", label="Profiles", many=True, help_text="Found by whole e-mail address, phone or ID."
    )


class PastePeople(forms.Form):
    """People who join or leave a list, pasted or uploaded."""

    people = PeopleField(label="People", help_text="Each is looked up first; nobody new is created.")
