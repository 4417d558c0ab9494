"""Where a thing is found in Klaviyo's own screens. Known from their addresses, which no document promises."""

from urllib.parse import quote

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.klaviyo.values import Item

_SCREENS = {
    "profile": "https://www.klaviyo.com/profile/{id}",
    "list": "https://www.klaviyo.com/list/{id}",
    "segment": "https://www.klaviyo.com/list/{id}",
    "flow": "https://www.klaviyo.com/flow/{id}/edit",
    "campaign": "https://www.klaviyo.com/campaign/{id}/reports/overview",
    "template": "https://www.klaviyo.com/email-editor/{id}/edit",
    "metric": "https://www.klaviyo.com/metric/{id}",
}


def address_in_klaviyo(account: Account, item: Item) -> str:
    """The address of a thing's screen; "" where none is known, and for accounts that are not at Klaviyo."""
    screen = _SCREENS.get(item.type, "") if account.place == "klaviyo" else ""
    return screen.format(id=quote(item.id, safe="")) if screen else ""
