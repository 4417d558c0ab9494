"""Answers to the forms of lists."""

PEOPLE = {"people": "External ID\nJP1-100000\nJP1-100001\n"}

ANSWERS = {
    ("lists", "edit"): {"name": "Plan", "opt_in_process": "double_opt_in"},
    ("lists", "add-people"): PEOPLE,
    ("lists", "remove-people"): PEOPLE,
}
