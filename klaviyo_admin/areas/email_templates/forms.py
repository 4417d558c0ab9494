"""What a person must say to change templates and the blocks that they share."""

from typing import Any

from django import forms

from klaviyo_admin.areas.email_templates.columns import BLOCKS, EDITORS
from klaviyo_admin.areas.fields import ChangedOnlyForm, JsonField

_BLOCKS_HELP = "The sections, rows and columns of blocks, as Klaviyo keeps them."
_WRITTEN = (("text", "Text"), ("html", "HTML"), ("other", "Another kind, as JSON"))


class SourceField(forms.CharField):
    """Source of many lines, kept letter by letter; only the line breaks of browsers become those of Unix."""

    def __init__(self, *, rows: int = 20, **kwargs: Any) -> None:
        look = forms.Textarea(attrs={"rows": rows, "class": "code", "spellcheck": "false"})
        super().__init__(strip=False, widget=look, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def _html(**kwargs: Any) -> SourceField:
    text = "Values of the recipient stand in double braces: {{ first_name|default:'there' }}."
    return SourceField(label="HTML", help_text=text, **kwargs)


def _text() -> SourceField:
    text = "What people see whose mail program shows no HTML."
    return SourceField(label="Plain text", required=False, rows=8, help_text=text)


class EditTemplate(ChangedOnlyForm):
    """A template's name and content, as far as its editor has them."""

    name = forms.CharField(label="Name", max_length=255)
    html = _html()
    text = _text()
    amp = SourceField(label="AMP", required=False, rows=4)
    definition = JsonField(label="Blocks", help_text=_BLOCKS_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blocks = (kwargs.get("initial") or {}).get("editor_type") == BLOCKS
        for name in ("html", "amp") if blocks else ("definition",):
            del self.fields[name]


class NewTemplate(forms.Form):
    """A template that does not exist yet."""

    name = forms.CharField(label="Name", max_length=255)
    editor_type = forms.ChoiceField(
        label="Editor",
        choices=tuple(EDITORS.items()),
        help_text="Which editor opens it in Klaviyo. This cannot be changed later.",
    )
    html = _html(required=False)
    text = _text()
    amp = SourceField(label="AMP", required=False, rows=4)
    definition = JsonField(label="Blocks", required=False, help_text=f"{_BLOCKS_HELP} Only for drag-and-drop blocks.")

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        blocks = given.get("editor_type") == BLOCKS
        needed, foreign = ("definition", ("html", "amp")) if blocks else ("html", ("definition",))
        if not given.get(needed) and needed not in self.errors:
            self.add_error(needed, "This editor needs it. Type its content, or choose another editor.")
        for name in foreign:
            if given.get(name):
                self.add_error(name, "The chosen editor does not take it. Empty it, or choose another editor.")
        return given


class CopyTemplate(forms.Form):
    name = forms.CharField(label="Name of the copy", max_length=255)


class EditBlock(ChangedOnlyForm):
    """A shared block's name and what it holds."""

    name = forms.CharField(label="Name", max_length=255)
    content = SourceField(label="Content", required=False, rows=8, help_text="The text or HTML that the block shows.")
    definition = JsonField(label="All of it", help_text="The block with its styles and display options.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (kwargs.get("initial") or {}).get("content") is None:
            del self.fields["content"]

    def clean(self) -> dict[str, Any]:
        if {"content", "definition"} <= set(self.changed_data):
            self.add_error("definition", "Change the content either above or in here, not in both.")
        return super().clean()


class NewBlock(forms.Form):
    """A shared block that does not exist yet."""

    name = forms.CharField(label="Name", max_length=255)
    kind = forms.ChoiceField(label="Kind", choices=_WRITTEN)
    content = SourceField(label="Content", required=False, rows=8, help_text="For text and HTML: what the block shows.")
    definition = JsonField(
        label="Definition",
        required=False,
        help_text="For another kind: a button, image, line, space or shadow, as Klaviyo defines it.",
    )

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        needed, foreign = ("definition", "content") if given.get("kind") == "other" else ("content", "definition")
        if not given.get(needed) and needed not in self.errors:
            self.add_error(needed, "This kind of block needs it.")
        if given.get(foreign):
            self.add_error(foreign, "This kind of block does not take it. Empty it, or choose another kind.")
        return given
