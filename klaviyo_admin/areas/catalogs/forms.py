"""What a person must say to change products, their variants and categories."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator

from klaviyo_admin.areas.catalogs.columns import CHANNELS, POLICY
from klaviyo_admin.areas.fields import ChangedOnlyForm, JsonField
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.areas.rows import Column, RowsField
from klaviyo_admin.areas.sheets.cells import Fault

MOST_PICTURES = 100
MOST_JOINING = 1_000  # products that join or leave a category by their ids
EXTERNAL_ID = RegexValidator(r":::", "Klaviyo joins ids with “:::”. Take the colons out.", inverse_match=True)


def external(cell: str) -> str:
    """An id in the shop. Raises Fault."""
    if ":::" in cell.removeprefix("$custom:::$default:::"):
        raise Fault("Klaviyo joins ids with “:::”.", "Write the id as the shop has it.")
    return cell


class LinesField(forms.CharField):
    """Addresses, one on each line; cleans to a list of them."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        super().validate(value)
        for number, line in enumerate(value, 1):
            try:
                URLValidator(("http", "https"))(line)
            except ValidationError:
                raise ValidationError(f"Line {number}: “{line}” is no web address. Begin with https://.") from None

    def run_validators(self, value: Any) -> None:
        if len(value) > MOST_PICTURES:
            raise ValidationError(f"{len(value)} addresses are too many. Leave at most {MOST_PICTURES}.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


def _text(label: str, limit: int = 1000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=limit, empty_value=None, **kwargs)


def _address(label: str, required: bool = False, **kwargs: Any) -> forms.URLField:
    return forms.URLField(
        label=label,
        required=required,
        max_length=2000,
        empty_value="" if required else None,
        assume_scheme="https",
        **kwargs,
    )


def _price(required: bool = False) -> forms.FloatField:
    return forms.FloatField(
        label="Price", required=required, min_value=0, help_text="In the currency of the shop, such as 24.90."
    )


class FactsField(JsonField):
    """A JSON object."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not isinstance(value, dict):
            raise ValidationError('Write an object with names and values, such as {"colour": "blue"}.')


def _facts() -> FactsField:
    box = forms.Textarea(attrs={"rows": 5, "class": "code", "spellcheck": "false"})
    return FactsField(label="Other facts (JSON)", required=False, widget=box, help_text="At most 100 KB.")


_LONG = forms.Textarea(attrs={"rows": 4})
_SHOWN = "Shown to customers in messages and recommendations"


class EditProduct(ChangedOnlyForm):
    """One product of a custom catalogue; an emptied field is cleared in Klaviyo."""

    title = forms.CharField(label="Title", max_length=1000)
    description = _text("Description", 10_000, widget=_LONG)
    price = _price()
    published = forms.BooleanField(label=_SHOWN, required=False)
    url = _address("Address of its page")
    image_full_url = _address("Picture")
    image_thumbnail_url = _address("Small picture")
    images = LinesField(label="More pictures", required=False, help_text="One address on each line.")
    custom_metadata = _facts()


class EditVariant(EditProduct):
    """One variant of a product."""

    sku = _text("SKU")
    inventory_quantity = forms.FloatField(label="In stock", required=False)
    inventory_policy = forms.TypedChoiceField(
        label="When it is out of stock", coerce=int, empty_value=None, required=False, choices=tuple(POLICY.items())
    )


class NewProduct(forms.Form):
    """A product that does not exist yet."""

    external_id = forms.CharField(
        label="ID in the shop",
        max_length=255,
        validators=[EXTERNAL_ID],
        help_text="Klaviyo knows the product by it for good.",
    )
    title = forms.CharField(label="Title", max_length=1000)
    description = forms.CharField(label="Description", max_length=10_000, widget=_LONG)
    url = _address("Address of its page", required=True)
    price = _price()
    image_full_url = _address("Picture")
    image_thumbnail_url = _address("Small picture")
    images = LinesField(label="More pictures", required=False, help_text="One address on each line.")
    published = forms.BooleanField(label=_SHOWN, required=False, initial=True)
    custom_metadata = _facts()
    categories = PickField("catalog-categories", label="Categories", many=True, required=False)


class AddVariant(NewProduct):
    """A variant of a product that was opened."""

    categories = None  # type: ignore[assignment]  # Django's way to leave an inherited field out
    sku = forms.CharField(label="SKU", max_length=255)
    price = _price(required=True)
    inventory_quantity = forms.FloatField(label="In stock", initial=0)
    inventory_policy = forms.TypedChoiceField(
        label="When it is out of stock", coerce=int, initial=0, choices=tuple(POLICY.items())
    )


class NewVariant(AddVariant):
    """A variant of a product that is yet to be picked."""

    item = PickField("catalog-items", label="Product")
    field_order = ("item",)


class EditCategory(ChangedOnlyForm):
    name = forms.CharField(label="Name", max_length=255)


class NewCategory(forms.Form):
    external_id = forms.CharField(label="ID in the shop", max_length=255, validators=[EXTERNAL_ID])
    name = forms.CharField(label="Name", max_length=255)
    items = PickField("catalog-items", label="Products in it", many=True, required=False)


class PickCategories(forms.Form):
    categories = PickField("catalog-categories", label="Categories", many=True)


class PickProducts(forms.Form):
    """Products by name, or by a list of their ids in the shop."""

    items = PickField("catalog-items", label="Products", many=True, required=False)
    rows = RowsField(
        (Column("external_id", "ID in the shop", external, True, ("external_id", "id")),),
        unique=("external_id",),
        most=MOST_JOINING,
        required=False,
        label="Or their IDs in the shop",
        help_text="One on each line.",
    )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        picked = answers.get("items")
        if not self.errors and not answers["rows"] and not (picked and (picked.ids or picked.words)):
            raise ValidationError("Tick a product, or paste the IDs of some.")
        return answers


class SetCategories(forms.Form):
    """The whole set of categories; none is an answer too."""

    categories = PickField(
        "catalog-categories",
        label="Categories",
        many=True,
        required=False,
        help_text="Exactly these. With none ticked, the product leaves them all.",
    )


class SetProducts(forms.Form):
    """The whole set of products of a category."""

    items = PickField(
        "catalog-items",
        label="Products",
        many=True,
        required=False,
        help_text="Exactly these. With none ticked, the category becomes empty.",
    )


class BackInStock(forms.Form):
    """Somebody who wants to hear when a variant is back."""

    profile = PickField("profiles", label="Who", help_text="Found by whole e-mail address, phone or ID.")
    channels = forms.MultipleChoiceField(
        label="How shall they be told?", choices=CHANNELS, widget=forms.CheckboxSelectMultiple
    )
