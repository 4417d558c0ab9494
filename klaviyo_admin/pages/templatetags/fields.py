"""Which of our looks a form field takes."""

from collections.abc import Iterable

from django import forms, template
from django.forms import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def kind(field: BoundField) -> str:
    """check (a box with its label behind it), group (many boxes under one legend) or line (a label above a control)."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.ClearableFileInput):
        return "line"
    return "group" if field.use_fieldset or not widget.template_name.startswith("django/") else "line"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's widget with Bootstrap's class for its kind beside the classes that the form itself asked for."""
    widget = field.field.widget
    ours = "form-control"
    if isinstance(widget, forms.CheckboxInput):
        ours = "form-check-input"
    elif isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        ours = "choices"
    elif isinstance(widget, forms.Select):
        ours = "form-select"
    wrong = "is-invalid" if field.errors else ""
    classes = " ".join(word for word in (widget.attrs.get("class", ""), ours, wrong) if word)
    drawn = field.as_widget(attrs={"class": classes})
    # The value at opening, by which a form knows what a person changed.
    return drawn + field.as_hidden(only_initial=True) if field.field.show_hidden_initial else drawn


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], now: str | None, begin: bool = False) -> SafeString:
    """The <option> of each pair of value and text, the one of value `now` chosen; without it the first, to `begin` with."""
    first = begin and not now
    drawn = []
    for value, words in choices:
        chosen = " selected" if value == now or first else ""
        drawn.append(f'<option value="{conditional_escape(value)}"{chosen}>{conditional_escape(words)}</option>')
        first = False
    return SafeString("".join(drawn))


@register.filter
def optional(field: BoundField) -> bool:
    """Whether the label should say so: where all fields are optional, saying it of each is noise."""
    return not field.field.required and any(other.required for other in field.form.fields.values())
