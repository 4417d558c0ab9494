"""Answers to the forms of what a website tells."""

_WHO = {"email": "visitor@example.com"}
_ROWS = "metric,time,value,colour\nViewed Product,2026-03-01,9.5,green\nViewed Product,,,blue\n"

ANSWERS = {
    ("onsite", "identify"): {
        "email": "visitor@example.com",
        "city": "Ghent",
        "properties-key": ["Plan"],
        "properties-text": ["gold"],
        "properties-kind": ["text"],
        "properties-was": [""],
        "properties-was_kind": [""],
    },
    ("onsite", "record"): {**_WHO, "metric": "Viewed Product", "value": "12.50", "value_currency": "EUR"},
    ("onsite", "record-many"): {**_WHO, "events": _ROWS, "backfill": "on"},
    ("onsite", "subscribe"): {"phone_number": "+12125550123", "channels": ["sms"]},
    ("onsite", "wait"): {**_WHO, "channels": ["EMAIL"]},
    ("onsite", "register"): {**_WHO, "device_model": "Fairphone 6"},
    ("onsite", "unregister"): _WHO,
    ("onsite", "review"): (
        {"rating": "5", "images": "https://example.com/a.jpg"},
        {"review_type": "question", "integration_key": "shopify", "external_id": "JP1-001"},
    ),
}
