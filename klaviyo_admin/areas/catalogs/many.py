"""What a person must say to change many products, variants or categories at once."""

from typing import Any

import orjson
from django import forms

from klaviyo_admin.areas.catalogs.bulk import AT_ONCE, EACH
from klaviyo_admin.areas.catalogs.columns import POLICY
from klaviyo_admin.areas.catalogs.forms import external
from klaviyo_admin.areas.rows import Column, RowsField
from klaviyo_admin.areas.sheets.cells import Fault, flag, number, several
from klaviyo_admin.klaviyo.values import Json

MOST = 5_000  # rows of one change: fifty jobs
DEAREST, STEEPEST = 1e9, 1_000  # a price, and per cent


def address(cell: str) -> str:
    """A web address. Raises Fault."""
    if not cell.startswith(("https://", "http://")) or " " in cell:
        raise Fault("This is no web address.", "Begin with https:// and leave no spaces.")
    return cell


def amount(cell: str) -> int | float:
    """A number without its currency. Raises Fault."""
    try:
        return number(cell)
    except Fault:
        raise Fault("This is not a number.", "Write it like 24.90, with a point and without a currency.") from None


def price(cell: str) -> int | float:
    found = amount(cell)
    if found < 0:
        raise Fault("A price is never below nothing.", "Write it like 24.90.")
    return found


def policy(cell: str) -> int:
    if cell not in ("0", "1", "2"):
        raise Fault("This is none of the three ways.", "Write 0 (sold), 1 (hidden) or 2 (shown).")
    return int(cell)


def facts(cell: str) -> Json:
    try:
        found = orjson.loads(cell)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Fault("This is no JSON object.", 'Write it like {"colour": "blue"}.')
    return found


def _columns(new: bool) -> tuple[Column, ...]:
    """The columns of products; those that a new one needs are required for it alone."""
    return (
        Column("external_id", "ID in the shop", external, True, ("external_id", "id")),
        Column("title", "Title", required=new, also=("name",)),
        Column("description", "Description", required=new),
        Column("url", "Address", address, new, ("url", "link")),
        Column("price", "Price", price),
        Column("published", "Shown", flag, also=("published",)),
        Column("image_full_url", "Picture", address, also=("image_full_url", "image", "image_url")),
        Column("image_thumbnail_url", "Small picture", address, also=("image_thumbnail_url",)),
        Column("images", "More pictures", several, also=("images",)),
        Column("custom_metadata", "Other facts", facts, also=("custom_metadata", "metadata")),
    )


def _stock(new: bool) -> tuple[Column, ...]:
    plain = [column for column in _columns(new) if column.key != "price"]
    return (
        *plain,
        Column("price", "Price", price, new),
        Column("sku", "SKU", required=new),
        Column("inventory_quantity", "In stock", amount, new, ("inventory_quantity", "quantity", "stock")),
        Column("inventory_policy", "Without stock", policy, also=("inventory_policy",)),
    )


_CATEGORIES = Column("categories", "Categories", several, also=("category", "category ids"))
_PRODUCT = Column("item", "Product", external, True, ("item", "product id", "item_id"))
_NAMED = (
    Column("external_id", "ID in the shop", external, True, ("external_id", "id")),
    Column("name", "Name", required=True, also=("title",)),
)


def _rows(columns: tuple[Column, ...], help_text: str) -> RowsField:
    return RowsField(columns, unique=("external_id",), most=MOST, label="Rows", help_text=help_text)


_NEEDED = "ID in the shop, title, description and address are needed in every row."
_KEPT = "Rows are found by their ID in the shop. What a row leaves empty stays as it is."


class ProductRows(forms.Form):
    rows = _rows((*_columns(True), _CATEGORIES), f"{_NEEDED} Categories are IDs in the shop: mugs; gifts.")


class ProductUpdates(forms.Form):
    rows = _rows(_columns(False), _KEPT)


class VariantRows(forms.Form):
    rows = _rows(
        (_PRODUCT, *_stock(True)),
        f"{_NEEDED} So are its product (by ID in the shop), price, SKU and stock.",
    )


class VariantUpdates(forms.Form):
    rows = _rows(_stock(False), _KEPT)


class CategoryRows(forms.Form):
    rows = _rows(_NAMED, "One category on each line: its ID in the shop and its name.")


class CategoryUpdates(forms.Form):
    rows = _rows(_NAMED, "One category on each line: its ID in the shop and its new name.")


class DeletedRows(forms.Form):
    rows = _rows(
        (Column("external_id", "ID in the shop", external, True, ("external_id", "id")),),
        "One on each line. What is not there, Klaviyo names in the rows that it refused.",
    )


class DeleteMany(forms.Form):
    """How the selected things go."""

    how = forms.ChoiceField(
        label="How",
        choices=((AT_ONCE, "In one background job for each 100"), (EACH, "One by one")),
        help_text="A job is quicker. One by one, each deletion can be undone on its own.",
    )


class ChangeProducts(forms.Form):
    """What the selected products shall be from now on; what is left open stays."""

    published = forms.ChoiceField(
        label="Shown to customers", required=False, choices=(("", "As it is"), ("yes", "Show"), ("no", "Hide"))
    )
    prices = forms.ChoiceField(
        label="Price",
        required=False,
        choices=(("", "As it is"), ("set", "The same for all"), ("percent", "Up or down by per cent")),
    )
    value = forms.FloatField(
        label="New price, or per cent", required=False, help_text="24.90 as a price; -10 takes ten per cent off."
    )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        value, prices = answers.get("value"), answers.get("prices")
        if prices and value is None and "value" not in self.errors:
            self.add_error("value", "Say the new price, or by how many per cent it changes.")
        if not prices and value is not None:
            self.add_error("prices", f"Say what {value:g} means: a price, or per cent.")
        if value is not None and (value < 0 if prices == "set" else value < -100):
            self.add_error("value", f"{value:g} would make prices fall below nothing. Write another number.")
        if value is not None and value > (DEAREST if prices == "set" else STEEPEST):
            self.add_error("value", f"{value:g} is more than anybody means. Write a smaller number.")
        if not self.errors and not any(answers.get(key) not in (None, "") for key in self.fields):
            self.add_error(None, "Nothing would change. Choose at least one thing.")
        return answers


class ChangeVariants(ChangeProducts):
    inventory_quantity = forms.FloatField(label="In stock", required=False)
    inventory_policy = forms.TypedChoiceField(
        label="When it is out of stock",
        coerce=int,
        empty_value=None,
        required=False,
        choices=(("", "As it is"), *POLICY.items()),
    )
