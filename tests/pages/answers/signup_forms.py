"""Answers to the forms of sign-up forms."""

ANSWERS = {
    ("forms", "create-from-definition"): {
        "definition": '{"versions": [{"steps": [{"columns": [{"rows": []}]}, {"columns": [{"rows": []}]}]}]}'
    },
}
