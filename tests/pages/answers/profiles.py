"""Answers to the forms of profiles."""

ANSWERS = {
    ("profiles", "edit"): {"first_name": "Somebody Else"},
    ("profiles", "set-property"): {"name": "Plan", "value": "gold", "kind": "text"},
}
