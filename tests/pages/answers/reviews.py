"""Answers to the forms of reviews."""

ANSWERS = {
    ("reviews", "moderate"): (
        {"status": "featured"},
        {"status": "rejected", "reason": "other", "explanation": "It names a neighbour."},
    ),
}
