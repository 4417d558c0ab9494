"""Knows which styles the forms of campaigns need: those that show only the questions that count."""

from django import forms


class StyledForm(forms.Form):
    class Media:
        css = {"all": ("messages.css",)}
