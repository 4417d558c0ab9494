"""Which time zone a name means, and in which one an account lives."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from klaviyo_admin.accounts.models import Account


def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(f"There is no time zone “{name}”.") from None


def zone_of(account: Account) -> ZoneInfo:
    """The zone in which an account lives; UTC where this machine does not know it."""
    try:
        return zone(account.zone)
    except ValueError:
        return ZoneInfo("UTC")
