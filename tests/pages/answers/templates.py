"""Answers to the forms of templates and universal blocks."""

_HTML = "<html><body><p>Hello {{ first_name }}</p></body></html>"

ANSWERS = {
    ("templates", "edit"): {"name": "Autumn letter"},
    ("templates", "create"): {"name": "Autumn letter", "editor_type": "CODE", "html": _HTML},
    ("universal-content", "edit"): {"content": "<p>Yours, the shop</p>", "name": "Signature"},
    ("universal-content", "create"): (
        {"name": "Opening hours", "kind": "text", "content": "<p>Nine to five</p>"},
        {"name": "Opening hours", "kind": "html", "content": "<table></table>"},
    ),
}
