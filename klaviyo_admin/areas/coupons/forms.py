"""What a person must say to change coupons and their codes."""

import re
import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from klaviyo_admin.areas.coupons.columns import STATUSES
from klaviyo_admin.areas.fields import ChangedOnlyForm, MomentField
from klaviyo_admin.areas.rows import Column, RowsField
from klaviyo_admin.areas.sheets.cells import Fault, iso_date

MOST = 10_000  # codes of one change: ten jobs
LEAST_WARNING = 100  # Klaviyo warns of no lower balance
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that are mistaken for others
_A_YEAR = "Without one, a code is good for a year."
_NAMED = RegexValidator(
    r"^[0-9A-Za-z_]+$", "A coupon's name has letters without accents, digits and underscores only, such as WINTER_2026."
)
_PREFIX = re.compile(r"[0-9A-Za-z_-]*")


def code(cell: str) -> str:
    """A code as people type it. Raises Fault."""
    if re.search(r"\s", cell):
        raise Fault("A code has no spaces.", "Take them out.")
    if len(cell) > 255:
        raise Fault("A code has at most 255 characters.", "Shorten it.")
    return cell


def _warning() -> forms.IntegerField:
    return forms.IntegerField(
        label="Warn when fewer codes are free than",
        required=False,
        min_value=LEAST_WARNING,
        help_text=f"{LEAST_WARNING} or more. Klaviyo then writes to the people of the account.",
    )


class NewCoupon(forms.Form):
    """A coupon without codes yet."""

    external_id = forms.CharField(
        label="Name", max_length=255, validators=[_NAMED], help_text="Messages call it by this name; it stays for good."
    )
    description = forms.CharField(label="What it is for", max_length=1000, required=False)
    threshold = _warning()


class EditCoupon(ChangedOnlyForm):
    """What a coupon is for. Klaviyo takes neither an empty description nor a warning away again."""

    description = forms.CharField(label="What it is for", max_length=1000)
    threshold = _warning()

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if "threshold" in answers and answers["threshold"] is None:
            raise ValidationError({"threshold": "Klaviyo cannot take a warning away again. Write another number."})
        return answers


class OneCode(forms.Form):
    unique_code = forms.CharField(
        label="Code", max_length=255, validators=[RegexValidator(r"^\S+$", "A code has no spaces. Take them out.")]
    )
    expires_at = MomentField(label="Good until", required=False, help_text=_A_YEAR)


class ManyCodes(forms.Form):
    """Codes as the shop made them, one on each line, each with its own day if it has one."""

    rows = RowsField(
        (
            Column("unique_code", "Code", code, True, ("code", "unique_code", "coupon code")),
            Column("expires_at", "Good until", iso_date, also=("expires_at", "expires", "expiry")),
        ),
        unique=("unique_code",),
        most=MOST,
        label="Codes",
        help_text=f"One on each line; a second column may say until when it is good, such as 2026-12-31. {_A_YEAR}",
    )
    expires_at = MomentField(label="Good until, where a line does not say", required=False)


class GeneratedCodes(forms.Form):
    """So many codes by chance. The answer `codes` holds them."""

    number = forms.IntegerField(label="How many", min_value=1, max_value=MOST)
    begins = forms.CharField(label="They begin with", max_length=50, required=False)
    length = forms.IntegerField(
        label="Characters behind that",
        min_value=6,
        max_value=40,
        initial=10,
        help_text="Six or more, so that nobody guesses one.",
    )
    expires_at = MomentField(label="Good until", required=False, help_text=_A_YEAR)

    def clean_begins(self) -> str:
        prefix: str = self.cleaned_data["begins"]
        if not _PREFIX.fullmatch(prefix):
            raise ValidationError(f"“{prefix}” has other signs than letters, digits, - and _. Take them out.")
        return prefix

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if not self.errors:
            answers["codes"] = generated(answers["number"], answers["begins"], answers["length"])
        return answers


def generated(number: int, prefix: str, length: int) -> tuple[str, ...]:
    """So many different codes that nobody can foresee."""
    codes: dict[str, None] = {}
    while len(codes) < number:
        codes[prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))] = None
    return tuple(codes)


class ChangeCodes(forms.Form):
    """What codes shall be from now on; what is left open stays."""

    expires_at = MomentField(label="Good until", required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=(("", "As it is"), *STATUSES.items()))

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError("Nothing would change. Say at least one thing.")
        return self.cleaned_data
