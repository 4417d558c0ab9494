"""Answers to the forms of tags and their groups."""

ANSWERS = {("tags", "edit"): {"name": "Summer"}, ("tag-groups", "edit"): {"name": "Seasons"}}
