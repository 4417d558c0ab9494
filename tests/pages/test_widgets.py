"""Form controls drawn without templates are what Django's own templates would draw."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from klaviyo_admin.pages.render import FormRenderer

CHOICES = (("", "Any"), ("a&b", "Fish & <chips>"), ("Group “one”", (("1", "One"), (2, "Two"))))
NOTHING = (None, "", "plain", "<b>“bold”</b> & 'more'")
WIDGETS: list[tuple[forms.Widget, tuple[object, ...]]] = [
    (forms.TextInput({"placeholder": '"quoted"', "autofocus": True, "readonly": False}), NOTHING),
    (forms.NumberInput({"min": 1, "step": "any"}), (None, 0, 12.5)),
    (forms.EmailInput(), NOTHING),
    (forms.URLInput(), NOTHING),
    (forms.PasswordInput(), NOTHING),
    (forms.HiddenInput(), NOTHING),
    (forms.DateInput({"type": "date"}), ("2026-11-23",)),
    (forms.DateTimeInput({"type": "datetime-local"}), ("2026-11-23T10:00",)),
    (forms.TimeInput({"type": "time"}), ("10:00",)),
    (forms.CheckboxInput(), (None, True, False, "yes")),
    (forms.FileInput({"accept": ".csv"}), (None,)),
    (forms.Textarea({"rows": 3}), (*NOTHING, "\n\nbegins with lines")),
    (forms.Select(choices=CHOICES), (None, "", "a&b", "1", 2)),
    (forms.SelectMultiple(choices=CHOICES), ([], ["1", "2"])),
    (forms.NullBooleanSelect(), (None, True)),
    (forms.RadioSelect(choices=CHOICES), ("", "a&b", "2")),
    (forms.CheckboxSelectMultiple(choices=CHOICES), ([], ["a&b", "1"])),
    (forms.ClearableFileInput(), (None,)),
]


@pytest.mark.parametrize(("widget", "values"), WIDGETS, ids=lambda value: type(value).__name__)
def test_a_control_is_drawn_as_django_draws_it(widget: forms.Widget, values: tuple[object, ...]) -> None:
    for value in values:
        for attrs in ({"id": "id_it", "class": "form-control", "aria-describedby": "id_it_helptext"}, {}):
            ours = widget.render("it", value, attrs, FormRenderer())
            theirs = widget.render("it", value, attrs, DjangoTemplates())
            assert parse_html(ours) == parse_html(theirs)
            if isinstance(widget, forms.Textarea):
                assert ours == theirs  # every character between the tags counts
