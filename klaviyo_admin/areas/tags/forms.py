"""What a person must say to change tags and their groups."""

from django import forms

from klaviyo_admin.areas.fields import ChangedOnlyForm
from klaviyo_admin.areas.picking import PickField


class EditTag(ChangedOnlyForm):
    name = forms.CharField(label="Name", max_length=255)


class NewTag(forms.Form):
    name = forms.CharField(label="Name", max_length=255)
    group = PickField("tag-groups", label="Group", required=False, help_text="Without one, it joins the default group.")


class EditTagGroup(ChangedOnlyForm):
    name = forms.CharField(label="Name", max_length=255)


class NewTagGroup(forms.Form):
    name = forms.CharField(label="Name", max_length=255)
    exclusive = forms.BooleanField(
        label="Only one tag of this group may be on a thing", required=False, help_text="This cannot be changed later."
    )
