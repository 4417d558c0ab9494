"""What Klaviyo says of the account itself, declared: its organisation, address, zone and currency."""

from klaviyo_admin.areas.base import Column, Resource, Source
from klaviyo_admin.klaviyo.values import Item


def name(account: Item) -> str:
    return str(account.get("contact_information.organization_name") or account.id)


def address(account: Item) -> str:
    """The street address on one line, as it stands under every e-mail."""
    parts = ("address1", "address2", "zip", "city", "region", "country")
    found = [account.get(f"contact_information.street_address.{part}") for part in parts]
    return ", ".join(str(part) for part in found if part)


ACCOUNT_INFO = Resource(
    key="account-info",
    one="account",
    many="account",
    type="account",
    source=Source("get_accounts", "get_account"),
    name=name,
    columns=(
        Column("organization", "Organisation", name, covers=("contact_information",)),
        Column("public_api_key", "Public key", lambda a: a.get("public_api_key"), as_="id"),
        Column("website", "Website", lambda a: a.get("contact_information.website_url")),
        Column("industry", "Industry", lambda a: a.get("industry"), first=False),
        Column("timezone", "Time zone", lambda a: a.get("timezone")),
        Column("preferred_currency", "Currency", lambda a: a.get("preferred_currency")),
        Column("locale", "Language and region", lambda a: a.get("locale")),
        Column("sender", "Sender's name", lambda a: a.get("contact_information.default_sender_name"), first=False),
        Column("from", "Sender's e-mail", lambda a: a.get("contact_information.default_sender_email"), first=False),
        Column("address", "Postal address", address, first=False),
        Column("test_account", "Test account", lambda a: a.get("test_account"), as_="flag"),
    ),
)
