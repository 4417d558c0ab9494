"""Consent and suppression of a profile, as its `subscriptions` attribute shows them."""

import json
from typing import Any

from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.shelves import Row

Json = dict[str, Any]
# The columns, beside the profile's own, from which `subscriptions` is made.
SAID = (
    "(SELECT json_group_object(c.channel, json_array(c.state, c.at, c.method, c.detail)) FROM consent c "
    "WHERE c.profile = profile.n) AS said, "
    "(SELECT json_group_array(json_array(circle.id, s.reason, s.at)) FROM list_suppression s "
    "JOIN circle ON circle.n = s.circle WHERE s.profile = profile.n) AS list_suppressions, "
    "EXISTS (SELECT 1 FROM push_token t WHERE t.profile = profile.n AND t.enablement IN ('AUTHORIZED', 'PROVISIONAL')) "
    "AS pushable"
)
_NEVER = ("NEVER_SUBSCRIBED", None, None, "")


def subscriptions(row: Row) -> Json:
    """The row has the columns of SAID."""
    said: dict[str, Any] = json.loads(row["said"])
    phone = bool(row["phone_number"])
    return {
        "email": {
            "marketing": _email(row, said),
            "open_tracking": _other(said, "email.open_tracking", bool(row["email"])),
        },
        "sms": {"marketing": _sms(row, said, "marketing"), "transactional": _sms(row, said, "transactional")},
        "mobile_push": {"marketing": _push(row, said)},
        "whatsapp": {
            kind: {**_other(said, f"whatsapp.{kind}", phone), "phone_number": row["phone_number"]}
            for kind in ("marketing", "transactional", "conversational")
        },
    }


def _email(row: Row, said: Json) -> Json:
    consent, since = row["email_consent"], exact(row["email_consent_at"])
    _, _, method, detail = said.get("email.marketing", _NEVER)
    if method is None and since:
        method = "PREFERENCE_PAGE" if consent == "UNSUBSCRIBED" else "FORM"
    suppressed = row["suppression"]
    return {
        "can_receive_email_marketing": bool(row["email"]) and not suppressed,
        "consent": consent,
        "consent_timestamp": since,
        "last_updated": since,
        "method": method,
        "method_detail": detail,
        "custom_method_detail": None,
        "double_optin": None if since is None else consent == "SUBSCRIBED" and method == "FORM",
        "suppression": [{"reason": suppressed, "timestamp": exact(row["suppressed_at"])}] if suppressed else [],
        "list_suppressions": [
            {"list_id": ident, "reason": reason, "timestamp": exact(at)}
            for ident, reason, at in json.loads(row["list_suppressions"])
        ],
    }


def _sms(row: Row, said: Json, kind: str) -> Json:
    """Who agreed to advertisements by SMS gets messages about orders too, unless something else was said of those."""
    state, at, method, detail = said.get(f"sms.{kind}", _NEVER)
    if kind == "marketing" or f"sms.{kind}" not in said:
        state, at = row["sms_consent"], row["sms_consent_at"]
    return {
        f"can_receive_sms_{kind}": state == "SUBSCRIBED" and bool(row["phone_number"]),
        "consent": state,
        "consent_timestamp": exact(at),
        "method": method,
        "method_detail": detail,
        "last_updated": exact(at),
    }


def _push(row: Row, said: Json) -> Json:
    state, at, _, _ = said.get("push.marketing", _NEVER)
    return {
        "can_receive_push_marketing": state == "SUBSCRIBED" and bool(row["pushable"]),
        "consent": state,
        "consent_timestamp": exact(at),
    }


def _other(said: Json, channel: str, reachable: bool) -> Json:
    state, at, _, _ = said.get(channel, _NEVER)
    return {
        "consent": state,
        "consent_timestamp": exact(at),
        "last_updated": exact(at),
        "created_timestamp": exact(at),
        "metadata": {},
        "can_receive": state == "SUBSCRIBED" and reachable,
        "valid_until": None,
    }


def predictions() -> Json:
    """Empty: as for a shop whose history is too short to predict from."""
    numbers = ("historic_clv", "predicted_clv", "total_clv", "historic_number_of_orders", "predicted_number_of_orders")
    more = ("average_days_between_orders", "average_order_value", "churn_probability", "expected_date_of_next_order")
    return {**dict.fromkeys((*numbers, *more)), "ranked_channel_affinity": []}
