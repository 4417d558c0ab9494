"""Answers to the forms of profiles."""

PEOPLE = {"people": "email,phone\nrobin@example.com,+12125550123\nsam@example.com,\n"}

ANSWERS = {
    ("profiles", "edit"): {"first_name": "Somebody Else"},
    ("profiles", "set-property"): {"name": "Plan", "value": "gold", "kind": "text"},
    ("profiles", "create"): {"first_name": "Robin", "email": "robin@example.com"},
    ("profiles", "upsert"): {"first_name": "Robin", "email": "robin@example.com", "city": "Ghent"},
    ("profiles", "subscribe"): {"channels": ["email.marketing"]},
    ("profiles", "subscribe-rows"): (
        PEOPLE | {"channels": ["email.marketing", "sms.marketing"]},
        PEOPLE | {"channels": ["email.marketing"], "historical": "on", "consented_at": "2026-01-05T10:00"},
    ),
    ("profiles", "unsubscribe"): {"channels": ["email.marketing", "email.open_tracking"]},
    ("profiles", "unsubscribe-rows"): PEOPLE | {"channels": ["sms.marketing"]},
    ("profiles", "suppress-rows"): {"people": "robin@example.com\nsam@example.com"},
    ("profiles", "unsuppress-rows"): {"people": "robin@example.com\nsam@example.com"},
}

# Not the first profile, which is the one that a pick field is answered with.
SUITED = {("profiles", "merge"): lambda profile: not str(profile.get("external_id")).endswith("-100000")}
