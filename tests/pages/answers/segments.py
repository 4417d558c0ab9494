"""Answers to the forms of segments."""

ANSWERS = {
    ("segments", "create"): {
        "definition-kind": ["property", "consent"],
        "definition-join": ["and", "or"],
        "definition-property": ["plan", ""],
        "definition-compare": ["string.equals", ""],
        "definition-value": ["gold", ""],
        "definition-consent": ["", "email.yes.any"],
    },
    ("segments", "edit"): {"name": "Winners"},
}
