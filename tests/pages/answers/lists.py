"""Answers to the forms of lists."""

ANSWERS = {
    ("lists", "edit"): {"name": "Plan", "opt_in_process": "double_opt_in"},
}
