"""What a person must say to connect an account, to describe it, and to give somebody a role."""

from typing import Any

from django import forms

from klaviyo_admin.accounts.models import COLOURS, PLACES, ROLES, Account, Person


class KeyField(forms.CharField):
    """A private key: hidden while it is typed, and never sent back to the browser."""

    def __init__(self, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False)
        words = "From Klaviyo: Settings, API keys, Create private API key. It begins with pk_ and is never shown again here."
        super().__init__(label="Private API key", widget=widget, help_text=words, max_length=200, **options)


class DescribeForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="As your team calls this account.")
    colour = forms.ChoiceField(
        label="Colour", choices=COLOURS, help_text="A stripe in this colour is on every page of the account."
    )


class ConnectForm(DescribeForm):
    place = forms.ChoiceField(
        label="Where it is",
        choices=PLACES,
        help_text="The sandbox is a stand-in for Klaviyo on your own machine, for trying things out.",
    )
    key = KeyField()


class KeyForm(forms.Form):
    key = KeyField()


class ArchiveForm(forms.Form):
    confirm = forms.CharField(label="The account's name, to be sure", max_length=80)

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account

    def clean_confirm(self) -> str:
        typed = str(self.cleaned_data["confirm"]).strip()
        if typed != self.account.name:
            raise forms.ValidationError(f"Type “{self.account.name}” exactly.")
        return typed


class RoleForm(forms.Form):
    """Gives a role to somebody who has none in the account."""

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = Person.objects.filter(is_active=True).exclude(memberships__account=account).order_by("name")
        self.fields["person"] = forms.ModelChoiceField(people, label="Person", empty_label="Choose a person")
        self.fields["role"] = forms.ChoiceField(label="Role", choices=ROLES, initial="viewer")


class AddPersonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254)
