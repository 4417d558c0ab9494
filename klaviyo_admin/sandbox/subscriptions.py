"""Consent and suppression of a profile, as its `subscriptions` attribute shows them."""

from typing import Any

from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.shelves import Row


def subscriptions(row: Row) -> dict[str, Any]:
    consent, since = row["email_consent"], exact(row["email_consent_at"])
    suppression = (
        [{"reason": row["suppression"], "timestamp": exact(row["suppressed_at"])}] if row["suppression"] else []
    )
    return {
        "email": {
            "marketing": {
                "can_receive_email_marketing": bool(row["email"]) and not suppression,
                "consent": consent,
                "consent_timestamp": since,
                "last_updated": since,
                "method": "PREFERENCE_PAGE" if consent == "UNSUBSCRIBED" else "FORM" if since else None,
                "method_detail": "",
                "custom_method_detail": None,
                "double_optin": None if since is None else consent == "SUBSCRIBED",
                "suppression": suppression,
                "list_suppressions": [],
            }
        },
        "sms": {
            kind: {
                f"can_receive_sms_{kind}": row["sms_consent"] == "SUBSCRIBED" and bool(row["phone_number"]),
                "consent": row["sms_consent"],
                "consent_timestamp": exact(row["sms_consent_at"]),
                "method": None,
                "method_detail": "",
                "last_updated": exact(row["sms_consent_at"]),
            }
            for kind in ("marketing", "transactional")
        },
        "mobile_push": {
            "marketing": {"can_receive_push_marketing": False, "consent": "NEVER_SUBSCRIBED", "consent_timestamp": None}
        },
    }


def predictions() -> dict[str, Any]:
    """Empty: as for a shop whose history is too short to predict from."""
    numbers = ("historic_clv", "predicted_clv", "total_clv", "historic_number_of_orders", "predicted_number_of_orders")
    more = ("average_days_between_orders", "average_order_value", "churn_probability", "expected_date_of_next_order")
    return {**dict.fromkeys((*numbers, *more)), "ranked_channel_affinity": []}
