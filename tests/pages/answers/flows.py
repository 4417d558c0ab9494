"""Answers to the forms of flows and their steps."""

_DEFINITION = """{"triggers": [{"type": "segment"}], "entry_action_id": "a", "actions": [
  {"temporary_id": "a", "type": "time-delay", "data": {"unit": "days", "value": 1}, "links": {"next": null}}]}"""

ANSWERS = {
    ("flows", "status"): {"status": "manual"},
    ("flows", "create"): (
        {"circle-words": "Newsletter"},
        {"metric-words": "Placed Order", "value": "0", "preview_text": "Look inside"},
    ),
    ("flows", "create-from-definition"): {"definition": _DEFINITION},
    ("flow-actions", "edit"): {"value": "2", "unit": "days"},
}
SUITED = {
    ("flow-actions", "edit"): lambda action: action.get("definition.type") == "time-delay",
}
