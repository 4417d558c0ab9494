"""Answers to the forms of conversations and data privacy."""

ANSWERS = {
    ("data-privacy", "erase"): {"confirmation": "delete 2 people"},
    ("data-privacy", "erase-rows"): {
        "people": "ada@example.com\n+1 212 555 0143\n",
        "confirmation": "delete 2 people",
    },
}
SUITED = {
    ("conversations", "write"): lambda profile: bool(profile.related.get("conversations")),
}
